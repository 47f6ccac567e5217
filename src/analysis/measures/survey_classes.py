"""NPS and response by class, as they may be published, and which classes stand out from all others."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.special import ndtr

from analysis.extracts.engine import to_pandas
from analysis.frames.surveyed import number_of
from analysis.measures.class_rules import SUFFIX, ClassRules, telling
from analysis.measures.disclosure import masked
from analysis.measures.interval import standard_normal_quantile
from analysis.measures.nps import net_promoter_score
from analysis.measures.ratios_by import published_ratios, ratios_by
from analysis.measures.survey_rows import Surveys
from analysis.measures.survey_scores import points

YEAR = 4  # quarters whose answers are taken together: of one quarter classes are too small
FEWEST = 30  # answers on either side of a comparison, below which a normal error is no guide
CHANCE = 0.05
FIGURES = ("nps", "low", "high", "response", "response_low", "response_high")
RESPONSE = {"response": ("answered", "each")}


def year_of_answers(surveys: Surveys) -> pd.DataFrame:
    """The last answer with a recommendation score of each customer in the last four quarters."""
    if not surveys.given or surveys.answers.empty:
        return pd.DataFrame({"customer_id": [], "nps": []})
    since = number_of(surveys.quarters[min(YEAR, len(surveys.quarters)) - 1])
    known = surveys.answers[(surveys.answers["quarter"] >= since) & surveys.answers["nps"].notna()]
    return known.sort_values("quarter", kind="stable").drop_duplicates("customer_id", keep="last", ignore_index=True)


def by_class(surveys: Surveys, rules: ClassRules, *, smallest: int) -> pd.DataFrame:
    """The NPS of each class over a year, and how many of the surveys sent to it were answered.

    A class is hidden with fewer than `smallest` answers, silent customers, or answers other than the commonest side's:
    the NPS times the answers would tell of them. A class stands out when its difference from all other answers is
    clear with every comparison counted (Holm, 1979).

    Returns
    -------
    Table, one row per dimension and class: `dimension`, `label`, `class`, `answers`, `nps`, `low`, `high` (95 %),
    `response`, `response_low`, `response_high`, `masked`, `stands_out` (above, below, or nothing).
    """
    answers = year_of_answers(surveys)
    # What only describes, as age does, weights answers and divides none.
    told = [name for name in surveys.told if name.removesuffix(SUFFIX) in telling(rules)]
    parts = [_of(surveys, answers, name, smallest=smallest) for name in told] if len(answers) else []
    columns = ["dimension", "label", "class", "answers", *FIGURES, "masked", "stands_out"]
    if not parts:
        return pd.DataFrame(columns=columns).astype({"masked": bool})
    table = pd.concat(parts, ignore_index=True)
    table["label"] = [rules[name].label for name in table["dimension"]]
    return table.assign(stands_out=_standing_out(table))[columns]


def _of(surveys: Surveys, answers: pd.DataFrame, column: str, *, smallest: int) -> pd.DataFrame:
    """One dimension; `gap` and `error` are the difference from all other answers and its standard error."""
    rows = []
    everything = points(answers["nps"].to_numpy("float64"))
    for name, part in answers.groupby(column, sort=True):
        inside = (answers[column] == name).to_numpy()
        score, low, high = net_promoter_score(part["nps"])
        others = len(part) - abs(everything[inside].sum()) / 100
        gap, error = _from_others(everything, inside)
        rows.append((name, len(part), others, score, low, high, gap, error))
    names = ["class", "answers", "others", "nps", "low", "high", "gap", "error"]
    table = pd.DataFrame(rows, columns=names).merge(_responses(surveys, column), on="class", how="left")
    table["silent"] = table["silent"].fillna(0)
    hidden = masked(
        table, by=["class"], count=["answers", "others", "silent"], values=[*FIGURES, "gap", "error"], minimum=smallest
    )
    return hidden.drop(columns=["others", "silent"]).assign(dimension=column.removesuffix(SUFFIX))


def _from_others(everything: np.ndarray, inside: np.ndarray) -> tuple[float, float]:
    sides = [everything[inside], everything[~inside]]
    if min(len(side) for side in sides) < FEWEST:
        return float("nan"), float("nan")
    error = np.sqrt(sum(side.var(ddof=1) / len(side) for side in sides))
    return float(sides[0].mean() - sides[1].mean()), float(error)


def _responses(surveys: Surveys, column: str) -> pd.DataFrame:
    """The share of surveys that were answered, by class, over the same quarters; `silent` are surveys without."""
    since = number_of(surveys.quarters[min(YEAR, len(surveys.quarters)) - 1])
    sent = surveys.sent.filter((nw.col("quarter") >= since) & (nw.col("quarter") <= number_of(surveys.quarters[0])))
    found = ratios_by(sent, RESPONSE, by=column, key="customer_id")
    told = found.assign(silent=found["bottom"] - found["top"], response=found["value"])
    told = told.rename(columns={"group": "class", "low": "response_low", "high": "response_high"})
    return told[["class", "silent", "response", "response_low", "response_high"]]


def _standing_out(table: pd.DataFrame) -> list[str]:
    """Above or below, by Holm's rule over all classes that can be compared."""
    z = (table["gap"] / table["error"].where(table["error"] > 0)).to_numpy("float64")
    chances = 2 * ndtr(-np.abs(z))
    order = np.argsort(np.where(np.isnan(chances), 2.0, chances), kind="stable")
    compared = int((~np.isnan(chances)).sum())
    found = [""] * len(table)
    for rank, row in enumerate(order[:compared]):
        if chances[row] > CHANCE / (compared - rank):
            break
        found[row] = "above" if z[row] > 0 else "below"
    return found


def responses(surveys: Surveys, *, smallest: int) -> pd.DataFrame:
    """The share of surveys sent in each told quarter that were answered by its end.

    Returns
    -------
    Table, one row per quarter, the last one first: `quarter`, `sent`, `answered`, `response`, `low`, `high` (95 %; a
    customer asked twice is one), `masked`.
    """
    names = {number_of(quarter): str(quarter) for quarter in surveys.quarters}
    columns = ["quarter", "sent", "answered", "response", "low", "high", "masked"]
    if not surveys.given:
        return pd.DataFrame(columns=columns).astype({"masked": bool})
    sent = surveys.sent.filter(nw.col("quarter").is_in(list(names)))
    found = published_ratios(
        ratios_by(sent, RESPONSE, by="quarter", key="customer_id"), smallest=smallest, shares=["response"]
    )
    told = found.assign(quarter=[names[int(number)] for number in found["group"]])
    told = told.rename(columns={"bottom": "sent", "top": "answered", "value": "response"})
    return told.sort_values("quarter", ascending=False, kind="stable", ignore_index=True)[columns]


def repeated(surveys: Surveys, *, smallest: int) -> pd.DataFrame:
    """What customers who answered before say now: the last two answers of each who answered in the last four quarters.

    Returns
    -------
    Table, one row per kind of the earlier answer (and one of all, `then` missing): `then`, `customers`, `change` (of
    the NPS), `low`, `high` (95 %); empty where fewer than `smallest` answered twice, without kinds where one is so
    small.
    """
    columns = ["then", "customers", "change", "low", "high"]
    if not surveys.given:
        return pd.DataFrame(columns=columns)
    given = surveys.sent.filter((nw.col("answered") == 1) & ~nw.col("nps").is_null())
    order = ["answered_on", "survey_id"]
    turn = nw.col("survey_id").cum_count().over("customer_id", order_by=order)
    numbered = given.with_columns(turn=turn).with_columns(last=nw.col("turn").max().over("customer_id"))
    back = nw.col("last") - nw.col("turn")
    since = number_of(surveys.quarters[min(YEAR, len(surveys.quarters)) - 1])
    rows = numbered.filter(back <= 1).select("customer_id", "quarter", "nps", back=back)
    now = rows.filter((nw.col("back") == 0) & (nw.col("quarter") >= since)).select("customer_id", now="nps")
    then = rows.filter(nw.col("back") == 1).select("customer_id", before="nps")
    pairs = to_pandas(now.join(then, on="customer_id", how="inner").sort("customer_id"))
    return _paired(pairs.astype({"now": "float64", "before": "float64"}), smallest=smallest)[columns]


def _paired(pairs: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    before = points(pairs["before"].to_numpy("float64"))
    moved = points(pairs["now"].to_numpy("float64")) - before
    z = standard_normal_quantile(0.95)
    groups = {None: np.ones(len(pairs), bool), "promoter": before > 0, "passive": before == 0, "detractor": before < 0}
    rows = []
    for name, rows_of in groups.items():
        part = moved[rows_of]
        stayed = int((part == 0).sum())
        if len(part) < smallest or 0 < min(stayed, len(part) - stayed) < smallest:
            continue
        reach = z * float(part.std(ddof=1)) / np.sqrt(len(part))
        rows.append((name, len(part), float(part.mean()), part.mean() - reach, part.mean() + reach))
    kinds = sum(row[0] is not None for row in rows)
    rows = rows if kinds == len(groups) - 1 else rows[: 1 if rows and rows[0][0] is None else 0]
    return pd.DataFrame(rows, columns=["then", "customers", "change", "low", "high"])
