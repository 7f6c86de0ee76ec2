"""What is written imports again: the register, the template, the correction file."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.intake.corrections import Failed, write_corrections
from engine.intake.export import write_register, write_template
from engine.intake.headers import AGREEMENT_FIELDS
from engine.intake.import_map import DayOrder
from engine.intake.merging import to_agreement
from engine.intake.reading import read_intake
from engine.intake.sheets import Book
from engine.intake.workbook import read_workbook
from lifecycle.agreements.agreement import Agreement, AgreementKind, Money, Provisions
from lifecycle.counting.derivation import Clause
from lifecycle.days.dates import Counting, Period
from lifecycle.obligations.duties import (
    Basis,
    Direction,
    Obligation,
    ObligationKind,
    Offset,
    OffsetFrom,
    Once,
    Recurrence,
)
from lifecycle.people import Person, Role
from lifecycle.terms.terms import (
    Anchor,
    CountsAs,
    DeliveryMethod,
    EarlierOf,
    EndConvention,
    ForConvenience,
    Lasting,
    Notice,
    OpenEnded,
    Renewal,
    RenewalKind,
    Side,
    Survival,
    Until,
    Upon,
)
from tests.support.intake import LAWS, MAX, OLGA, OTHER_MAX, codes, context

PEOPLE = (replace(OLGA, role=Role.LEGAL, manager_id="p2", teams=("legal", "it")), MAX, OTHER_MAX)
AUTOMATIC = Renewal(RenewalKind.AUTOMATIC, Period(months=12), 3)


def agreement(reference="A-1", **fields):
    known = {
        "id": reference,
        "reference": reference,
        "kind": AgreementKind.MSA,
        "counterparty_id": "c:acme",
        "counterparty": "Acme",
        "effective_on": date(2026, 1, 1),
        "time_zone": "Europe/Berlin",
        "assumed": ("calendar", "rules"),
    }
    return Agreement(**(known | fields))


def provided(**parts):
    return {"provisions": Provisions(**({"end": Lasting(Period(years=1))} | parts))}


REGISTER = [
    agreement(
        "FULL",
        title="=1+1",
        note="+one\n-two",
        template="Mutual NDA 3.2",
        project="Falcon:\nwind tunnel data alone",
        document="@x",
        tags=("a", "b"),
        value=Money(Decimal("1.23"), "EUR"),
        owner_id="p1",
        backup_id="p2",
        restricted_to=("p1", "team:legal"),
        signed_on=date(2025, 12, 31),
        parent="LAW",
        clauses=(("notice_period", Clause("12.3", 9)), ("term", Clause("2"))),
        **provided(
            renewal=AUTOMATIC,
            convention=EndConvention.YEAR_END,
            notices=(
                Notice(
                    Period(days=60),
                    Side.EITHER,
                    counting=Counting.CLEAR,
                    at_least=True,
                    counts_as=CountsAs.SENT,
                    method=DeliveryMethod("courier", Period(business_days=3), cutoff=None),
                ),
            ),
        ),
    ),
    agreement("LAW", governing_law="Germany", calendar="DE:national", rules="bgb", assumed=(), **provided()),
    agreement("STATED", governing_law="Germany", calendar="DE-BE", rules="us-contract", assumed=(), **provided()),
    agreement(
        "NONE", title="none", counterparty="#N/A", note="-", assumed=("calendar", "renewal", "rules"), **provided()
    ),
    agreement(
        "UNTIL",
        **provided(end=Until(date(1900, 1, 31)), convention=EndConvention.EXPLICIT),
        effective_on=date(1900, 1, 1),
    ),
    agreement("OPEN", **provided(end=OpenEnded(), for_convenience=(ForConvenience(Side.EITHER, Period(months=3)),))),
    agreement("UNKNOWN", assumed=("calendar", "end", "renewal", "rules"), **provided(end=OpenEnded())),
    agreement(
        "RICH",
        **provided(
            end=EarlierOf((Lasting(Period(years=1)), Upon("completion"))),
            renewal=AUTOMATIC,
            notices=(
                Notice(Period(days=60), Side.OURS, counting=Counting.INCLUSIVE),
                Notice(Period(days=30), Side.THEIRS),
            ),
        ),
    ),
    agreement(
        "SURVIVES",
        **provided(
            survivals=(
                Survival("confidentiality", None, Anchor.EACH_DISCLOSURE),
                Survival("audit", Period(years=1), Anchor.EXPIRY),
            )
        ),
    ),
    agreement(
        "DUTIES",
        obligations=(
            Obligation(id="1", kind=ObligationKind.AUDIT, name="Audit", due=Once(date(2026, 5, 1)), owner_id="p1"),
            Obligation(
                id="2",
                kind=ObligationKind.FEE,
                name="Fee",
                due=Recurrence(Period(months=3), date(2026, 1, 31), Basis.ANCHOR),
            ),
            Obligation(
                id="3",
                kind=ObligationKind.REVIEW,
                name="Review",
                due=Recurrence(Period(months=3), date(2026, 1, 31), Basis.QUARTER),
            ),
            Obligation(
                id="4",
                kind=ObligationKind.RETURN,
                name="Return",
                due=Offset(Period(days=30), Direction.AFTER, OffsetFrom.LAST_DAY),
            ),
        ),
        **provided(),
    ),
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register.xlsx"


def test_a_written_register_imports_without_a_change(path):
    write_register(path, REGISTER, PEOPLE, laws=LAWS.get)
    intake = read_intake(read_workbook(path))
    assert [str(each) for each in intake.findings] == []
    by_reference = {each.reference: each for each in REGISTER}
    for draft in intake.drafts:
        made, findings = to_agreement(draft, by_reference[draft.reference], context())
        assert made == by_reference[draft.reference], [str(each) for each in findings]
    assert len(intake.drafts) == len(REGISTER)


def test_people_are_written_as_they_are_read(path):
    write_register(path, [], PEOPLE, laws=LAWS.get)
    olga, *_ = read_intake(read_workbook(path)).people
    assert olga.email == "olga@example.com"
    assert olga.fields == {
        "name": "Olga Novak",
        "manager": "max@example.com",
        "role": Role.LEGAL,
        "team": ("legal", "it"),
    } | ({} if not OLGA.time_zone else {"zone": OLGA.time_zone}) | {"role": Role.LEGAL}


def test_text_that_looks_like_a_formula_is_protected(path):
    write_register(path, [agreement(title="=HYPERLINK(1)")], [], laws=LAWS.get)
    sheet = read_workbook(path).sheets[0]
    assert sheet.rows[1][sheet.rows[0].index("title")] == "'=HYPERLINK(1)"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(title=st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40))
def test_any_title_comes_back(path, title):
    title = " ".join(title.split())
    kept = agreement(title=title, **provided())
    write_register(path, [kept], [], laws=LAWS.get)
    (draft,) = read_intake(read_workbook(path)).drafts
    assert to_agreement(draft, kept, context())[0] == kept


def test_the_template_has_every_column_and_no_row(path):
    write_template(path)
    book = read_workbook(path)
    intake = read_intake(book)
    assert [column.field for column in intake.plan.columns] == list(AGREEMENT_FIELDS)
    assert [sheet.name for sheet in book.sheets] == ["agreements", "obligations", "disclosures", "assets", "people"]
    assert (intake.drafts, intake.people, intake.findings) == ((), (), ())


CSV = (
    "Reference;Counterparty;Colour;Signed on;Expires on;Notice\n"
    "A-1;=Acme;red;3/4/2026;31/12/2026;60\n"
    "A-2;Good;red;4/13/2026;;60 days\n"
    "A-3;Other;;3/4/2026;none;5 days; \n"
)


def _failed(intake, known):
    results = [(draft, *to_agreement(draft, None, known)) for draft in intake.drafts]
    return [Failed(draft, findings) for draft, made, findings in results if made is None]


def test_a_mended_correction_file_imports(path):
    known = context(accept={"notice-without-renewal": "yes"})
    intake = read_intake(read_workbook(CSV.encode(), "contracts.csv"), dates=DayOrder.MDY)
    failed = _failed(intake, known)
    assert [each.draft.reference for each in failed] == ["A-1"]
    write_corrections(path, failed)
    book = read_workbook(path)
    assert (book.sheets[0].name, len(book.sheets[0].rows)) == ("contracts", 2)
    headers, row = book.sheets[0].rows
    assert headers == ["Reference", "Counterparty", "Colour", "Signed on", "Expires on", "Notice", "Problem"]
    assert row[:6] == ["A-1", "'=Acme", "red", date(2026, 3, 4), "31/12/2026", "60"]
    whole = "Write the whole day, such as 2026-12-31."
    assert row[6].splitlines() == [
        f"Expires on: This does not fit the order of its column (month, day, year). {whole}",
        "Notice: 60 what? Write 60 days or 60 business days.",
    ]
    row[4:6] = ["2026-12-31", "60 days"]
    (draft,) = read_intake(book).drafts
    made, findings = to_agreement(draft, None, known)
    assert codes(findings, errors=True) == []
    assert (made.counterparty, made.signed_on) == ("=Acme", date(2026, 3, 4))


def test_a_failed_obligation_goes_with_its_agreement(path):
    import xlsxwriter

    source = path.with_name("source.xlsx")
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet("Contracts")
        sheet.write_row(0, 0, ["Reference", "Counterparty"])
        sheet.write_row(1, 0, ["A-1", "Acme"])
        sheet = book.add_worksheet("obligations")
        sheet.write_row(0, 0, ["Reference", "Name", "First due on"])
        sheet.write_row(1, 0, ["A-1", "Audit", "soon"])
    write_corrections(path, _failed(read_intake(read_workbook(source)), context()))
    contracts, obligations = read_workbook(path).sheets
    assert contracts.rows == [["Reference", "Counterparty", "Problem"], ["A-1", "Acme"]]
    assert obligations.rows[1][:3] == ["A-1", "Audit", "soon"]
    assert obligations.rows[1][3].startswith("First due on: This is no day.")


def test_a_person_that_failed_is_corrected_too(path):
    import xlsxwriter

    source = path.with_name("source.xlsx")
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet("people")
        sheet.write_row(0, 0, ["Email", "Name"])
        sheet.write_row(1, 0, ["olga", "Olga"])
    (person,) = read_intake(read_workbook(source)).people
    write_corrections(path, [Failed(person, person.findings)])
    (sheet,) = read_workbook(path).sheets
    assert sheet.rows[1][:2] == ["olga", "Olga"]
    assert sheet.rows[1][2].startswith("Email: This is no mail address.")


NOBODY_YET = """Reference,Counterparty,Owner,Backup
A-1,Acme,new@example.com,Nora New
A-2,Acme,NEW@example.com,olga@example.com
A-3,Acme,olga@example.com,nora new
"""


def test_who_is_named_and_not_known_is_listed_once_in_a_sheet_that_adds_them(path):
    intake = read_intake(read_workbook(NOBODY_YET.encode(), "contracts.csv"))
    write_corrections(path, _failed(intake, context()))
    rows, people = read_workbook(path).sheets
    assert (len(rows.rows), people.name) == (4, "people")
    assert [row[:3] for row in people.rows] == [
        ["email", "name", "role"], ["new@example.com", "", ""], ["", "Nora New", ""],
    ]  # fmt: skip
    assert [row[3].partition(":")[0] for row in people.rows[1:]] == [
        "Nobody here has this address yet", "Nobody here bears this name yet",
    ]  # fmt: skip
    added, nameless = read_intake(read_workbook(path)).people
    assert (added.email, added.errors) == ("new@example.com", ())
    assert [one.column for one in nameless.errors] == ["email"]


def test_a_person_of_another_house_has_no_address(path):
    write_register(
        path, [agreement(owner_id="gone", **provided())], [Person(id="x", email="x@example.com")], laws=LAWS.get
    )
    sheet = read_workbook(path).sheets[0]
    assert sheet.rows[1][sheet.rows[0].index("owner")] == ""


def test_sheets_whose_long_names_begin_alike_are_told_apart(path):
    with Book(path) as book:
        for end in "abc":
            book.sheet(f"Agreements of the whole of Europe {end}", ["reference"], [["ACME-7"]])
    assert [sheet.name for sheet in read_workbook(path).sheets] == [
        "Agreements of the whole of Euro",
        "Agreements of the whole of Eu 2",
        "Agreements of the whole of Eu 3",
    ]
