"""Headers, maps, constants, sheets beside the agreements."""

import pytest

from engine.intake.findings import Finding
from engine.intake.headers import AGREEMENT_FIELDS, Header, recognised
from engine.intake.import_map import ImportMap, ImportMapError, MappedColumn, import_map
from lifecycle.counting.derivation import Clause
from lifecycle.days.dates import Period
from lifecycle.obligations.duties import ObligationKind
from lifecycle.people import Role
from tests.support.intake import codes, read

HEAD = ["Reference", "Counterparty"]
ROW = ["A-1", "Acme"]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("Reference", Header("reference")),
        ("CONTRACT NO.", Header("reference")),
        ("Vertragsnummer", Header("reference")),
        ("Expires on", Header("last_on")),
        ("Contract End Date", Header("last_on")),
        ("Contract Start Date", Header("effective_on")),
        ("Contract Term (months)", Header("term", unit="months")),
        ("Account Name", Header("counterparty")),
        ("Contract Value Currency", Header("currency")),
        ("Initial term", Header("term")),
        ("Type", Header("kind")),
        ("Kündigungsfrist", Header("notice_period")),
        ("kuendigungs-frist", Header("notice_period")),
        ("KUNDIGUNGSFRIST", Header("notice_period")),
        ("Notice (months)", Header("notice_period", unit="months")),
        ("Notice [bd]", Header("notice_period", unit="business days")),
        ("Laufzeit in Monaten", Header("term", unit="months")),
        ("Notice Period To Terminate Renewal- Answer", None),
        ("Value (EUR)", Header("value", unit="EUR")),
        ("notice_period_clause", Header("notice_period", is_clause=True)),
        ("Notice clause", Header("notice_period", is_clause=True)),
        ("Colour", None),
    ],
)
def test_headers_are_recognised(text, header):
    assert recognised(text) == header


def test_every_field_is_known_by_its_own_name():
    assert [recognised(name) for name in AGREEMENT_FIELDS] == [Header(name) for name in AGREEMENT_FIELDS]


def test_unknown_headers_are_listed_and_stop_nothing():
    intake = read([*HEAD, "Colour"], [*ROW, "red"])
    assert intake.plan.unknown == ("Colour",)
    assert codes(intake.findings) == ["C1 unknown_column"]
    assert [draft.errors for draft in intake.drafts] == [()]


@pytest.mark.parametrize("unticked", [False, "FALSE"])
def test_rows_of_nothing_but_boxes_without_a_tick_are_blank(unticked):
    head = [*HEAD, "Auto-renewal", "Confidential"]
    found = read(head, [*ROW, True, unticked], ["", "", unticked, unticked], ["A-2", "Beta", unticked, True]).drafts
    assert [draft.reference for draft in found] == ["A-1", "A-2"]
    assert ["restricted_to" in draft.fields for draft in found] == [False, False]
    assert [codes(draft.errors) for draft in found] == [[], ["D4 nobody_sees"]]


def test_two_columns_for_one_field_refuse_the_sheet():
    intake = read([*HEAD, "Owner", "Responsible"], [*ROW, "a", "b"])
    assert (intake.is_refused, intake.drafts) == (True, ())
    assert codes(intake.findings) == ["D1 doubled_column"]
    (twice,) = read([*HEAD, "Owner", "Owner"], [*ROW, "a", "b"]).findings
    assert (intake.findings[0].remedy, twice.remedy) == (
        "Remove one of the two columns, or name one under ignore in a map.",
        "Remove one of the two columns.",
    )


@pytest.mark.parametrize(
    ("text", "every"),
    [("alle 2 Jahre", Period(years=2)), ("jedes Quartal", Period(months=3)), ("alle drei Monate", Period(months=3))],
)
def test_how_often_a_duty_comes_back_is_read_in_german_too(text, every):
    duties = [["Reference", "Name", "First due on", "Every"], ["A-1", "Review", "2026-06-30", text]]
    (draft,) = read(HEAD, ROW, obligations=duties).drafts
    assert draft.beside.obligations[0].fields["every"] == every


def test_a_map_says_what_a_column_is_and_which_are_ignored():
    given = ImportMap(columns={"Kdg.-Frist": MappedColumn("notice_period", "months")}, ignore=("Responsible",))
    intake = read([*HEAD, "KDG FRIST", "Owner", "Responsible"], [*ROW, 3, "a", "b"], given=given)
    (draft,) = intake.drafts
    assert draft.fields["notice_period"].period == Period(months=3)
    assert (draft.fields["owner"], intake.findings) == ("a", ())


def test_a_constant_fills_the_cells_that_say_nothing():
    given = ImportMap(constants={"owner": "olga@example.com", "counterparty": "Acme"})
    first, second = read(["Reference", "Owner"], ["A-1", ""], ["A-2", "max@example.com"], given=given).drafts
    assert (first.fields["owner"], second.fields["owner"]) == ("olga@example.com", "max@example.com")
    assert first.fields["counterparty"] == "Acme"


def test_a_constant_that_cannot_be_read_refuses_the_file():
    intake = read(HEAD, ROW, given=ImportMap(constants={"signed_on": "03/04/2026"}))
    assert codes(intake.findings) == [" ambiguous_day"]
    assert intake.is_refused


def test_a_clause_says_where_the_document_has_it():
    headers = [*HEAD, "Notice clause", "Term clause", "Renewal clause", "Survival clause"]
    (draft,) = read(headers, [*ROW, "12.3, p. 9", "cl. 2.1", "§ 4 Abs. 2, S. 7", "-"]).drafts
    assert draft.clauses["notice_period"] == Clause("12.3", 9)
    assert draft.clauses["term"] == Clause("2.1")
    assert draft.clauses["renewal"] == Clause("§ 4 Abs. 2", 7)


def test_people_are_read_with_roles_and_teams():
    people = [
        ["E-mail", "Name", "Manager", "Role", "Team", "Zone"],
        ["olga@example.com", "Olga", "Max", "legal", "a, b"],
    ]
    (person,) = read(HEAD, ROW, people=people).people
    assert person.email == "olga@example.com"
    assert person.fields == {"name": "Olga", "manager": "Max", "role": Role.LEGAL, "team": ("a", "b")}


def test_what_is_wrong_with_people_stands_at_their_cells():
    people = [["E-mail", "Role"], ["olga", "king"], ["", "legal"], ["a@x.org", ""], ["A@x.org", ""]]
    found = read(HEAD, ROW, people=people).people
    assert [codes(person.findings) for person in found] == [
        ["A2 no_address", "B2 unknown_role"],
        ["A3 required"],
        ["A4 address_twice"],
        ["A5 address_twice"],
    ]


def test_obligations_hang_on_their_agreement():
    duties = [
        ["Reference", "Name", "Kind", "First due on", "Every"],
        ["a-1", "SOC 2 report", "evidence", "2026-03-31", "yearly"],
        ["A-1", "Review", "", "2026-06-30", "every 3 months"],
        ["Z-9", "Audit", "audit", "2026-06-30", "month"],
    ]
    first, other = read(HEAD, ROW, obligations=duties).drafts
    assert [row.fields["name"] for row in first.beside.obligations] == ["SOC 2 report", "Review"]
    assert [row.fields["every"] for row in first.beside.obligations] == [Period(years=1), Period(months=3)]
    assert first.beside.obligations[0].fields["kind"] is ObligationKind.EVIDENCE
    assert (other.reference, other.fields, other.beside.obligations[0].fields["every"]) == ("Z-9", {}, Period(months=1))


def test_a_bad_obligation_fails_its_reference_alone():
    duties = [
        ["Reference", "Name", "First due on"],
        ["A-1", "", "2026-03-31"],
        ["A-2", "Review", "soon"],
        ["", "x", ""],
    ]
    first, second, third, nobody = read(HEAD, ROW, ["A-2", "b"], ["A-3", "c"], obligations=duties).drafts
    assert codes(first.errors) == ["B2 required"]
    assert codes(second.errors) == ["C3 unreadable_day"]
    assert third.errors == ()
    assert codes(nobody.errors) == ["A4 required"]


def test_a_sheet_that_nobody_knows_is_said_to_be_left_out():
    given = [["Reference", "What", "Given on"], ["A-1", "x", "2026-01-02"]]
    intake = read(HEAD, ROW, disclosures=given, Notes=[["hello"]])
    assert [(each.sheet, each.code, each.is_error) for each in intake.findings] == [("Notes", "unknown_sheet", False)]
    assert not intake.is_refused


def test_a_finding_reads_as_one_line():
    (draft,) = read([*HEAD, *"CDEFG", "Notice"], [*ROW, *"     ", "60"]).drafts
    assert [str(each) for each in draft.errors] == [
        'agreements!H2 "60": 60 what? Write 60 days or 60 business days.',
    ]
    assert str(Finding("s", "", "", "", "c", "It is so.")) == "s: It is so."


def test_a_map_is_made_from_plain_values():
    said = {"dates": "dmy", "columns": {"F": {"field": "notice_period_clause"}}, "accept": {"two-ends": "a typo"}}
    made = import_map(said)
    assert made.columns == {"F": MappedColumn("notice_period", is_clause=True)}
    assert (made.dates, dict(made.accept)) == ("dmy", {"two-ends": "a typo"})


@pytest.mark.parametrize(
    "said", [{"colums": {}}, {"dates": "ymd"}, {"columns": {"A": {"field": "x"}}}, {"constants": {"nothing": "1"}}]
)
def test_a_map_that_says_something_unknown_is_an_error(said):
    with pytest.raises(ImportMapError):
        import_map(said)


def test_a_name_that_no_database_keeps_is_told_at_its_cell():
    people = [["E-mail", "Name", "Team"], ["a@x.org", "x" * 201, "t" * 101], ["b@x.org", "x" * 200, "t" * 100]]
    long, fitting = read(HEAD, ROW, people=people).people
    assert [(one.cell, one.code) for one in long.findings] == [("B2", "too_long"), ("C2", "too_long")]
    assert fitting.findings == ()
