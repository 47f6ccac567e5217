"""Content and statistics (M75–M79)."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
from bs4 import BeautifulSoup
from tests.promises.cases import Seen, case
from tests.promises.provider import described, linecard, taken
from tests.promises.reports import params, report

from analysis.present.charts.composition import shares
from analysis.present.table import Column, table

REGIONS = "{region: [North, South]}"


def customers(*regions: str) -> dict[str, str]:
    """A customers file, one row per region."""
    rows = [f'C{n},2024-01-01,"{region}"' for n, region in enumerate(regions, start=1)]
    return {"customers.csv": "\n".join(["customer_id,signup_date,region", *rows, ""])}


@case("M75", "A few codes nobody declared", "NOTE")
def unknown_codes(folder: Path) -> Seen:
    got = taken(folder, customers(*["North"] * 97, "East", "", "West"), codes=REGIONS)
    assert got.column("customers", "region")[-4:] == ["North", "other", None, "other"]
    seen = got.found("codes:region", rows=2)
    assert "expected a region of the list in source.yml (2 long), found 'East' and 1 more" in seen.said
    return seen


@case("M75", "Many codes nobody declared", "GATE")
def too_many_codes(folder: Path) -> Seen:
    described(folder, customers(*["North"] * 97, "East", "East", "West"), codes=REGIONS)
    ended = linecard(folder, "check", params(folder))
    assert ended.returncode == 5, ended.stderr
    assert "found customers.region: 3 of 100 rows unknown (3 %)" in ended.stderr
    assert linecard(folder, "check", params(folder, "unknown_code_share_max: 0.03")).returncode == 0
    return Seen("GATE", ended.stderr)


@case("M76", "Words that look like nothing", "OK")
def words(folder: Path) -> Seen:
    text = ["NA", "None", "Null", "nan", "n/a", "NULL", "-"]
    got = taken(folder, customers(*text))
    assert got.column("customers", "region") == text
    held = "subscription_id,customer_id,product,plan,monthly_fee,start_date\nS1,C1,tv,None,9,2024-01-01\n"
    got = taken(folder, {**customers("NA"), "subscriptions.csv": held})
    assert got.column("subscriptions", "plan") == ["None"]
    return got.plain()


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK(""http://x"")')


@case("M77", "Text that a spreadsheet would run", "OK")
def formulas(folder: Path) -> Seen:
    got = taken(folder, customers(*FORMULAS))
    whole = [text.replace('""', '"') for text in FORMULAS]
    assert got.column("customers", "region") == whole
    shown = table(pd.DataFrame({"region": whole}), [Column("region", "Region")], **SAID)
    assert cells(shown._repr_html_()) == whole
    return got.plain()


SAID = {"finding": "Regions", "subtitle": "Customers", "source": "Source: Acme."}
HOSTILE = (
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "javascript:alert(1)", "{{7*7}} {% x %}",
    "${7*7} $\\LaTeX$ #import", "[bold](javascript:alert(1)) **x**", "\x1b[31mred\x1b[0m",
)  # fmt: skip


@case("M78", "Markup, templates and escapes in names", "OK")
def hostile(folder: Path) -> Seen:
    """Statuses and a plan that are none are quoted in findings: in the terminal, the page and the PDF."""
    head = "subscription_id,customer_id,product,plan,monthly_fee,start_date,end_date"
    files = customers("North")
    for n, text in enumerate(HOSTILE):
        held = f"{head}\nS1,C1,broadband,Fibre,30,2024-01-01,\nS2,C1,tv,{text},9,2024-01-01,\n"
        source = folder / str(n)
        described(source, {**files, "subscriptions.csv": held}, codes="{plan: [Fibre]}")
        printed = linecard(source, "check", params(source, "unknown_code_share_max: 1"))
        assert printed.returncode == 0, printed.stderr
        assert "codes:plan, 1 row\n" in printed.stdout
        assert re.search(r"[\x00-\x08\x0b-\x1f\x7f]", printed.stdout) is None
        assert visible(text) in printed.stdout, printed.stdout[-700:]
    made = report(folder / "1", "unknown_code_share_max: 1")
    assert visible(HOSTILE[1]) in made.html.get_text()
    assert [
        tag.name for tag in made.html.find_all(["script", "img"]) if not str(tag.get("src")).startswith("data:")
    ] == []
    assert squeezed(HOSTILE[1]) in squeezed("".join(made.pages))
    return Seen("OK", f"shown as {visible(HOSTILE[1])!r} in terminal, page and PDF")


@case("M79", "A label of 5,000 characters", "FIX")
def long_label(folder: Path) -> Seen:
    label = "North " + "x" * 4994
    got = taken(folder, customers(label))
    assert got.column("customers", "region") == [label]
    shown = cells(table(pd.DataFrame({"region": [label]}), [Column("region", "Region")], **SAID)._repr_html_())
    assert len(shown[0]) < 100
    assert shown[0].startswith("North xxx") and shown[0].endswith("…")
    assert not got.rules
    return Seen("FIX", f"shown as {shown[0]!r}, kept whole")


@case("M79", "300 categories", "FIX")
def many_categories(folder: Path) -> Seen:
    regions = [f"Region {n:03}" for n in range(300)]
    got = taken(folder, customers(*regions))
    assert got.column("customers", "region") == regions
    sizes = [0.15] * 5 + [0.25 / 295] * 295
    few = [*regions[:5], "Other"]
    assert drawn(regions, sizes) == drawn(few, [0.15] * 5 + [0.25]) != drawn(few, [0.16] * 5 + [0.2])
    return Seen("FIX", "five by name, 295 drawn together as Other; all 300 kept")


def drawn(names: list[str], sizes: list[float]) -> bytes:
    """The picture of a whole and its parts."""
    parts = pd.DataFrame({"label": "Region", "name": names, "share": sizes})
    return shares(parts, "name", "share", "label", alt="Regions", **SAID).svg


def visible(text: str) -> str:
    """The text as a message quotes it: backslashes doubled; an escape character went when the label was read."""
    return repr(text.replace("\x1b", ""))[1:-1]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def cells(html: str) -> list[str]:
    """The texts of a table's body."""
    return [cell.get_text() for cell in BeautifulSoup(html, "html.parser").select("tbody td, tbody th")]
