"""Drafts of extracts headed in German, French and Spanish: columns, coded words, and the kind of leaving."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from analysis.extracts.draft.drafting import Draft, draft
from analysis.extracts.draft.kinds import kind_of
from analysis.extracts.draft.likeness import EXPECTED, likeness
from analysis.extracts.draft.told import told
from analysis.extracts.engine import Engine

ROWS = 40
LIVES = [(f"{n % 27 + 1:02}.01.2024", f"{n % 27 + 1:02}.05.2025" if n % 3 == 0 else "") for n in range(ROWS)]


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


def drafted(folder: Path, files: dict[str, str], engine: Engine) -> Draft:
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return draft(folder, name="acme", files=".", engine=engine)


def people(head: str, gone: str, here: str, kinds: Sequence[str], reasons: Sequence[str]) -> str:
    """Customers, of whom every third left: key, first day, last day, reason, status, type, channel, area."""
    lines = [head]
    for n, (begun, ended) in enumerate(LIVES):
        why = reasons[n // 3 % len(reasons)] if ended else ""
        coded = f"{gone if ended else here};{kinds[n % 2]};{n % 3}A;{'NSW'[n % 3]}"
        lines.append(f"K{n:04};{begun};{ended};{why};{coded}")
    return "\n".join(lines) + "\n"


def contracts(head: str) -> str:
    """Products held: key, customer, product, plan, fee, term, way to pay, first day, last day."""
    lines = [head]
    for n, (begun, ended) in enumerate(LIVES):
        lines.append(f"V{n:05};K{n:04};Internet;T{n % 4};{29 + n % 3},90;{(1, 12, 24)[n % 3]};P{n % 2};{begun};{ended}")
    return "\n".join(lines) + "\n"


def bills(head: str) -> str:
    """Bill lines: bill, customer, day of issue, amount, day it is due."""
    lines = [
        f"R{n:05};K{n % ROWS:04};{n % 27 + 1:02}.03.2025;{29 + n % 3},90;{n % 27 + 1:02}.04.2025" for n in range(80)
    ]
    return "\n".join([head, *lines]) + "\n"


GERMAN = {
    "Kundenstamm.csv": people(
        "Kundennummer;Vertragsbeginn;Gekündigt zum;Kündigungsgrund;Status;Kundenart;Werbeweg;Gebiet",
        "gekündigt", "aktiv", ["Privat", "Geschäftlich"], ["Umzug", "zu teuer", "Zahlungsverzug"],
    ),
    "Verträge.csv": contracts("Vertragsnr;Kundennummer;Produkt;Tarif;Grundpreis;Laufzeit;Zahlweise;Beginn;Ende"),
    "Rechnungen.csv": bills("Rechnungsnr;Kundennummer;Rechnungsdatum;Betrag;Fällig am"),
}  # fmt: skip
FRENCH = {
    "clients.csv": people(
        "N° client;Client depuis;Date de résiliation;Motif;Statut;Type de client;Canal d'acquisition;Département",
        "résilié", "actif", ["Particulier", "Professionnel"], ["Déménagement", "Trop cher", "Impayé"],
    ),
    "contrats.csv": contracts(
        "N° contrat;N° client;Produit;Forfait;Prix mensuel;Durée d'engagement;Mode de paiement;Début;Fin"
    ),
    "factures.csv": bills("N° facture;N° client;Date de facture;Montant HT;Échéance"),
}  # fmt: skip
SPANISH = {
    "clientes.csv": people(
        "Nº cliente;Fecha de alta;Fecha de baja;Motivo de la baja;Estado;Tipo de cliente;Canal de captación;Zona",
        "baja", "activo", ["Particular", "Empresa"], ["Mudanza", "Demasiado caro", "Falta de pago"],
    ),
    "contratos.csv": contracts(
        "Nº contrato;Nº cliente;Producto;Tarifa;Cuota mensual;Permanencia;Forma de pago;Inicio;Fin"
    ),
    "facturas.csv": bills("Nº factura;Nº cliente;Fecha de factura;Importe;Vencimiento"),
}  # fmt: skip
CUSTOMERS = ["customer_id", "signup_date", "churn_date", "churn_reason", "status", "customer_type",
             "acquisition_channel", "region"]  # fmt: skip
HELD = ["subscription_id", "customer_id", "product", "plan", "monthly_fee", "contract_months", "payment_method",
        "start_date", "end_date"]  # fmt: skip
BILLED = ["invoice_id", "customer_id", "issued_on", "amount", "due_date"]


@pytest.mark.parametrize("files", [GERMAN, FRENCH, SPANISH], ids=["German", "French", "Spanish"])
def test_every_column_is_found_and_no_key_is_wrong(files: dict[str, str], tmp_path: Path, engine: Engine):
    got = drafted(tmp_path, files, engine)
    found = {one.plan.table: {match.column.name: match.target.name for match in one.plan.found} for one in got.tables}
    heads = [content.partition("\n")[0].split(";") for content in files.values()]
    wanted = [dict(zip(head, names, strict=True)) for head, names in zip(heads, (CUSTOMERS, HELD, BILLED), strict=True)]
    assert found == dict(zip(("customers", "subscriptions", "invoices"), wanted, strict=True))


@pytest.mark.parametrize("files", [GERMAN, FRENCH, SPANISH], ids=["German", "French", "Spanish"])
def test_coded_words_and_reasons_become_the_contract_s(files: dict[str, str], tmp_path: Path, engine: Engine):
    sql = drafted(tmp_path, files, engine).files["customers.sql"]
    rows = engine.rows(f"SELECT DISTINCT status, customer_type, churn_kind FROM ({sql})")
    assert {row[0] for row in rows} == {"active", "churned"}
    assert {row[1] for row in rows} == {"household", "business"}
    assert {row[2] for row in rows} == {None, "moved", "voluntary", "non_payment"}


def test_a_kind_of_leaving_read_off_reasons_is_marked_as_unsure(tmp_path: Path, engine: Engine):
    reasons = ["Moved house", "Price too high", "Some of it"]
    head = "customer_id;signup_date;churn_date;churn_reason;status;customer_type;acquisition_channel;region"
    text = people(head, "left", "active", ["private", "business"], reasons)
    got = drafted(tmp_path, {"customers.csv": text}, engine)
    assert (
        "  customers.churn_kind from 'churn_reason': read off the words of the reasons: check each; "
        "what kind is 'Some of it'? Until it is said, it has none."
    ) in told(got, shown="params/sources/acme")
    assert "-- unsure: read off the words of the reasons: check each" in got.files["customers.sql"]


def test_reasons_that_are_mostly_not_recognised_give_no_kinds(tmp_path: Path, engine: Engine):
    head = "customer_id;signup_date;churn_date;churn_reason;status;customer_type;acquisition_channel;region"
    text = people(head, "left", "active", ["private", "business"], ["Moved", "A7", "B9"])
    assert "churn_kind" not in drafted(tmp_path, {"customers.csv": text}, engine).files["customers.sql"]


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("Competitor made better offer", "voluntary"),
        ("Moved to another town", "moved"),
        ("Kunde ist verstorben", "deceased"),
        ("Moved, and the price was too high", None),
        ("Don't know", None),
    ],
)
def test_a_reason_has_the_kind_its_words_name_and_none_where_they_name_two(reason: str, kind: str | None):
    assert kind_of(reason) == kind


def test_an_extract_of_three_customers_headed_as_the_contract_is_drafted(tmp_path: Path, engine: Engine):
    text = "customer_id,signup_date,region\n1,2024-01-01,N\n2,2024-02-01,S\n3,2024-03-01,N\n"
    got = drafted(tmp_path, {"people.csv": text}, engine)
    assert [one.plan.table for one in got.tables] == ["customers"]


def test_without_a_select_the_next_step_is_to_write_one(tmp_path: Path, engine: Engine):
    got = drafted(tmp_path, {"weather.csv": "town,rain\nUlm,1.5\nBonn,2.5\n"}, engine)
    said = told(got, shown="params/sources/acme")
    assert any(
        re.fullmatch(r"  2\. Write a SELECT into params/sources/acme/ for each table of the contract .*", line)
        for line in said
    )
    assert not any("Read each SELECT" in line for line in said)


@pytest.mark.parametrize(
    ("header", "table", "column"),
    [
        ("Beschwerde (ja/nein)", "tickets", "is_complaint"),
        ("Réclamation O/N", "tickets", "is_complaint"),
        ("是否投诉（是/否）", "tickets", "is_complaint"),
        ("Note [0-10]", "surveys", "nps_score"),
        ("Zufriedenheit 1 bis 5", "surveys", "csat_score"),
        ("Betrag (EUR)", "invoices", "amount"),
        ("USt", "invoices", "tax"),
        ("Tipo de documento", "invoices", "kind"),
    ],
)
def test_what_a_header_says_of_its_values_hides_no_name(header: str, table: str, column: str):
    assert likeness(header, table, column) >= EXPECTED


def test_letters_for_yes_and_no_are_translated_where_both_are_there(tmp_path: Path, engine: Engine):
    text = "Ticket no;Ouvert le;Réclamation O/N\n" + "".join(
        f"T{n};{n:02}.01.2024;{'ON'[n % 2]}\n" for n in range(1, 29)
    )
    sql = drafted(tmp_path, {"tickets.csv": text}, engine).files["tickets.sql"]
    assert {row[0] for row in engine.rows(f"SELECT DISTINCT is_complaint FROM ({sql})")} == {"true", "false"}


def test_one_score_beyond_the_scale_hides_no_column(tmp_path: Path, engine: Engine):
    text = "Umfrage;Kundennummer;versendet am;Score 0-10\n"
    text += "".join(f"U{n};K{n:04};{n % 27 + 1:02}.01.2024;{11 if n == 7 else n % 11}\n" for n in range(300))
    assert '"Score 0-10" AS nps_score' in drafted(tmp_path, {"umfrage.csv": text}, engine).files["surveys.sql"]
