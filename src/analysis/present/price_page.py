"""The pages on whether plans and prices fit."""

from __future__ import annotations

from analysis.models.price_study import Study
from analysis.present import price_columns
from analysis.present.block import Block
from analysis.present.charts.composition import shares
from analysis.present.charts.ratios import ratios
from analysis.present.page import Bullets, Caution, Note
from analysis.present.table import table
from analysis.present.wording import price_fit as fit_wording
from analysis.present.wording import price_rises as rise_wording

SAME = Note("Not told, for the reason given above.")


def fit_page(study: Study, *, currency: str, source: str, smallest: int) -> Block:
    """How the customers of each plan fit, and who of them left."""
    if study.fit is None:
        return SAME
    rules = study.asked.rules
    words = fit_wording.plan_words(study.fit, asked_low=rules.low_use, asked_high=rules.high_use)
    rows = fit_wording.plan_rows(study.fit)
    parts: list[object] = [shares(rows, "name", "share", "plan", source=source, **words)] if len(rows) else []
    told = fit_wording.group_rows(study.fit, currency=currency)
    captions = fit_wording.group_words(study.fit)
    parts.append(table(told, price_columns.GROUPS, source=source, smallest=smallest, **captions))
    return _block(parts, words["finding"])


def cap_page(study: Study, *, source: str) -> Block:
    """For how long customers are near their data cap."""
    if study.fit is None:
        return SAME
    words = fit_wording.cap_words(study.fit, near_cap=study.asked.near_cap)
    return table(fit_wording.cap_rows(study.fit), price_columns.CAPS, source=source, **words)


def stake_page(study: Study, *, currency: str) -> Block:
    """What moving customers to plans that fit would cost or bring."""
    return Bullets(fit_wording.stakes(study, currency=currency)) if study.fit else SAME


def gap_page(study: Study, *, currency: str, source: str) -> Block:
    """Neighbouring plans: the price gap beside the gap in use and in leaving."""
    if study.fit is None:
        return SAME
    rows = fit_wording.gap_rows(study.fit, currency=currency)
    words = fit_wording.gap_words(study.fit, currency=currency)
    return table(rows, price_columns.GAPS, currency=currency, source=source, **words)


def rise_page(study: Study, *, source: str) -> Block:
    """By how much faster customers left after price rises."""
    if study.effect is None or study.effect.lack == "no rise":
        return SAME
    if study.effect.lack:
        return Caution(rise_wording.warning(study))
    rows, words = rise_wording.ratio_rows(study.effect), rise_wording.ratio_words(study)
    if rows.empty:
        return Note(f"{words['finding']}.")
    return _block(
        [ratios(rows, "name", "ratio", low="low", high="high", group="group", source=source, **words)], words["finding"]
    )


def payback_page(study: Study, *, currency: str, source: str) -> Block:
    """What a rise would cost in customers, and bring; and what that rests on."""
    if study.effect is None or study.effect.lack:
        return SAME
    words = rise_wording.payback_words(study)
    told = table(rise_wording.payback_rows(study, currency=currency), price_columns.PAYBACK, source=source, **words)
    return _block([told, Bullets(rise_wording.how_told(study))], words["finding"])


def _block(parts: list[object], line: str) -> Block:
    return Block("".join(part._repr_html_() for part in parts), line)  # type: ignore[attr-defined]
