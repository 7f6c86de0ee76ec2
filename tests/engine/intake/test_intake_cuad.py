"""The register of real agreements: every row is a draft that can be registered, or says at which cell why not."""

from collections import Counter
from datetime import date

import pytest

from engine.intake.import_map import DayOrder, ImportMap
from engine.intake.merging import to_agreement
from engine.intake.reading import read_intake
from engine.intake.workbook import read_workbook
from lifecycle.days.dates import Period
from lifecycle.terms.terms import EndConvention, Lasting, RenewalKind, Until
from tests.support.intake import context

MDY = DayOrder.MDY

#: What is wrong in the cells, whatever the format of the file.
ERRORS = {
    "Signed on redacted": 33,
    "Effective on redacted": 26,
    "Expires on redacted": 14,
    "Expires on several_days": 1,
    "Expires on ends-before-start": 2,
    "Renewal renewal-length-unknown": 4,
    "Renewal renewal-of-open-ended": 4,
    "Renewal unknown_renewal": 2,
    "Renewal ambiguous-period": 1,
    "Renewal redacted": 1,
    "Notice period ambiguous-period": 3,
    "Notice period redacted": 1,
}
DAY_FIRST = {"Expires on day_order": 1}  # CU-0054
WARNINGS = {
    "Type unknown_kind": 278,
    "Renewal renewal_assumed": 78,
    "Counterparty placeholder": 7,
    "Notice period notice_to_terminate": 1,  # CU-0269
    "Effective on effective-assumed": 65,
    "Effective on no-first-day": 18,
    "Signed on signed-after-effective": 9,
    "Notice period renews-without-notice": 20,
    "Notice period notice-in-earlier-term": 3,
}


@pytest.fixture(scope="module")
def files(shared_data):
    folder = shared_data / "cuad"
    if not (folder / "register.csv").is_file():
        pytest.skip("../shared/data/cuad/register.csv is not there: CUAD tests not run")
    return {ending: read_workbook(folder / f"register.{ending}") for ending in ("csv", "xlsx")}


def outcome(book, dates=None, given=None):
    intake = read_intake(book, given, dates=dates)
    known = context(laws=lambda _: None)
    return {draft.reference: (draft, *to_agreement(draft, None, known)) for draft in intake.drafts}


def counted(rows, *, errors):
    found = (each for _, _, findings in rows.values() for each in findings)
    return Counter(f"{each.column} {each.code}" for each in found if each.is_error is errors)


@pytest.fixture(scope="module")
def csv(files):
    return outcome(files["csv"], MDY)


@pytest.fixture(scope="module")
def xlsx(files):
    return outcome(files["xlsx"], MDY)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_every_column_is_recognised(files, ending):
    intake = read_intake(files[ending])
    assert [(column.text, column.field) for column in intake.plan.columns] == [
        ("Reference", "reference"),
        ("Title", "title"),
        ("Type", "kind"),
        ("Counterparty", "counterparty"),
        ("Signed on", "signed_on"),
        ("Effective on", "effective_on"),
        ("Expires on", "last_on"),
        ("Initial term", "term"),
        ("Renewal", "renewal"),
        ("Notice period", "notice_period"),
        ("Governing law", "governing_law"),
        ("Document", "document"),
    ]
    settled = ["day_order_settled"] * 2 if ending == "csv" else []  # a sheet's days are days
    assert ([one.code for one in intake.findings], len(intake.drafts)) == (settled, 297)


def test_each_row_is_registered_or_says_why_not(csv, xlsx):
    for rows in (csv, xlsx):
        assert Counter(made is not None for _, made, _ in rows.values()) == {True: 241, False: 56}
        for _, made, findings in rows.values():
            wrong = [each for each in findings if each.is_error]
            assert (made is None) is bool(wrong)
            assert all(each.cell and each.message and each.remedy for each in wrong)


def test_what_is_wrong_in_the_csv_is_counted_exactly(csv):
    two_digits = {"Signed on two_digit_year": 237, "Effective on two_digit_year": 177, "Expires on two_digit_year": 130}
    laws = {"Governing law unknown_law": 208}
    assert counted(csv, errors=True) == ERRORS | DAY_FIRST
    ends = {"Expires on unknown-end": 91}
    assert counted(csv, errors=False) == WARNINGS | two_digits | laws | ends


def test_what_is_wrong_in_the_workbook_is_counted_exactly(xlsx):
    assert counted(xlsx, errors=True) == ERRORS | DAY_FIRST
    assert counted(xlsx, errors=False) == WARNINGS | {"Governing law unknown_law": 208, "Expires on unknown-end": 91}


def test_both_files_make_the_same_agreements(csv, xlsx):
    assert csv.keys() == xlsx.keys()
    for reference, (draft, _, _) in csv.items():
        assert xlsx[reference][0].fields == draft.fields


def test_the_day_first_value_is_an_error_at_its_cell(csv):
    _, made, findings = csv["CU-0054"]
    (wrong,) = [each for each in findings if each.is_error]
    assert (made, wrong.cell, wrong.value, wrong.code) == (None, "G55", "31/01/2025", "day_order")


def test_without_an_order_the_columns_settle_what_they_can(files):
    intake = read_intake(files["csv"])
    assert intake.orders == {"Signed on": MDY, "Effective on": MDY, "Expires on": None}
    found = Counter(each.code for draft in intake.drafts for each in draft.errors if each.column == "Expires on")
    assert found == {"ambiguous_day": 33, "redacted": 14, "several_days": 1}
    (draft,) = [draft for draft in intake.drafts if draft.reference == "CU-0054"]
    assert draft.fields["last_on"] == date(2025, 1, 31)


def test_the_workbook_needs_no_order(files):
    rows = outcome(files["xlsx"])
    assert counted(rows, errors=True) == ERRORS
    assert rows["CU-0054"][1].provisions.end == Until(date(2025, 1, 31))


def test_a_second_import_changes_nothing(csv):
    known = context(laws=lambda _: None)
    for draft, made, _ in csv.values():
        if made is not None:
            assert to_agreement(draft, made, known)[0] == made


def test_an_owner_may_be_given_for_all(files):
    given = ImportMap(constants={"owner": "olga@example.com"}, dates=MDY)
    owners = Counter(made.owner_id for _, made, _ in outcome(files["csv"], given=given).values() if made)
    assert owners == {"p1": 241}


def test_a_stated_day_settles_the_convention_of_its_length(csv):
    found = Counter(
        (type(made.provisions.end).__name__, made.provisions.convention)
        for draft, made, _ in csv.values()
        if made and "term" in draft.fields
    )
    assert found == {("Lasting", EndConvention.ANNIVERSARY): 63, ("Lasting", EndConvention.DAY_BEFORE): 7}


@pytest.mark.parametrize(
    ("reference", "end", "convention", "renewal"),
    [
        ("CU-0001", Lasting(Period(years=1)), EndConvention.ANNIVERSARY, Period(years=1)),
        ("CU-0014", Lasting(Period(years=3)), EndConvention.DAY_BEFORE, None),
    ],
)
def test_known_agreements(csv, reference, end, convention, renewal):
    provisions = csv[reference][1].provisions
    assert (provisions.end, provisions.convention, provisions.renewal.period) == (end, convention, renewal)
    assert (provisions.renewal.kind is RenewalKind.AUTOMATIC) is (renewal is not None)


def test_titles_with_line_breaks_are_one_line(csv):
    assert not [draft.reference for draft, _, _ in csv.values() if "\n" in draft.fields["title"]]


def test_stated_days_equal_the_labels(csv, shared_data):
    import json

    gold = json.loads((shared_data / "cuad" / "gold.json").read_text(encoding="utf-8"))
    checked = Counter()
    for reference, (draft, _, _) in csv.items():
        for field, label in (("signed_on", "agreement"), ("effective_on", "effective"), ("last_on", "expiration")):
            value = draft.fields.get(field)
            if value is not None:
                checked[field] += 1
                assert str(value) == gold[reference][label], (reference, field)
    assert checked == {"signed_on": 237, "effective_on": 177, "last_on": 170}
