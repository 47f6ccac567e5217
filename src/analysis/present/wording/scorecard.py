"""Sentences about the scorecard: what is met, what is missed, what moved, and what cannot be told."""

from __future__ import annotations

import pandas as pd

from analysis.basis.metric import METRICS
from analysis.measures.scorecard import BETTER, MET, MISSED, NO_TARGET, SAME, UNCLEAR, WORSE, Scorecard
from analysis.present import numbers
from analysis.present.numbers import count, quarter
from analysis.present.table import Column
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, capital, counted, inside, listed

SINCE = {BETTER: "better", WORSE: "worse", "higher": "higher", "lower": "lower", SAME: "no clear change"}
COLUMNS = (
    Column("label", "Measure"),
    Column("light", "Against target", "light"),  # seen on a phone without scrolling
    Column("shown", "Value", "figure"),
    Column("between", "95 % interval", "figure"),
    Column("goal", "Target", "figure"),
    Column("before", "Quarter before", "figure"),
    Column("since", "Since then"),
    Column("year", "A year ago", "figure"),
    Column("owner", "Owner"),
)
PRODUCTS = "products_per_customer"
NOT_ON_RECORD = {  # of figures that cannot be made again of an earlier day
    "clv_per_cac": "what a customer was worth is told by the model of then",
    "overdue_customers": "who was suspended then, and who paid before the bills begin, is not on record",
}
OPTIONAL = ("between", "goal", "before", "since", "year")


def finding(card: Scorecard) -> str:
    """What is met, what is missed, and what moved."""
    rows = card.rows
    if rows.empty:
        return "No figure of the scorecard can be told."
    return " ".join([_against(rows), *_since(rows)])


def _against(rows: pd.DataFrame) -> str:
    aimed = rows[rows["light"] != NO_TARGET]
    if aimed.empty:
        return "No figure of the scorecard has a target: “targets” in the params sets them."
    met, missed, unclear = (aimed[aimed["light"] == one] for one in (MET, MISSED, UNCLEAR))
    parts = [f"{verb}: {_named(some)}" for verb, some in (("missed", missed), ("met", met)) if len(some)]
    said = capital("; ".join(parts)) if parts else "No target is clearly met or missed"
    if not len(unclear):
        return f"{said}."
    if len(unclear) == 1:
        return f"{said}. Whether the target of {_named(unclear)} is met cannot be told: it lies within the interval."
    rest = "other targets" if parts else "targets"
    return f"{said}. Whether the {count(len(unclear))} {rest} are met cannot be told: they lie within the intervals."


def _named(rows: pd.DataFrame) -> str:
    return listed([inside(str(label)) for label in rows["label"]])


def _since(rows: pd.DataFrame) -> list[str]:
    """What moved since the quarter before by more than chance allows."""
    tested = rows[rows["moved"].notna()]
    if tested.empty:
        return []
    parts = [
        f"clearly {way}: {_named(tested[tested['moved'] == way])}"
        for way in (BETTER, WORSE)
        if (tested["moved"] == way).any()
    ]
    if not parts:
        return ["Since the quarter before nothing moved by more than chance allows."]
    return [f"Since the quarter before {'; '.join(parts)}."]


def absent(card: Scorecard) -> list[str]:
    """The lines that are not told, in one sentence; none where all are."""
    if not card.absent:
        return []
    names = listed([inside(METRICS[name].label) for name in card.absent])
    return [
        f"Not told this quarter: {names}. The source does not give what is needed, or too few customers are behind it."
    ]


def notes(card: Scorecard) -> list[str]:
    """How the scorecard is read."""
    if card.rows["light"].eq(NO_TARGET).all():
        return [*_so_far(card), *_then(card), *absent(card)]
    how = (
        "Met or missed is said only where the whole interval lies on one side of the target; the machine-readable "
        "summary goes by the value alone."
    )
    return [how, *_so_far(card), *_then(card), *absent(card)]


def _so_far(card: Scorecard) -> list[str]:
    """How many contacts stand behind the return of campaigns, which grows as their months are billed."""
    rows = card.rows[card.rows["metric"] == "campaigns_roi"]
    if rows.empty or pd.isna(rows["n"].iloc[0]):
        return []
    many = counted(int(rows["n"].iloc[0]), "contact", "contacts")
    said = (
        f"{rows['label'].iloc[0]}: {many} count so far, those held out among them, each once the bills of its three "
        "months are there; earlier figures are what was known then."
    )
    return [said]


def _then(card: Scorecard) -> list[str]:
    """Which figures have no earlier value or another one, and why."""
    rows = card.rows.set_index("metric")
    lacking = rows[rows["previous"].isna() | rows["year_before"].isna()]
    told = [
        f"Earlier values of “{lacking.at[name, 'label']}” come from the reports of then only, where they lie "
        f"beside this one: {why}."
        for name, why in NOT_ON_RECORD.items()
        if name in lacking.index
    ]
    if PRODUCTS in rows.index and rows.loc[PRODUCTS, ["previous", "year_before"]].notna().any():
        told.append(f"Earlier values of “{rows.at[PRODUCTS, 'label']}” count suspended lines too.")
    return [" ".join(told)] if told else []


def shown(card: Scorecard, *, currency: str) -> pd.DataFrame:
    """The figures as the table writes them."""
    rows = [_shown({str(name): cell for name, cell in row.items()}, currency) for row in card.rows.to_dict("records")]
    return pd.DataFrame(rows, columns=[str(column.name) for column in COLUMNS])


def _shown(row: dict, currency: str) -> dict[str, str]:
    def written(value: numbers.Number) -> str:
        return numbers.formatted(value, row["unit"], currency=currency)

    return {
        "label": row["label"],
        "shown": written(row["value"]),
        "between": numbers.spread(row["low"], row["high"], written).replace(" ", numbers.NO_BREAK),
        "goal": written(row["target"]),
        "light": row["light"],
        "before": written(row["previous"]),
        "since": SINCE.get(row["moved"], MISSING),
        "year": written(row["year_before"]),
        "owner": row["owner"],
    }


def columns(rows: pd.DataFrame) -> list[Column]:
    """The columns with an entry; without a target there is nothing to stand against."""
    empty = {name for name in OPTIONAL if (rows[name] == MISSING).all()}
    left_out = empty | ({"light"} if "goal" in empty else set())
    return [column for column in COLUMNS if column.name not in left_out]


def words(card: Scorecard, now: object) -> Captions:
    """Above the scorecard."""
    return {
        "finding": f"The scorecard of {quarter(str(now))}{_counted(card.rows['light'])}",
        "subtitle": (
            "Each figure as in its chapter; since then: whether it moved since the quarter before by more than chance "
            "allows, where that was tested"
        ),
    }


def _counted(lights: pd.Series) -> str:
    """How many of the targets are met, missed, and neither that can be told; empty without targets."""
    aimed = int((lights != NO_TARGET).sum())
    if not aimed:
        return ""
    met, missed, unclear = (count((lights == one).sum()) for one in (MET, MISSED, UNCLEAR))
    rest = f", {unclear} cannot be told" if (lights == UNCLEAR).any() else ""
    return f": of {counted(aimed, 'target', 'targets')} {met} met, {missed} missed{rest}"
