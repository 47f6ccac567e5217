"""What a source's mapping says, as digests: whether it reads the extracts as it did when a report was made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from analysis.extracts.mapping import Source
from analysis.run.reuse import file_digest

DESCRIPTION = "source.yml"
# Newer extracts lie elsewhere, were taken later and are larger; what is in a SELECT stands in its own file.
MOVING = {"folder", "files", "database", "extracted_at", "snapshot_date", "max_file_gb", "selects"}


def mapping_digests(source: Source) -> dict[str, str]:
    """File of the mapping → digest: of each SELECT, and of each key of source.yml (`source.yml: codes`).

    Keys that newer extracts of the same source change (where they lie, when they were taken) are left out.
    """
    keys = {name: value for name, value in vars(source).items() if name not in MOVING}
    said = {f"{DESCRIPTION}: {name}": _digest(value) for name, value in sorted(keys.items())}
    return said | {f"{table}.sql": file_digest(source.folder / f"{table}.sql") for table in sorted(source.selects)}


def changed_files(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The files of a mapping that are not as before, added and removed ones too; source.yml with its keys."""
    other = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
    keys = [name.partition(": ")[2] for name in other if name.startswith(DESCRIPTION)]
    selects = [name for name in other if not name.startswith(DESCRIPTION)]
    return [*selects, *([f"{DESCRIPTION} ({', '.join(keys)})"] if keys else [])]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
