"""The parts of a draft, on tables small enough to check by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis.basis.errors import InputRefused
from analysis.extracts.contract import CONTRACT
from analysis.extracts.draft.drafting import Draft, draft
from analysis.extracts.draft.likely_names import LIKELY, LIKELY_EVERYWHERE, TABLE_NAMES
from analysis.extracts.draft.likeness import EXPECTED, KNOWN, likeness
from analysis.extracts.draft.targets import STAND_INS
from analysis.extracts.draft.told import told
from analysis.extracts.draft.value_words import VALUE_WORDS
from analysis.extracts.draft.wide import month_of
from analysis.extracts.engine import Engine
from analysis.extracts.intake import intake
from analysis.extracts.mapping import read_source

CUSTOMERS = "customer_id,signup_date,region\n" + "".join(f"K{n:03},2024-01-{n:02},North\n" for n in range(1, 31))


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


def drafted(folder: Path, files: dict[str, str | bytes], engine: Engine) -> Draft:
    for name, content in files.items():
        path = folder / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return draft(folder / "raw", name="acme", files="raw", engine=engine)


def rows(got: Draft, table: str, engine: Engine) -> list[tuple[object, ...]]:
    """What a drafted SELECT gives, without file and line."""
    sql = got.files[f"{table}.sql"]
    names = [name for name, _ in engine.columns(sql) if not name.startswith("_")]
    return engine.rows(f"SELECT {', '.join(names)} FROM ({sql}) ORDER BY ALL")


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("2024-01", ("2024-01", "")),
        ("download_202401", ("2024-01", "download")),
        ("Jan 2024", ("2024-01", "")),
        ("Upload GB Feb-24", ("2024-02", "Upload GB")),
        ("2024年3月流量", ("2024-03", "流量")),
        ("04/2024", ("2024-04", "")),
        ("2024-07-01", ("2024-07", "")),  # a month as a workbook holds it
        ("01.07.2024", ("2024-07", "")),
        ("Mrz 2024", ("2024-03", "")),
        ("Jänner 2024", ("2024-01", "")),
        ("Mai'24", ("2024-05", "")),
        ("Volumen (GB) Dez. 2024", ("2024-12", "Volumen (GB")),
        ("août 2024", ("2024-08", "")),
        ("févr-24", ("2024-02", "")),
        ("aout 2024", ("2024-08", "")),
        ("enero de 2024", ("2024-01", "")),
        ("2024 ottobre", ("2024-10", "")),
        ("mrt 2024", ("2024-03", "")),
        ("paź 2024", ("2024-10", "")),
        ("września 2024", ("2024-09", "")),
        ("September 2024", ("2024-09", "")),
        ("Sept 2024", ("2024-09", "")),
        ("2024年十一月", ("2024-11", "")),
        ("jui 2024", None),  # June or July
        ("market 2024", None),
        ("customer_id", None),
        ("20240131", None),
        ("mar", None),
        ("2024-13", None),
    ],
)
def test_a_header_names_a_month_and_a_measure(header: str, found: tuple[str, str] | None):
    assert month_of(header) == found


def test_a_column_per_month_becomes_a_row_per_month(tmp_path: Path, engine: Engine):
    head = "customer_id,download_gb_2024-01,download_gb_2024-02,download_gb_2024-03"
    wide = f"{head}\n" + "".join(f"K{n:03},{n},,{n + 2}\n" for n in range(1, 31))
    got = drafted(tmp_path, {"customers.csv": CUSTOMERS, "usage.csv": wide}, engine)
    seen = rows(got, "usage", engine)
    assert seen[:2] == [("K001", "2024-01", "1"), ("K001", "2024-03", "3")]
    assert len(seen) == 60  # a month without a value is no row
    assert "-- unsure: A column per month, 2024-01 to 2024-03, read as a row per month" in got.files["usage.sql"]


def test_a_column_that_names_no_month_is_left_over_beside_those_that_do(tmp_path: Path, engine: Engine):
    months = ["Jan 2024", "Mrz 2024", "Okt 2024", "Dez 2024"]
    wide = ";".join(["Kundennummer", *months, "Xyz 2024", "Bemerkung"]) + "\n"
    wide += "".join(f"K{n:03};{n};{n};{n};{n};9;\n" for n in range(1, 31))
    got = drafted(tmp_path, {"customers.csv": CUSTOMERS, "datenvolumen.csv": wide}, engine)
    assert {month for _, month, _ in rows(got, "usage", engine)} == {"2024-01", "2024-03", "2024-10", "2024-12"}
    assert got.unmapped == {"datenvolumen": ["Xyz 2024", "Bemerkung"]}
    without = ", ".join(f"2024-{month:02}" for month in range(1, 13) if month not in (1, 3, 10, 12))
    assert f"A column per month, 2024-01 to 2024-12, {without} not among them, read as" in got.files["usage.sql"]
    assert "-- left over in datenvolumen.csv: Xyz 2024, Bemerkung\n" in got.files["usage.sql"]


def test_months_alone_as_headers_become_the_usage_that_the_table_is_named_for(tmp_path: Path, engine: Engine):
    wide = "Kundennummer,2024-01,2024-02,2024-03\n" + "".join(f"K{n:03},{n}.5,,{n + 2}.25\n" for n in range(1, 31))
    got = drafted(tmp_path, {"customers.csv": CUSTOMERS, "nutzung.csv": wide}, engine)
    assert rows(got, "usage", engine)[:2] == [("K001", "2024-01", "1.5"), ("K001", "2024-03", "3.25")]
    assert [line for line in told(got, shown="x") if ".." in line] == []


def test_a_person_s_name_is_drafted_as_no_column(tmp_path: Path, engine: Engine):
    lines = [f"K{n:03},Person{n % 7},p{n}@mail.example,2024-01-{n:02},,,privat,aktiv,1970\n" for n in range(1, 31)]
    head = "Kundennummer,Name,E-Mail,Kunde seit,Kunde bis,Kündigungsgrund,Kundenart,Status,Geburtsjahr\n"
    kunden = head + "".join(lines)
    got = drafted(tmp_path, {"kunden.csv": kunden}, engine)
    text = got.files["customers.sql"]
    assert '"Kundennummer" AS customer_id' in text
    assert [name for name in ("Name", "E-Mail") if f'"{name}"' in text] == []


def test_free_text_is_taken_with_a_word_on_what_becomes_of_it(tmp_path: Path, engine: Engine):
    lines = "".join(f"T{n};2024-01-{n:02};Mrs Jones of 12 High Street rang again about it\n" for n in range(1, 29))
    got = drafted(tmp_path, {"tickets.csv": f"ticket_id;opened_at;Notes\n{lines}"}, engine)
    said = next(line for line in told(got, shown="x") if line.startswith("  tickets: text is free text"))
    assert "data/runs/<report>/tables/tickets.parquet unless the quarterly file says `pseudonymise: true`." in said
    assert "-- personal data: text is free text" in got.files["tickets.sql"]


def test_files_of_one_month_each_are_put_together_with_a_word_on_where_to_put_them(tmp_path: Path, engine: Engine):
    months = {
        f"usage_2024-{month:02}.csv": "customer_id,month,download_gb\n"
        + "".join(f"K{n:03},2024-{month:02},{n}\n" for n in range(1, 31))
        for month in (1, 2)
    }
    got = drafted(tmp_path, {"customers.csv": CUSTOMERS, **months}, engine)
    assert len(rows(got, "usage", engine)) == 60
    assert 'Put them into a folder usage/ and read FROM "usage"' in got.files["usage.sql"]


def test_an_order_of_day_and_month_that_cannot_be_seen_is_never_guessed(tmp_path: Path, engine: Engine):
    lines = [f"K{n:03},{1 + n % 12:02}/{1 + n % 11:02}/2024\n" for n in range(30)]
    got = drafted(tmp_path, {"customers.csv": "customer_id,signup_date\n" + "".join(lines)}, engine)
    assert "    -- unsure: its days read as %d/%m/%Y or %m/%d/%Y: ask which" in got.files["customers.sql"]
    assert rows(got, "customers", engine)[0] == ("K000", "01/01/2024")
    assert "\n# unsure: 'signup_date' reads as %d/%m/%Y or %m/%d/%Y." in got.files["source.yml"]
    assert 'date_format: "' not in got.files["source.yml"]


def test_one_day_beyond_the_twelfth_shows_the_order(tmp_path: Path, engine: Engine):
    lines = [f"K{n:03},{n:02}/01/2024\n" for n in range(1, 31)]
    got = drafted(tmp_path, {"customers.csv": "customer_id,signup_date\n" + "".join(lines)}, engine)
    assert 'date_format: "%d/%m/%Y"' in got.files["source.yml"]
    assert "unsure" not in got.files["customers.sql"].split("\n", 1)[1]


def test_what_a_date_format_cannot_read_stays_for_the_contract_to_set_aside(tmp_path: Path, engine: Engine):
    lines = "".join(f"K{n:03},2024-01-{n:02},{n:02}.01.2024\n" for n in range(1, 31)) + "K031,2024-01-31,soon\n"
    got = drafted(tmp_path, {"customers.csv": f"customer_id,signup_date,churn_date\n{lines}"}, engine)
    assert rows(got, "customers", engine)[0] == ("K001", "2024-01-01", "2024-01-01")
    assert rows(got, "customers", engine)[-1] == ("K031", "2024-01-31", "soon")


def test_coded_words_are_translated_and_strange_ones_named(tmp_path: Path, engine: Engine):
    words = ["在网", "离网", "神秘"]
    lines = "".join(f"K{n:03},2024-01-{n:02},{words[n % 3]}\n" for n in range(1, 31))
    got = drafted(tmp_path, {"客户.csv": f"客户编号,入网日期,客户状态\n{lines}"}, engine)
    assert {row[2] for row in rows(got, "customers", engine)} == {"active", "churned", "神秘"}
    assert "-- unsure: what is '神秘'? It must be one of active, suspended" in got.files["customers.sql"]


def test_truth_in_other_words_is_translated(tmp_path: Path, engine: Engine):
    lines = "".join(f"T{n},2024-01-{n:02} 10:00:00,{'真' if n % 2 else '假'}\n" for n in range(1, 31))
    got = drafted(tmp_path, {"工单.csv": f"工单编号,受理时间,是否投诉\n{lines}"}, engine)
    assert {row[2] for row in rows(got, "tickets", engine)} == {"true", "false"}


def test_a_strange_header_is_found_by_the_customers_it_holds(tmp_path: Path, engine: Engine):
    usage = "month,download_gb,zzz\n" + "".join(f"2024-01,{n},K{n:03}\n" for n in range(1, 31))
    got = drafted(tmp_path, {"customers.csv": CUSTOMERS, "usage.csv": usage}, engine)
    assert '"zzz" AS customer_id' in got.files["usage.sql"]


def test_row_numbers_of_two_tables_are_no_shared_key(tmp_path: Path, engine: Engine):
    customers = "row,klient,signup_date\n" + "".join(f"{n},K{n:03},2024-01-{n:02}\n" for n in range(10, 31))
    tickets = "nr,klient,opened_at\n" + "".join(f"{n},K{40 - n:03},2024-02-{n:02}\n" for n in range(10, 29))
    got = drafted(tmp_path, {"customers.csv": customers, "tickets.csv": tickets}, engine)
    assert '"klient" AS customer_id' in got.files["customers.sql"]
    assert '"nr" AS ticket_id' in got.files["tickets.sql"]
    assert '"klient" AS customer_id' in got.files["tickets.sql"]


def test_regions_that_come_back_in_every_table_are_no_customer_s_key(tmp_path: Path, engine: Engine):
    regions = ["North", "South", "East", "West", "Capital", "Coast"]
    files = {
        f"{name}.csv": "region,customer_id,opened_at,ticket_no\n"
        + "".join(f"{regions[n % 6]},K{first + n},2024-01-{1 + n % 28:02},T{first + n}\n" for n in range(60))
        for name, first in (("tickets", 100), ("cases", 500))
    }
    got = drafted(tmp_path, files, engine)
    assert "    region,\n" in got.files["tickets.sql"]
    assert "    customer_id,\n" in got.files["tickets.sql"]


def test_ids_of_which_some_are_no_numbers_are_a_key_all_the_same(tmp_path: Path, engine: Engine):
    ids = [f"{n:06}" for n in range(100, 160)] + [f"OLD-{n}" for n in range(3)]
    crm = "KD_NR,signup_date,region\n" + "".join(f"{key},2024-01-{1 + n % 28:02},N\n" for n, key in enumerate(ids[:60]))
    held = "Vertrag,Kd.-Nr.,product,monthly_fee,start_date\n"
    held += "".join(f"V{n:04},{key},tv,9.{n % 10}0,2024-01-{1 + n % 28:02}\n" for n, key in enumerate(ids))
    got = drafted(tmp_path, {"crm.csv": crm, "contracts.csv": held}, engine)
    assert '"KD_NR" AS customer_id' in got.files["customers.sql"]
    assert '"Kd.-Nr." AS customer_id' in got.files["subscriptions.sql"]


def test_a_key_headed_alike_but_for_signs_is_taken_where_few_values_are_shared(tmp_path: Path, engine: Engine):
    crm = "Kunden-Nr,signup_date,region\n" + "".join(f"K{n:03},2024-01-{1 + n % 28:02},N\n" for n in range(60))
    usage = "kundennr,month,download_gb\n" + "".join(f"K{n:03},2024-01,{n}\n" for n in range(60))
    old = "KUNDEN_NR.,opened_at,ticket_id\n" + "".join(f"X{n:03},2024-01-{1 + n % 28:02},T{n}\n" for n in range(60))
    got = drafted(tmp_path, {"crm.csv": crm, "usage.csv": usage, "tickets.csv": old}, engine)
    assert '"KUNDEN_NR." AS customer_id' in got.files["tickets.sql"]


def test_one_table_may_tell_both_who_a_customer_is_and_what_is_known_of_one(tmp_path: Path, engine: Engine):
    head = "Debitor;Firmenname;Ansprechpartner;E-Mail-Adresse;Telefon;Eintritt;Bundesland\n"
    people = head + "".join(
        f"{n:05};F{n};Maier;m{n}@x.example;0711{n:06};2024-01-{n:02};Bayern\n" for n in range(1, 29)
    )
    usage = "Debitor;Monat;Download GB\n" + "".join(f"{n:05};2024-01;{n}\n" for n in range(1, 29))
    got = drafted(tmp_path, {"debitoren.csv": people, "verbrauch.csv": usage}, engine)
    assert rows(got, "customers", engine)[0] == ("00001", "2024-01-01", "Bayern")
    assert len(rows(got, "identities", engine)) == 28
    assert got.unmapped == {}


def test_customers_of_two_systems_stand_one_below_the_other(tmp_path: Path, engine: Engine):
    head = "Réf. client;Nom;Courriel;Téléphone;Client depuis;Région\n"
    new = head + "".join(f"N{n:04};Nom{n % 9};a{n}@x.example;0611{n:06};2024-01-{n:02};Nord\n" for n in range(1, 29))
    old = head.replace("Réf. client", "Ancien code").replace("Région", "Notes") + "".join(
        f"A-{n:03};Nom{n % 9};b{n}@x.example;0622{n:06};2019-01-{n:02};\n" for n in range(1, 20)
    )
    keys = [f"N{n:04}" for n in range(1, 29)] + [f"A-{n:03}" for n in range(1, 20)]
    bills = "n facture;réf client;date de facture;montant ht\n"
    bills += "".join(f"F{n:05};{keys[n % len(keys)]};2024-03-{1 + n % 28:02};29.90\n" for n in range(120))
    got = drafted(tmp_path, {"clients.csv": new, "anciens_clients.csv": old, "factures.csv": bills}, engine)
    assert {row[0] for row in rows(got, "customers", engine)} == set(keys)
    assert len(rows(got, "identities", engine)) == len(keys)
    assert got.unmapped == {"anciens_clients": ["Notes"]}
    said = "'anciens_clients' holds customers that 'clients' does not: they stand below it."
    assert said in got.files["customers.sql"]


def test_a_parent_account_is_not_taken_for_the_customer(tmp_path: Path, engine: Engine):
    lines = "".join(
        f"K{1 + n % 5:03},K{n:03},2024-01-{n:02}\n" if n % 2 else f",K{n:03},2024-01-{n:02}\n" for n in range(1, 31)
    )
    usage = "acct,month,download_gb\n" + "".join(f"K{n:03},2024-01,{n}\n" for n in range(1, 31))
    got = drafted(tmp_path, {"crm.csv": f"parent acct,acct,join date\n{lines}", "usage.csv": usage}, engine)
    assert '"acct" AS customer_id' in got.files["customers.sql"]
    assert '"parent acct" AS parent_id' in got.files["customers.sql"]


def test_a_workbook_and_a_parquet_file_are_read_too(tmp_path: Path, engine: Engine):
    frame = pd.DataFrame(
        {"客户编号": [f"K{n:03}" for n in range(30)], "入网日期": pd.date_range("2024-01-01", periods=30)}
    )
    (tmp_path / "x").mkdir()
    (tmp_path / "p").mkdir()
    frame.to_excel(tmp_path / "x" / "客户.xlsx", index=False)
    frame.to_parquet(tmp_path / "p" / "客户.parquet", index=False)
    for kind, folder in (("excel", "x"), ("parquet", "p")):
        got = draft(tmp_path / folder, name="acme", files="raw", engine=engine)
        assert f"\nformat: {kind}\n" in got.files["source.yml"]
        assert '"客户编号" AS customer_id,\n    "入网日期" AS signup_date' in got.files["customers.sql"]


def test_a_workbook_with_a_title_and_a_legend_among_text_files_is_read_by_what_the_draft_says(
    tmp_path: Path, engine: Engine
):
    folder = tmp_path / "params" / "sources" / "acme"
    (folder / "raw").mkdir(parents=True)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Zużycie"
    head = [
        "customer_id",
        dt.datetime.fromisoformat("2024-01-01"),
        dt.datetime.fromisoformat("2024-02-01"),
        "marzec 2024",
    ]
    for row in (["Download GB"], ["as of 2024-04-01"], [], head, *[[f"K{n:03}", n, n / 2, 1] for n in range(1, 31)]):
        sheet.append(row)
    book.create_sheet("Legenda").append(["GB = gigabyte"])
    book.save(folder / "raw" / "usage.xlsx")
    text = "customer_id;signup_date;region\n" + "".join(f"K{n:03};{n:02}.01.2024;North\n" for n in range(1, 31))
    (folder / "raw" / "customers.csv").write_text(text)
    got = draft(folder / "raw", name="acme", files="raw", engine=engine)
    assert 'sheet:  # unsure: the longest of the workbook\n  "usage": "Zużycie"' in got.files["source.yml"]
    assert '  "usage": 4\n' in got.files["source.yml"]
    for name, content in got.files.items():
        known = content.replace("# observed_from: 2024-01-01", "observed_from: 2024-01-01")
        known = known.replace('currency: "?"', "currency: EUR").replace('timezone: "?"', "timezone: UTC")
        (folder / name).write_text(known, encoding="utf-8")
    taken = intake(read_source(folder, environ={}), engine, as_of=dt.date(2024, 3, 31))
    assert taken.doors.set_index("table")["accepted"].to_dict() == {"customers": 30, "usage": 90}


def test_of_two_long_sheets_none_is_taken(tmp_path: Path, engine: Engine):
    (tmp_path / "raw").mkdir()
    with pd.ExcelWriter(tmp_path / "raw" / "two.xlsx") as book:
        for title in ("2023", "2024"):
            pd.DataFrame({"id": range(20), "day": "2024-01-01"}).to_excel(book, sheet_name=title, index=False)
    got = drafted(tmp_path, {"customers.csv": CUSTOMERS}, engine)
    assert "two.xlsx: expected one sheet with rows, found 2 sheets: '2023', '2024'." in got.sampled.skipped[0][1]


def test_how_text_is_written_goes_into_the_source(tmp_path: Path, engine: Engine):
    lines = "".join(f"S{n};K{n:03};broadband;29,9{n % 10};{n:02}.01.2024\n" for n in range(1, 31))
    text = f"vertragsnummer;kundennummer;produkt;monatsgebühr;vertragsbeginn\n{lines}"
    got = drafted(
        tmp_path, {"Verträge.csv": text.encode("latin-1"), "customers.csv": CUSTOMERS.replace(",", ";")}, engine
    )
    source = got.files["source.yml"]
    assert 'delimiter: ";"' in source
    assert "encoding: cp1252" in source
    assert "# unsure: cp1252 is Western European" in source
    assert 'decimal: ","' in source
    assert '"monatsgebühr" AS monthly_fee' in got.files["subscriptions.sql"]


def test_texts_of_several_separators_and_encodings_are_read_by_what_each_shows_or_the_draft_says(
    tmp_path: Path, engine: Engine
):
    usage = "customer_id\tmonth\tdownload_gb\n" + "".join(f"K{n:03}\t2024-01\t{n}\n" for n in range(1, 31))
    tickets = "ticket_id;customer_id;opened_at;Thema\n"
    tickets += "".join(f"T{n};K{n:03};2024-01-{n:02};Störung\n" for n in range(1, 31))
    names = "customer_id,last_name,email\n" + "".join(f"K{n:03},Müller,m{n}@x.example\n" for n in range(1, 31))
    files = {
        "customers.csv": CUSTOMERS,
        "usage.tsv": usage.encode("utf-16"),
        "tickets.csv": tickets.encode("cp1252"),
        "identities.csv": names,
    }
    source = drafted(tmp_path, files, engine).files["source.yml"]
    assert "delimiter" not in source
    assert '  encoding: {default: utf-8, "tickets": cp1252}\n' in source


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_drafted(tmp_path: Path, engine: Engine):
    got = drafted(tmp_path, {"customers.csv": CUSTOMERS, "usage.csv": ""}, engine)
    assert list(got.files) == ["customers.sql", "source.yml"]
    assert got.sampled.skipped == [
        ("usage.csv", "usage.csv: expected a header line and rows, found an empty file. It is left out.")
    ]


def test_a_folder_without_extracts_is_refused(tmp_path: Path, engine: Engine):
    with pytest.raises(InputRefused) as error:
        drafted(tmp_path, {"notes.md": "nothing"}, engine)
    assert str(error.value).startswith("raw/: expected files ending in .csv, .csv.gz, .parquet, ")


@pytest.mark.parametrize(
    ("header", "table", "column", "at_least", "below"),
    [
        ("客户编号", "usage", "customer_id", KNOWN, 1.01),
        ("下载流量", "usage", "download_gb", EXPECTED, 1.0),
        ("ACQ_CHANNEL", "customers", "acquisition_channel", 0.7, EXPECTED),  # a word cut short
        ("AVG_MEASURED_DL_MBPS", "network", "download_mbps", 0.5, EXPECTED),
        ("Gender", "customers", "customer_type", 0.0, 0.01),
    ],
)
def test_a_header_is_like_a_column(header: str, table: str, column: str, at_least: float, below: float):
    assert at_least <= likeness(header, table, column) < below


def test_the_drafting_s_words_speak_of_columns_that_the_contract_has():
    columns = {(table, column) for table in CONTRACT for column in (*CONTRACT[table].names, *STAND_INS)}
    assert {(table, column) for table in LIKELY for column in LIKELY[table]} <= columns
    assert set(LIKELY_EVERYWHERE) <= {column for _, column in columns}
    assert set(TABLE_NAMES) == set(CONTRACT)
    assert {
        (table, column): set(words) - set(CONTRACT[table].column(column).values)
        for (table, column), words in VALUE_WORDS.items()
        if CONTRACT[table].column(column).values and set(words) - set(CONTRACT[table].column(column).values)
    } == {}
