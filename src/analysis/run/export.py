"""`linecard export`: the lists of a finished run as files that a CRM imports, for their owner only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from analysis.basis.errors import InputRefused
from analysis.policy.handover import SERVICE, HandList, hand_lists
from analysis.run.export_leads import lead_shape, write_leads
from analysis.run.export_people import Persons, persons
from analysis.run.export_write import HandOver, To, write_list
from analysis.run.finished import check_finished, check_key, check_tables, opened
from analysis.run.places import local_path, report_name
from analysis.run.publish import building_folder, publish
from analysis.run.store import Run
from analysis.run.writing import json_bytes, storage, write_bytes

STAGES = (
    "customers",
    "customer_value",
    "clusters",
    "churn_scores",
    "actions",
    "warnings",
    "win_back",
    "open_leads",
    "largest_accounts",
    *SERVICE,
)


def export_lists(params_file: str, to: To, *, root: Path) -> Path:
    """Writes every list of the last run into `reports/<report>/exports/<to>`, whole or not at all; returns the folder.

    Raises
    ------
    InputRefused
        When there is no finished report, its tables were changed since, the source has no names where the CRM demands
        them, or a file would break a limit.
    """
    report = report_name(local_path(params_file))
    folder = root / "reports" / report / "exports"
    check_finished(params_file, root=root)
    with opened(params_file, root=root) as run:
        check_key(run, params_file)
        check_tables(run, params_file)
        lists = hand_lists(_stages(run), service_actions=run.params.export.service_actions)
        over = HandOver.of(run, to, params_file=root / local_path(params_file))
        over.check(lists)
        lead_shape(over)  # refuses headers that cannot be, before anything is written
        known = persons(run)
        if known.identities is None and to != "csv":
            do = "Give identities.csv, or a SELECT identities.sql, or hand over as csv, which needs no names."
            raise InputRefused(run.source.shown, expected="the table identities", found="none", do=do)
        _publish(folder, over, lists, known)
    return folder / to


def _publish(folder: Path, over: HandOver, lists: list[HandList], known: Persons) -> None:
    """Everything into a folder nobody else reads, which takes its name when it is complete."""
    with storage(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    with building_folder(folder, over.to) as building:
        building.chmod(0o700)
        told = [write_list(one, over, known, folder=building) for one in lists]
        told += write_leads(over, folder=building)
        write_bytes(building / "manifest.json", json_bytes(_manifest(over, told)), mode=0o600)
        publish(building, folder, over.to, whole=False)


def _manifest(over: HandOver, told: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "report": over.run.report,
        "quarter": str(over.run.quarter),
        "as_of": over.run.as_of.isoformat(),
        "to": over.to,
        "pseudonym_key": over.run.key.id if over.run.key else None,
        "lists": told,
        "absent": sorted(name for name in STAGES if not over.run.has(name)),
    }


def _stages(run: Run) -> dict[str, Any]:
    return {name: run.read(name) for name in STAGES if run.has(name)}
