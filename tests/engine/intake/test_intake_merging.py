"""A draft laid over an agreement: provisions, people, law, contradictions."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine.intake.merging import to_agreement
from lifecycle.agreements.agreement import Accepted, Agreement, AgreementKind, Money
from lifecycle.agreements.status import Status
from lifecycle.counting.derivation import Clause
from lifecycle.days.dates import Counting, Period
from lifecycle.obligations.duties import Basis, Obligation, ObligationKind, Once, Recurrence
from lifecycle.terms.terms import (
    Anchor,
    AppliesTo,
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
from tests.support.intake import codes, context, read, registered

YEAR, MONTHS12 = Period(years=1), Period(months=12)
START = {"effective_on": "2026-01-01"}
FULL = START | {"term": "1 year", "renewal": "automatic", "notice_period": "60 days"}


def made(**cells):
    agreement, findings = registered(**cells)
    assert agreement is not None, [str(each) for each in findings]
    return agreement


def end_of(**cells):
    provisions = made(**START, **cells).provisions
    return provisions.end, provisions.convention


def test_a_new_agreement_is_a_draft_with_what_the_row_says():
    agreement = made(
        **FULL,
        title="Master services",
        kind="MSA",
        owner="Olga Novak",
        backup="max@example.com",
        value="EUR 240,000",
        tags="critical, it",
        governing_law="Germany",
        signed_on="2025-12-15",
        notice_clause="12.3, p. 9",
    )
    assert agreement == Agreement(
        id="new-1",
        reference="A-1",
        kind=AgreementKind.MSA,
        counterparty_id="c:acme labs gmbh",
        counterparty="Acme Labs GmbH",
        title="Master services",
        status=Status.DRAFT,
        owner_id="p1",
        backup_id="p2",
        signed_on=date(2025, 12, 15),
        effective_on=date(2026, 1, 1),
        provisions=replace(
            agreement.provisions,
            end=Lasting(YEAR),
            renewal=Renewal(RenewalKind.AUTOMATIC),
            notices=(Notice(Period(days=60), Side.EITHER, clause=Clause("12.3", 9)),),
        ),
        governing_law="Germany",
        calendar="DE:national",
        rules="bgb",
        time_zone="Europe/Berlin",
        value=Money(Decimal(240_000), "EUR"),
        tags=("critical", "it"),
        clauses=(("notice_period", Clause("12.3", 9)),),
    )


@pytest.mark.parametrize(
    ("cells", "end"),
    [
        ({"term": "1 year"}, (Lasting(YEAR), None)),
        ({"term": "1 year", "end_convention": "year end"}, (Lasting(YEAR), EndConvention.YEAR_END)),
        ({"last_on": "2026-12-31"}, (Until(date(2026, 12, 31)), None)),
        ({"last_on": "2026-12-31", "term": "1 year"}, (Lasting(YEAR), EndConvention.DAY_BEFORE)),
        ({"last_on": "2027-01-01", "term": "1 year"}, (Lasting(YEAR), EndConvention.ANNIVERSARY)),
        ({"last_on": "2027-01-31", "term": "1 year", "end_convention": "month end"}, None),
        ({"last_on": "perpetual"}, (OpenEnded(), None)),
        ({"term": "until terminated"}, (OpenEnded(), None)),
        ({"last_on": "9999-12-31"}, (OpenEnded(), None)),
        ({}, (OpenEnded(), None)),
    ],
)
def test_ends(cells, end):
    if end is None:
        assert registered(**START, **cells)[0] is None
    else:
        assert end_of(**cells) == end


def test_an_end_that_nobody_states_is_assumed_and_said():
    agreement, findings = registered(**START)
    assert "end" in agreement.assumed
    assert "unknown-end" in [each.code for each in findings]
    assert "end" not in made(**START, last_on="perpetual").assumed


def test_a_day_and_a_length_that_disagree_are_an_error_unless_accepted():
    cells = START | {"last_on": "2027-02-15", "term": "1 year"}
    refused, findings = registered(**cells)
    assert (refused, codes(findings, errors=True)) == (None, ["D2 two-ends"])
    kept, findings = registered(known=context(accept={"two-ends": "amended"}, accepted_by="olga"), **cells)
    assert kept.provisions.end == Until(date(2027, 2, 15), Lasting(YEAR))
    assert kept.accepted == (Accepted("two-ends", "amended", "olga"),)
    assert codes(findings, errors=True) == []


def test_a_length_that_fits_the_signing_is_counted_from_it_with_a_warning():
    agreement, findings = registered(signed_on="2025-12-01", **START, term="1 year", last_on="2026-11-30")
    assert agreement.provisions.end == Lasting(YEAR, date(2025, 12, 1))
    assert agreement.provisions.convention is EndConvention.DAY_BEFORE
    assert "counted_from_signing" in [each.code for each in findings]


def test_an_effective_day_that_comes_later_reconciles_day_and_length():
    first = made(term="1 year", last_on="2026-12-31")
    assert first.provisions.end == Until(date(2026, 12, 31), Lasting(YEAR))
    second, _ = registered(first, **START)
    assert (second.provisions.end, second.provisions.convention) == (Lasting(YEAR), EndConvention.DAY_BEFORE)


@pytest.mark.parametrize(
    ("cells", "renewal"),
    [
        ({"renewal": "automatic"}, Renewal(RenewalKind.AUTOMATIC)),
        (
            {"renewal": "automatic", "renewal_term": "6 months", "renewal_limit": "3"},
            Renewal(RenewalKind.AUTOMATIC, Period(months=6), 3),
        ),
        ({"renewal": "3 successive 1 year"}, Renewal(RenewalKind.AUTOMATIC, YEAR, 3)),
        ({"renewal_term": "12 months"}, Renewal(RenewalKind.AUTOMATIC, MONTHS12)),
        ({"renewal": "by agreement"}, Renewal(RenewalKind.BY_AGREEMENT)),
        ({"renewal": "never", "renewal_term": "12 months"}, Renewal(RenewalKind.NEVER)),
        ({"renewal": "-"}, Renewal(RenewalKind.NEVER)),
    ],
)
def test_renewals(cells, renewal):
    assert made(**START, term="1 year", **cells).provisions.renewal == renewal


def test_a_renewal_that_nobody_states_is_assumed_to_be_none():
    assert "renewal" in made(**START, term="1 year").assumed
    assert "renewal" not in made(**START, term="1 year", renewal="never").assumed


def test_a_notice_says_how_it_is_counted_and_sent():
    cells = FULL | {"notice_period": "at least 60 clear days", "notice_counts": "received", "notice_via": "courier"}
    assert made(**cells).provisions.notices == (
        Notice(
            Period(days=60),
            Side.EITHER,
            counting=Counting.CLEAR,
            at_least=True,
            counts_as=CountsAs.RECEIVED,
            method=DeliveryMethod("courier", Period(business_days=1)),
        ),
    )


@pytest.mark.parametrize(
    ("text", "days", "is_known"),
    [("email", 0, True), ("email or post", 2, True), ("courier", 1, True), ("pigeon", 2, False), ("by email", 0, True)],
)
def test_the_slowest_way_of_notice_is_reckoned_with(text, days, is_known):
    agreement, findings = registered(**FULL, notice_via=text)
    assert agreement.provisions.notices[0].method == DeliveryMethod(text, Period(business_days=days))
    assert ("unknown_method" not in [each.code for each in findings]) is is_known


def test_notice_without_renewal_is_an_error_at_its_cell_unless_accepted():
    cells = START | {"term": "1 year", "notice_period": "60 days"}
    refused, findings = registered(**cells)
    assert (refused, codes(findings, errors=True)) == (None, ["E2 notice-without-renewal"])
    assert next(each.remedy for each in findings if each.is_error) == (
        "Write under renewal how it renews (automatic, by option or by agreement) and under renewal_term for how long, "
        'such as 12 months; or write "-" under notice_period where it ends by itself; or say in a map why it is right, '
        "accept: {notice-without-renewal: REASON}."
    )
    mended, _ = registered(**cells | {"renewal": "automatic", "renewal_term": "12 months"})
    ending, _ = registered(**cells | {"notice_period": "-"})
    assert (mended.provisions.renewal.kind, ending.provisions.notices) == (RenewalKind.AUTOMATIC, ())
    kept, _ = registered(known=context(accept={"notice-without-renewal": "courtesy"}), **cells)
    assert kept.provisions.notices == (Notice(Period(days=60), Side.EITHER),)


def test_notice_of_an_agreement_without_an_end_means_leaving():
    agreement, findings = registered(**START, last_on="perpetual", notice_period="60 days")
    assert agreement.provisions.for_convenience == (ForConvenience(Side.EITHER, Period(days=60)),)
    assert agreement.provisions.notices == ()
    assert "D2 notice_to_terminate" not in codes(findings)
    assert "E2 notice_to_terminate" in codes(findings, errors=False)


def test_survival_is_counted_from_the_real_end_if_nothing_else_is_said():
    agreement = made(**START, last_on="perpetual", survival="3 years")
    assert agreement.provisions.survivals == (Survival("confidentiality", Period(years=3), Anchor.TERMINATION),)
    assert "survival_from" in agreement.assumed
    other = made(**START, last_on="perpetual", survival="perpetual", survival_from="expiry")
    assert other.provisions.survivals == (Survival("confidentiality", None, Anchor.EXPIRY),)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, ("SAT_SUN", "us-contract", ["calendar", "rules"])),
        ({"governing_law": "Atlantis"}, ("SAT_SUN", "us-contract", ["calendar", "rules"])),
        ({"governing_law": "Germany"}, ("DE:national", "bgb", [])),
        ({"governing_law": "Germany", "calendar": "DE-BE"}, ("DE-BE", "bgb", [])),
        ({"calendar": "DE-BE"}, ("DE-BE", "us-contract", ["rules"])),
        ({"calendar": "DE-BE", "rules": "bgb"}, ("DE-BE", "bgb", [])),
    ],
)
def test_law_calendar_and_rules(cells, expected):
    agreement = made(**FULL, **cells)
    assert (agreement.calendar, agreement.rules, list(agreement.assumed)) == expected


def test_a_stated_calendar_outlives_another_law():
    first = made(**FULL, governing_law="Germany", calendar="DE-BE")
    second, _ = registered(first, governing_law="New York")
    assert (second.calendar, second.rules) == ("DE-BE", "us-contract")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"owner": "Nobody"}, "C2 unknown_person"),
        ({"owner": "Max Meyer"}, "C2 ambiguous_person"),
        ({"restricted_to": "olga@example.com; strangers"}, "C2 unknown_person"),
        ({"calendar": "XX-YY"}, "C2 unknown-calendar"),
        ({"value": "5"}, "C2 currency_missing"),
        ({"value": "EUR 5", "currency": "USD"}, "D2 two_currencies"),
        ({"value": "1.234", "currency": "KWD"}, "C2 ambiguous_amount"),
        ({"counterparty": ""}, "B2 required"),
    ],
)
def test_what_stands_for_nothing_is_an_error_at_its_cell(cells, code):
    agreement, findings = registered(**cells)
    assert (agreement, codes(findings, errors=True)) == (None, [code])


@pytest.mark.parametrize(
    ("cells", "amount", "warned"),
    [
        ({"value": "1,234.567", "currency": "KWD"}, "1234.567", False),
        ({"value": "1.234", "currency": "EUR"}, "1234.00", False),
        ({"value": "EUR 1,234.567"}, "1234.57", True),
    ],
)
def test_an_amount_has_the_decimal_places_of_its_currency(cells, amount, warned):
    agreement, findings = registered(**FULL, **cells)
    assert (str(agreement.value.amount), "amount_rounded" in [one.code for one in findings]) == (amount, warned)


def test_people_and_teams_may_be_named_in_many_ways():
    agreement = made(**FULL, owner="Olga <OLGA@example.com>", restricted_to="olga novak; legal")
    assert (agreement.owner_id, agreement.restricted_to) == ("p1", ("p1", "team:legal"))


def test_an_unknown_parent_is_a_warning():
    _, findings = registered(known=context(is_known=lambda _: False), parent="M-1")
    assert "C2 unknown_parent" in codes(findings, errors=False)


def test_impossible_terms_are_an_error_at_the_cell_to_blame():
    agreement, findings = registered(effective_on="2026-02-01", last_on="2026-01-31")
    assert (agreement, codes(findings, errors=True)) == (None, ["D2 ends-before-start"])


def test_without_an_effective_day_the_signing_is_taken():
    agreement, findings = registered(signed_on="2026-01-01", last_on="perpetual")
    assert (agreement.effective_on, "effective_on" in agreement.assumed) == (None, True)
    assert "effective-assumed" in [each.code for each in findings]


def test_without_any_first_day_it_is_registered_as_a_gap():
    agreement, findings = registered(term="1 year", renewal="automatic")
    assert agreement.provisions.end == Lasting(YEAR)
    assert "no-first-day" in [each.code for each in findings]


@pytest.mark.parametrize(
    ("cells", "is_asked"),
    [
        ({}, True),
        ({"last_on": "perpetual"}, False),
        ({"last_on": "perpetual", "notice_period": "30 days"}, True),
        ({"last_on": "perpetual", "notice_period": "30 days", "notice_ends": "any-day"}, False),
        ({"term": "1 year"}, True),
    ],
)
def test_whether_it_renews_is_no_question_of_what_has_no_end_and_says_how_it_is_left(cells, is_asked):
    """Where a notice does not say what it ends, it is taken as one to leave, and somebody has to read it."""
    assert ("renewal" in made(**START, **cells).assumed) is is_asked


def test_who_says_to_what_days_a_notice_ends_it_has_read_it():
    unclear = made(**START, last_on="perpetual", notice_period="30 days")
    read_now, findings = registered(unclear, reference=unclear.reference, notice_ends="any-day")
    assert ("renewal" in unclear.assumed, "renewal" in read_now.assumed) == (True, False)
    assert "notice_to_terminate" not in [each.code for each in findings]
    longer, findings = registered(read_now, reference=unclear.reference, notice_period="60 days")
    assert ("renewal" in longer.assumed, [each.code for each in findings]) == (False, [])


def test_the_same_row_again_changes_nothing():
    cells = FULL | {"owner": "Olga Novak", "last_on": "2026-12-31", "governing_law": "Germany", "survival": "3 years"}
    first = made(**cells)
    assert registered(first, **cells)[0] == first


def test_an_empty_cell_leaves_and_a_clearing_word_takes_away():
    first = made(**FULL, title="One", owner="Olga Novak", survival="3 years")
    assert registered(first, title="", owner="", notice_period="")[0] == first
    second, _ = registered(first, title="-", owner="none", survival="n/a")
    assert (second.title, second.owner_id, second.provisions.survivals) == ("", None, ())
    assert second.provisions.notices == first.provisions.notices


def test_one_edited_cell_amends_one_field():
    first = made(**FULL, title="One")
    second, _ = registered(first, notice_period="90 days")
    expected = replace(first.provisions, notices=(Notice(Period(days=90), Side.EITHER),))
    assert second == replace(first, provisions=expected)


def test_another_stated_day_may_state_another_convention():
    first = made(**START, term="1 year", last_on="2026-12-31")
    second, _ = registered(first, last_on="2027-01-01")
    assert (second.provisions.end, second.provisions.convention) == (Lasting(YEAR), EndConvention.ANNIVERSARY)


def test_what_columns_cannot_say_stays():
    first = made(**FULL)
    special = Notice(Period(days=60), Side.OURS, AppliesTo.INITIAL, opens=Period(days=180), counting=Counting.INCLUSIVE)
    other = Notice(Period(days=30), Side.THEIRS)
    ends = EarlierOf((Lasting(YEAR), Upon("completion")))
    renewal = Renewal(RenewalKind.AUTOMATIC, YEAR)
    provided = replace(first.provisions, end=ends, renewal=renewal, notices=(special, other))
    rich = replace(first, provisions=provided)
    same, findings = registered(rich, notice_period="60 days", renewal="automatic")
    assert same == rich, [str(each) for each in findings]
    changed, _ = registered(rich, notice_period="45 days", renewal="automatic")
    assert changed.provisions.notices == (replace(special, period=Period(days=45), counting=None), other)


def test_obligations_are_merged_by_name():
    def duties(*rows):
        head = ["Reference", "Name", "Kind", "First due on", "Every", "Owner"]
        (draft,) = read(["Reference", "Counterparty"], ["A-1", "x"], obligations=[head, *rows]).drafts
        return draft

    first, _ = to_agreement(
        duties(["A-1", "Report", "evidence", "2026-03-31", "yearly", "Olga Novak"], ["A-1", "Visit", "", "2026-05-01"]),
        None,
        context(),
    )
    assert first.obligations == (
        Obligation(
            id="new-2",
            kind=ObligationKind.EVIDENCE,
            name="Report",
            due=Recurrence(YEAR, date(2026, 3, 31), Basis.ANCHOR, first=0),
            owner_id="p1",
        ),
        Obligation(id="new-3", kind=ObligationKind.DUTY, name="Visit", due=Once(date(2026, 5, 1))),
    )
    same, _ = to_agreement(duties(["A-1", "report", "", "", "yearly"]), first, context())
    assert same == first
    moved, _ = to_agreement(duties(["A-1", "Visit", "", "2026-06-01"]), first, context())
    assert moved.obligations[1] == replace(first.obligations[1], due=Once(date(2026, 6, 1)))
    for row, code in ((["A-1", "New"], "required"), (["A-1", "New", "", "2026-01-01", "0 days"], "recurrence")):
        refused, findings = to_agreement(duties(row), first, context())
        assert (refused, [each.code for each in findings if each.is_error]) == (None, [code])


def test_a_reference_that_stands_twice_fails_both_times():
    found = read(["Reference", "Counterparty"], ["A-1", "x"], ["B", "y"], ["a-1", "z"]).drafts
    assert [codes(draft.errors) for draft in found] == [["A2 reference_twice"], [], ["A4 reference_twice"]]


def test_a_counterparty_that_is_blanked_out_gets_a_name_of_its_own():
    agreement, findings = registered(counterparty="[ * * * ]")
    assert agreement.counterparty == "Unknown (A-1)"
    assert "B2 placeholder" in codes(findings, errors=False)


def test_whom_nobody_knows_is_said_with_all_else_that_is_wrong_in_a_row():
    made, findings = registered(
        term="12", owner="Nobody", backup="Max Meyer", restricted_to="strangers", effective_on="soon"
    )
    assert made is None
    assert sorted(codes(findings, errors=True)) == [
        "C2 unit_missing", "D2 unknown_person", "E2 ambiguous_person", "F2 unknown_person", "G2 unreadable_day"
    ]  # fmt: skip


def test_what_stands_beside_the_agreements_and_belongs_to_none_names_its_own_cell():
    intake = read(["Reference", "Counterparty"], obligations=[["Reference", "Name"], ["A-9", "Report"]])
    (found,) = intake.drafts
    made_of, findings = to_agreement(found, None, context())
    assert made_of is None
    assert [str(one) for one in findings] == [
        "obligations, row 2: An obligation needs a day on which it is first due. Fill in first_due_on.",
        'obligations!A2 "A-9": No agreement has the reference "A-9". Correct it, or add a row for the agreement.',
    ]


def test_a_renewal_of_no_length_is_said_of_the_length():
    made_of, findings = registered(**START, term="1 year", renewal="automatic", renewal_term="0 months")
    assert (made_of, codes(findings, errors=True)) == (None, ["F2 zero-renewal"])
