"""Sentences of the summary, from the KPIs the chapters recorded."""

from __future__ import annotations

import pandas as pd

from analysis.basis.metric import METRICS
from analysis.basis.quarter import Quarter
from analysis.measures.class_rules import ClassRules
from analysis.present.numbers import Number, count, finite, formatted, interval, months, percent, quarter, spread
from analysis.present.text import MISSING
from analysis.present.wording.churn import widest_gap
from analysis.present.wording.methods import OF_ACTIONS, OF_SERVICE, OF_STRATEGY
from analysis.present.wording.phrase import Captions, capital, counted, listed, moved, whole_or_part
from analysis.present.wording.summary_service import service_points
from analysis.present.wording.summary_strategy import strategy_points

CARDS = ("customers", "joiners", "leavers", "churn_rate", "arpu", "revenue", "expected_leavers_3m", "value_total")

TOPICS = {
    "service": (OF_SERVICE, "service, network and risk"),
    "strategy": (OF_STRATEGY | OF_ACTIONS, "campaigns, answers, leads and actions"),
}
MOST = 0.5  # of the value: with more of it beyond what was observed, the first page says so

NOT_FORECAST = {
    "expected_leavers_3m": "Who will leave next is not told: the chapter on churn says why there is no forecast.",
    "value_total": "What the base is worth is not told: the chapter on value says why.",
}


def bottom_line(kpis: pd.DataFrame, *, currency: str) -> str:
    """The quarter in one sentence."""
    row = base_rows(kpis).set_index("metric")
    ended, before = (row[name].get("customers") for name in ("value", "previous"))
    if ended is None or (ended == 0 and not any(finite(one) for one in (before, row["value"].get("leavers")))):
        return "Nobody could be followed: the extracts lack signup dates or products, or do not tell who left."
    last = row.loc["customers"]
    said = f"{quarter(last['quarter'])} ended with {counted(last['value'], 'customer', 'customers')}"
    if pd.isna(last["value"]):
        return f"{quarter(last['quarter'])}: the base is too small to be told."
    if pd.isna(row["value"].get("churn_rate")):
        said += "; too few joined, left or stayed to say how many"
    else:
        rate = row.loc["churn_rate"]
        change = moved(rate["value"], rate["n"], rate["previous"], rate["n"])  # the quarter before had about as many
        said += f"; {percent(rate['value'])} left in it{', ' + change if change else ''}"
    if "arpu" in row.index:
        arpu = formatted(row.loc["arpu", "value"], "money_per_month", currency=currency)
        said += f"; a customer brought {arpu} a month"
    return said + "."


def base_rows(kpis: pd.DataFrame) -> pd.DataFrame:
    """The rows that speak of the whole base, in the order of the KPI dictionary."""
    rows = kpis[kpis["dimension"].isna()]
    return rows.assign(place=rows["metric"].map(list(METRICS).index)).sort_values("place").drop(columns="place")


def card_rows(kpis: pd.DataFrame) -> pd.DataFrame:
    """The rows shown as cards, in their order."""
    rows = base_rows(kpis)
    chosen = rows[rows["metric"].isin(CARDS)]
    return chosen.assign(place=chosen["metric"].map(CARDS.index)).sort_values("place").drop(columns="place")


def points(
    kpis: pd.DataFrame, *, classes: ClassRules, currency: str, horizon: int, budget: float | None = None
) -> list[str]:
    """What else a manager should know: where churn is highest, how long customers stay, who will leave next, what
    they are worth in `horizon` months, how they are served, and what is to be done within the `budget`.
    """
    told = [_highest_churn(kpis, classes), _staying(kpis), _leaving_next(kpis)]
    told.append(_worth(kpis, currency, horizon))
    base = base_rows(kpis)
    served = service_points(base, currency=currency)
    return [*(text for text in told if text), *served, *strategy_points(base, currency=currency, budget=budget)]


def _leaving_next(kpis: pd.DataFrame) -> str:
    row = base_rows(kpis).set_index("metric")
    if "expected_leavers_3m" not in row.index:
        return ""
    ahead = row.loc["expected_leavers_3m"]
    said = (
        f"Who will leave next: {count(ahead['value'])} of {counted(ahead['n'], 'active customer', 'active customers')} "
        f"are expected to leave in {quarter(Quarter.parse(ahead['quarter']).next)} "
        f"({interval(ahead['low'], ahead['high'], count)})."
    )
    if "model_calibration_3m" not in row.index:
        return f"{said} The forecast could not be held against an earlier quarter: too little history, or too few left."
    left = 100 * row.loc["model_calibration_3m", ["value", "low", "high"]].astype(float)
    return (
        f"{said} In a quarter that such a forecast had not seen, {count(left['value'])} left for every {count(100)} it "
        f"predicted ({interval(left['low'], left['high'], count)}).{_of_a_year(row)}"
    )


def _of_a_year(row: pd.DataFrame) -> str:
    """A warning where the forecast of a whole year was clearly off when it was judged."""
    if "model_calibration_12m" not in row.index:
        return ""
    left = 100 * row.loc["model_calibration_12m", ["value", "low", "high"]].astype(float)
    if not (left["high"] < 100 or left["low"] > 100):
        return ""
    way = "many" if left["high"] < 100 else "few"
    return (
        f" Of a whole year it foretold too {way}: {count(left['value'])} left for every {count(100)} "
        f"({interval(left['low'], left['high'], count)}); read the figures of the next year with that in mind."
    )


def _worth(kpis: pd.DataFrame, currency: str, horizon: int) -> str:
    row = base_rows(kpis).set_index("metric")
    if "value_total" not in row.index:
        return ""
    whole = row.loc["value_total"]

    def amount(value: Number) -> str:
        return formatted(value, "money", currency=currency)

    between = spread(whole["low"], whole["high"], amount)
    top = row["value"].get("value_top_tenth")
    held = "" if top is None else f"; the most valuable tenth holds {percent(top, 0)} of it"
    return (
        f"What they are worth: the active customers are expected to bring {amount(whole['value'])} of margin in the "
        f"next {months(horizon, 0)}{'' if between == MISSING else f' ({between})'}{held}.{_unseen(row)}"
    )


def _unseen(row: pd.DataFrame) -> str:
    """A warning where most of the value lies beyond what was observed; nothing else."""
    beyond, later = (row["value"].get(f"value_beyond_{name}", 0.0) for name in ("observed", "history"))
    if beyond > MOST:
        return (
            f" Take it with care: {whole_or_part(beyond)} of it falls on tenures longer than any at which enough "
            "customers were observed, and nobody knows how they leave then."
        )
    if later > MOST:
        return (
            f" Take it with care: {whole_or_part(later)} of it lies further ahead than the extracts look back, so that "
            "nobody was followed for so long."
        )
    return ""


def _highest_churn(kpis: pd.DataFrame, classes: ClassRules) -> str:
    rows = kpis[kpis["metric"] == "class_churn_rate"].rename(columns={"n": "customers", "value": "churn_rate"})
    label = rows["dimension"].map(lambda name: classes[name].label)
    told = widest_gap(rows.assign(masked=False, label=label))
    one_sentence = f"{told[:1].lower()}{told[1:]}".replace(": ", ", ", 1)
    return f"Where they leave: {one_sentence}" if told else ""


def _staying(kpis: pd.DataFrame) -> str:
    rows = kpis[kpis["metric"] == "survival"].set_index("class")
    known = [month for month in ("12", "24", "48") if month in rows.index]
    told = [_still_there(rows.loc[month], month) for month in known]
    return f"How long they stay, with late entry taken into account: {', '.join(told)}." if told else ""


def _still_there(row: pd.Series, month: str) -> str:
    between = spread(row["low"], row["high"], percent)
    known = "" if between == MISSING else f" ({between})"
    return f"{percent(row['value'])}{known} after {month} months"


def trust(verdict: str) -> str:
    """Whether the data can be trusted, in the words of the data chapter."""
    return f"Can the data be trusted? {verdict}"


def not_told(kpis: pd.DataFrame, quality: pd.DataFrame) -> list[str]:
    """Why key figures of the brief are missing; `quality` is the table of every measure of quality."""
    base = base_rows(kpis).set_index("metric")
    if "customers" not in base.index or not base.at["customers", "value"] > 0:
        return []
    told = [_no_revenue(base, quality), _few_moved(base)]
    for metric, words in NOT_FORECAST.items():
        told += [words] if metric not in base.index else []
    return [text for text in told if text]


def _no_revenue(base: pd.DataFrame, quality: pd.DataFrame) -> str:
    if "arpu" in base.index:
        return ""
    if "invoices" not in set(quality["table"]):
        return "Revenue and ARPU are not told: the source gives no bills."
    months = [f"{month:%Y-%m}" for month in Quarter.parse(str(base["quarter"].iloc[0])).months]
    bills = quality[(quality["table"] == "invoices") & quality["month"].isin(months)]
    if bills.empty:
        return "Revenue and ARPU are not told: not all months of the quarter are billed as fully as the others."
    named = listed(sorted(bills["month"].unique()))
    return f"Revenue and ARPU are not told: bills of {named} are incomplete, and a part of a quarter is no quarter."


def _few_moved(base: pd.DataFrame) -> str:
    masked = [name for name in ("joiners", "leavers") if name in base.index and pd.isna(base.at[name, "value"])]
    if not masked:
        return ""
    return f"{capital(listed(masked))} are not told: so few that the figure could point to single customers."


def about(kpis: pd.DataFrame, topic: str = "") -> pd.DataFrame:
    """The KPIs of the whole base on a topic of `TOPICS`, or those on none of them; one table is too short for all."""
    rows = base_rows(kpis)
    if topic:
        return rows[rows["metric"].isin(TOPICS[topic][0])]
    return rows[~rows["metric"].isin(frozenset().union(*(metrics for metrics, _ in TOPICS.values())))]


def table_words(kpis: pd.DataFrame, topic: str = "") -> Captions:
    """Above a table of the KPIs of the whole base."""
    period = quarter(kpis["quarter"].iloc[0]) if len(kpis) else ""
    finding = f"Key figures of {f'{TOPICS[topic][1]}, ' if topic else ''}{period}"
    if topic and about(kpis, topic).empty:
        finding = f"No key figure of {TOPICS[topic][1]} can be told"
    return {
        "finding": finding,
        "subtitle": (
            "Whole base; 95 % intervals where the value is an estimate, 80 % where its name says so; definitions below"
        ),
    }
