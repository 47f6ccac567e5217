"""What customers hold, drafted from tables with one row per customer: a row per product held."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.extracts.draft.expressions import Line
from analysis.extracts.draft.keys import Keys
from analysis.extracts.draft.plan import Planned
from analysis.extracts.draft.profile import Column
from analysis.extracts.draft.selects import from_clause, plain_comment
from analysis.extracts.draft.stand_ins import churn_sql, signup_sql
from analysis.extracts.draft.value_words import FALSE_WORDS, PRODUCT_FLAGS
from analysis.extracts.engine import literal
from analysis.extracts.spellings import plain_name

LINE = "\n"
_OF_ONE = ("technology", "bandwidth_mbps", "data_cap_gb", "plan")  # of the main product only


def product_flags(columns: Sequence[Column]) -> dict[str, Column]:
    """Product → the column that says whether a customer has it, by its name and its two or three values."""
    found = {}
    for product, spellings in PRODUCT_FLAGS.items():
        names = {plain_name(spelling) for spelling in spellings.split("|")}
        flag = next(
            (column for column in columns if plain_name(column.name) in names and 2 <= len(column.listed) <= 6), None
        )
        if flag is not None:
            found[product] = flag
    return found


def held_lines(customers: Planned, lines: Sequence[Line], place: Callable[[Column], str]) -> list[Line]:
    """The lines of a customer's products before they are told apart: fee, terms, first and last day."""
    drafted = {one.name: one for one in lines}
    start, churn = signup_sql(customers, place), churn_sql(customers, place)
    signup, left = customers.match("signup_date"), customers.match("churn_date")
    if "start_date" not in drafted:
        sql = place(signup.column) if signup else start or "NULL"
        drafted["start_date"] = Line("start_date", sql, ["the customer's signup: the source has no date per product"])
    if "end_date" not in drafted and (left or churn):
        sql = place(left.column) if left else f"CASE WHEN {churn} THEN $snapshot_date END"
        drafted["end_date"] = Line("end_date", sql, ["the customer's leaving: the source has no date per product"])
    return list(drafted.values())


def kinds_of(flag: Column | None, place: Callable[[Column], str]) -> list[Line]:
    """The technology, where the column that tells who has broadband says of what kind."""
    if flag is None or len([value for value in flag.listed if not _is_no(value)]) < 2:
        return []
    return [Line("technology", place(flag), [f"{flag.name!r} tells both who has it and of what kind"])]


def held_select(
    plan: Planned, lines: Sequence[Line], flags: dict[str, Column], keys: Keys, place: Callable[[Column], str]
) -> str:
    """One row per customer and product held; the fee of all of them stands on the first."""
    names = [one.name for one in lines if one.name not in ("subscription_id", "product")]
    inner = [f"        {one.sql.replace(LINE, LINE + '    ')} AS {one.name}" for one in lines if one.name in names]
    inner += [f"        {place(flag)} AS has_{product}" for product, flag in flags.items()]
    main = "t1." if len(plan.raws) > 1 else ""
    inner += [f"        {main}_file", f"        {main}_line"]
    source = from_clause(plan, keys).replace("\n", "\n    ")
    unions = "\n    UNION ALL\n".join(
        f"    SELECT *, {literal(product)} AS product, {rank} AS place, {_has(flag, product)} AS has FROM held"
        for rank, (product, flag) in enumerate(flags.items(), start=1)
    )
    doubts = "".join(f"-- unsure: {one.name}: {plain_comment(doubt)}\n" for one in lines for doubt in one.doubts)
    outer = ",\n".join(f"    {_outer(name)}" for name in names if name != "customer_id")
    return (
        f"{doubts}WITH held AS (\n    SELECT\n" + ",\n".join(inner) + f"\n    {source}\n),\n\n"
        f"products AS (\n{unions}\n)\n\n"
        "SELECT\n    customer_id || '/' || product AS subscription_id,\n    customer_id,\n    product,\n"
        f"{outer},\n    _file,\n    _line\nFROM products\nWHERE has"
    )


def one_product_lines(lines: Sequence[Line], place_of_customer: str) -> list[Line]:
    """The lines of a source that does not tell products apart: one row per customer."""
    drafted = {one.name: one for one in lines}
    if "product" not in drafted:
        doubt = "no column tells the product: say what is sold"
        drafted["product"] = Line("product", literal("broadband"), [doubt])
    if "subscription_id" not in drafted:
        drafted["subscription_id"] = Line(
            "subscription_id", f"{place_of_customer} || '/1'", ["made from the customer's key: one row each"]
        )
    return list(drafted.values())


def _has(flag: Column, product: str) -> str:
    """Whether a product is held: any value that is no "no"."""
    none = [value for value in flag.listed if _is_no(value)]
    name = f"has_{product}"
    return f"{name} NOT IN ({', '.join(map(literal, none))})" if none else f"{name} IS NOT NULL"


def _is_no(value: str) -> bool:
    return value.casefold().split()[0] in FALSE_WORDS.split("|")


def _outer(name: str) -> str:
    first = "row_number() OVER (PARTITION BY customer_id ORDER BY place) = 1"
    if name == "monthly_fee":
        return f"CASE WHEN {first} THEN monthly_fee ELSE '0' END AS monthly_fee"
    if name in _OF_ONE:
        return f"CASE WHEN place = 1 THEN {name} END AS {name}"
    return name
