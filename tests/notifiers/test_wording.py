from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.holiday_calendars import business_calendar
from lifecycle.counting.derivation import ASSUMPTIONS
from lifecycle.counting.rules import US_CONTRACT
from lifecycle.days.periods import Period
from lifecycle.delivery import DeliveryKind
from lifecycle.milestones.milestone import MARKERS, Answer, Decision, MilestoneKind, MilestoneState
from lifecycle.terms.terms import (
    CountsAs,
    Lasting,
    Notice,
    Reckoning,
    Renewal,
    RenewalKind,
    Side,
    Terms,
    window_of,
)
from notifiers import wording
from notifiers.sheet import Recipient, Standing
from tests.support.facts import HOSTILE, TODAY, deadline, digest, facts

KINDS = list(MilestoneKind)
CARD = """\
Send non-renewal notice to Acme Labs GmbH by Tue 1 Dec 2026 (in 10 days), or it renews for 12 months (EUR 240,000).
 1  31 Jan 2027  the term ends: 1 Feb 2024 + 36 months - 1 day                                cl. 2.1, p. 3
 2   2 Dec 2026  60 days before, the day of notice not counted: "no later than sixty"         cl. 12.3, p. 9
 4   1 Dec 2026  courier: received the next business day. LAST SAFE DAY, 17:00 Europe/Berlin  cl. 18.2
 5  24 Nov 2026  5 business days before: target day                                           playbook
Nominal 2 Dec, latest 2 Dec. Sent, not received: +1 day; clear days: -1. Not verified. Computed aid, not legal advice.\
"""


def test_the_lead_line_says_what_by_which_day_and_what_otherwise():
    assert wording.lead_line(deadline(), TODAY) == (
        "Send non-renewal notice to Acme Labs GmbH by Tue 1 Dec 2026 (in 10 days), or it renews for 12 months."
    )


def test_the_lead_line_for_a_feed_says_no_relative_day():
    said = wording.lead_line(deadline(counterparty=""))
    assert said == "Send non-renewal notice by Tue 1 Dec 2026, or it renews for 12 months."


def test_an_overdue_deadline_is_asked_for_now():
    assert wording.lead_line(deadline(), date(2026, 12, 2)) == (
        "Send non-renewal notice to Acme Labs GmbH now, or it renews for 12 months."
        " The last safe day was Tue 1 Dec 2026 (yesterday)."
    )
    assert wording.lead_line(deadline(MilestoneKind.AUDIT), date(2026, 12, 9)).startswith("Carry out the audit of Acme")


def test_a_notice_that_is_late_by_every_reading_is_asked_for_no_more():
    assert wording.lead_line(deadline(), date(2026, 12, 3)) == (
        "It is too late to send non-renewal notice to Acme Labs GmbH: the last safe day was Tue 1 Dec 2026 (2 days "
        "ago), and it renews for 12 months unless they agree otherwise. Ask them, and record what was decided."
    )
    late = wording.lead_line(deadline(MilestoneKind.OPTION), date(2026, 12, 3))
    assert late.startswith("It is too late to send notice to renew to Acme Labs GmbH: the last safe day was Tue 1 Dec")
    assert ", and it ends with Sun 31 Jan 2027 unless they agree otherwise." in late


def test_a_row_asks_as_the_lead_line_does():
    assert wording.row_lead(deadline(), TODAY) == ("Send non-renewal notice", " or it renews for 12 months")
    assert wording.row_lead(deadline(), date(2026, 12, 2)) == ("Send non-renewal notice", " or it renews for 12 months")
    late = "Too late to send non-renewal notice", ": ask them to agree, or it renews for 12 months"
    assert wording.row_lead(deadline(), date(2026, 12, 3)) == late


@pytest.mark.parametrize(
    ("kind", "subject", "name", "lead", "otherwise"),
    [
        (
            MilestoneKind.DUTY, "audit-notice.a1", "Announce the audit: security",
            "Announce the audit “security” to Acme Labs GmbH", "they may refuse to be audited in time",
        ),
        (
            MilestoneKind.DUTY, "audit-notice.a1", "Announce the audit",
            "Announce the audit to Acme Labs GmbH", "they may refuse to be audited in time",
        ),
        (
            MilestoneKind.AUDIT, "audit-retest.f1.2", "Re-test: No backups",
            "Test again what was found: “No backups” at Acme Labs GmbH", "nobody knows whether it is remedied",
        ),
        (
            MilestoneKind.DUTY, "asset.k7.licence", "Renew or replace the licence of Maps",
            "Renew or replace the licence of “Maps”", "it may be used no longer",
        ),
        (
            MilestoneKind.DUTY, "o1", "Announce the audit: of the books",
            "Fulfil the duty “Announce the audit: of the books” to Acme Labs GmbH", "the duty is broken",
        ),
    ],
)  # fmt: skip
def test_what_is_of_a_kind_and_yet_another_thing_is_said_in_its_own_words(kind, subject, name, lead, otherwise):
    said = wording.lead_line(deadline(kind, subject=subject, name=name))
    assert said == f"{lead} by Tue 1 Dec 2026, or {otherwise}."


def test_what_a_duty_asks_is_told_in_full():
    asked = "Record the foreign legal framework: how confidentiality and ownership are protected there"
    assert f"“{asked}”" in wording.lead_line(deadline(MilestoneKind.DUE_DILIGENCE, name=asked))


def test_many_are_counted_with_their_thousands_apart():
    assert [wording.counted(many, "day") for many in (0, 1, 999, 10_000)] == [
        "0 days",
        "1 day",
        "999 days",
        "10,000 days",
    ]


def test_the_card_is_the_one_of_the_design():
    assert wording.why_card(deadline(), TODAY) == CARD


def test_a_verified_deadline_says_nothing_of_verification():
    assert "erified" not in wording.why_card(deadline(is_verified=True), TODAY)


def test_three_lines_tell_the_end_and_the_last_steps_without_the_buffer():
    assert wording.why_lines(deadline()) == (
        "31 Jan 2027: the term ends: 1 Feb 2024 + 36 months - 1 day (cl. 2.1, p. 3).",
        "2 Dec 2026: 60 days before, the day of notice not counted (cl. 12.3, p. 9).",
        "1 Dec 2026: courier: received the next business day (cl. 18.2).",
    )


def test_two_lines_are_the_first_step_and_the_one_that_gives_the_day():
    assert [line[:11] for line in wording.why_lines(deadline(), 2)] == ["31 Jan 2027", "1 Dec 2026:"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["", "SOC 2 report"])
@pytest.mark.parametrize("side", ["ours", "theirs", "either"])
def test_every_kind_says_what_to_do_and_what_happens_otherwise(kind, name, side):
    told = deadline(kind, name=name, side=side, is_deadline=kind not in MARKERS)
    lead = wording.lead_line(told, TODAY)
    assert wording.action(told) in wording.capital(lead) or wording.capital(wording.action(told)) in lead
    assert "Tue 1 Dec 2026 (in 10 days)" in lead
    assert lead.endswith(".")
    assert not set("{}[]") & set(lead + wording.thing(told) + wording.brief_action(kind))
    if kind not in MARKERS:
        assert f", or {wording.consequence(told)}." in lead


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_said_without_any_fact_of_the_agreement(kind):
    bare = deadline(kind, counterparty="", name="", then=None, then_on=None, over_on=None, is_deadline=False)
    assert wording.brief_action(kind)
    assert wording.lead_line(bare).endswith(": Tue 1 Dec 2026.")


def test_what_they_must_do_is_a_reminder_to_us_and_a_day_of_theirs():
    report = deadline(MilestoneKind.EVIDENCE, name="SOC 2 report", side="theirs")
    assert wording.action(report) == "remind Acme Labs GmbH to provide the evidence “SOC 2 report”"
    theirs = deadline(MilestoneKind.NOTICE, side="theirs", is_deadline=False)
    assert wording.lead_line(theirs) == "Last day for Acme Labs GmbH to send non-renewal notice: Tue 1 Dec 2026."


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (10, "10 days left: Acme Labs MSA, send non-renewal notice"),
        (1, "1 day left: Acme Labs MSA, send non-renewal notice"),
        (0, "Due today: Acme Labs MSA, send non-renewal notice"),
        (-2, "2 days overdue: Acme Labs MSA, send non-renewal notice"),
    ],
)
def test_the_title_counts_the_days(days, said):
    today = date(2026, 12, 1) - timedelta(days=days)
    assert wording.title_line(deadline(title="Acme Labs MSA"), today) == said


def test_a_title_that_names_the_counterparty_is_said_alone():
    assert wording.label(deadline(title="Acme Labs MSA")) == "Acme Labs MSA"
    assert wording.label(deadline()) == "Acme Labs GmbH \N{EN DASH} Hosting MSA"
    assert wording.label(deadline(title="", counterparty="")) == "MSA-0042"


@pytest.mark.parametrize(
    ("changes", "tags"),
    [
        ({}, "[Action by 1 Dec]"),
        ({"is_escalation": True}, "[Escalated] [Action by 1 Dec]"),
        ({"is_late": True}, "[Late] [Action by 1 Dec]"),
        ({"today": date(2026, 12, 3)}, "[OVERDUE 2 days] [Action by 1 Dec]"),
        ({"today": date(2027, 1, 3), "is_escalation": True}, "[Escalated] [OVERDUE 33 days] [Action by 1 Dec 2026]"),
        ({"kind": DeliveryKind.CHANGED, "moved_from_on": date(2026, 12, 4)}, "[Moved] [Action by 1 Dec]"),
        ({"kind": DeliveryKind.CHANGED}, "[Action by 1 Dec]"),  # told instead of somebody else, or theirs now
    ],
)
def test_the_subject_says_first_what_is_special(changes, tags):
    told = facts(deadline(title="Acme Labs MSA"), **changes)
    assert wording.mail_subject(told) == f"{tags} Acme Labs MSA: send non-renewal notice"
    assert wording.mail_subject(told, is_redacted=True) == f"{tags} MSA-0042"


def test_an_escalation_names_the_silence():
    silent = facts(is_escalation=True, require="decision", silent_since_on=date(2026, 11, 2))
    assert wording.escalation_line(silent) == "No decision since Mon 2 Nov."
    assert wording.escalation_line(replace(silent, require="acknowledgement")).startswith("No acknowledgement since")
    assert wording.escalation_line(facts()) == ""


def test_what_is_late_says_for_how_many_it_stands():
    assert wording.late_line(facts(is_late=True)) == "This message is late."
    said = wording.late_line(facts(is_late=True, skipped=2))
    assert said == "This message is late. It stands for 2 earlier messages that did not leave."


def test_what_happens_next_is_a_line_for_each_step():
    assert wording.next_lines(facts()) == ("Mon 23 Nov: you and the backup", "Fri 27 Nov: head of procurement")


def test_a_step_that_asks_somebody_who_is_not_there_says_why_it_reaches_nobody():
    (step, *_) = facts().next_steps
    assert wording.next_lines(facts(next_steps=(replace(step, audience=()),))) == (
        "Mon 23 Nov: nobody: whoever is asked then is not named",
    )
    assert wording.asked_words((), ["manager", "backup"]) == "nobody: no manager or backup is named"


@pytest.mark.parametrize(
    ("kind", "subject", "is_compared"),
    [
        (MilestoneKind.NOTICE, "n1", True),
        (MilestoneKind.TRAINING, "o1", True),
        (MilestoneKind.AUDIT, "audit-right.a1.2", True),
        (MilestoneKind.FEE, "asset.k3.fee", True),
        (MilestoneKind.RETURN, "return.d1", True),
        (MilestoneKind.AUDIT, "audit-retest.f1", False),
        (MilestoneKind.DUE_DILIGENCE, "supplier-selection.law", False),
        (MilestoneKind.FEE, "exit.settlement", False),
        (MilestoneKind.EXIT_STEP, "o2", False),
        (MilestoneKind.SIGNATURE, "signature", False),
    ],
)
def test_what_stands_in_no_document_is_not_said_to_be_uncompared(kind, subject, is_compared):
    told = wording.unknown_lines(deadline(kind=kind, subject=subject))
    assert [line.startswith("Not verified:") for line in told if "verified" in line] == [True] * is_compared
    assert ("Not verified." in wording.why_card(deadline(kind=kind, subject=subject), TODAY)) is is_compared


def test_a_decision_that_leaves_a_duty_is_shown_as_still_open():
    decision = Decision(choice="terminate", by="Dana", at=datetime(2026, 11, 1, 23, 30, tzinfo=UTC))
    said = wording.decision_line(deadline(decision=decision))
    assert said == "Decided by Dana on Mon 2 Nov 2026: terminate. Still open until it is done."


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        ("Search report", ("Wanted as proof: Search report.",)),
        ("The file, or where it lies.", ("Wanted as proof: The file, or where it lies.",)),
        ("", ()),
    ],
)
def test_what_proves_it_is_said_until_it_is_done(proof, said):
    told = facts(deadline(MilestoneKind.SCREENING, proof=proof))
    assert wording.letter(told).text == said
    assert wording.letter(replace(told, standing=Standing(state=MilestoneState.ACKNOWLEDGED))).text == said
    assert wording.letter(replace(told, standing=Standing(state=MilestoneState.DONE))).text == ()


def test_nobody_as_owner_is_said():
    told = wording.letter(facts(deadline(owner="", backup="")))
    assert dict(told.fields)["Owner"] == "nobody"
    assert "Nobody owns this agreement." in told.unknown


def test_every_assumption_is_a_sentence():
    told = [wording.assumption_lines(deadline(assumptions=(code,))) for code in (*ASSUMPTIONS, "new-code")]
    assert told == [(sentence,) for sentence in (*ASSUMPTIONS.values(), "Assumed: new-code.")]


LAW, WAY = ("rule-set-assumed", "weekends-assumed"), ("receipt-assumed", "method-assumed")


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ((*LAW, *WAY), "No law is known and no way of giving notice: US contract rules are taken, weekends without "),
        ((*LAW, *WAY[:1]), "No law is known that gives rules and holidays: US contract rules are taken, and weekends "),
        (WAY, "Neither how notice is sent nor when it counts is stated: received, in the usual way, is taken."),
    ],
)
def test_assumptions_that_come_from_one_gap_are_one_sentence(codes, told):
    first, one, *rest = wording.assumption_lines(deadline(assumptions=("end-convention-unstated", *codes)))
    assert first == ASSUMPTIONS["end-convention-unstated"]
    assert one.startswith(told)
    assert rest == ([ASSUMPTIONS["receipt-assumed"]] if len(codes) == 3 else [])


def test_the_target_day_stands_beside_and_never_leads():
    told = wording.letter(facts())
    assert dict(told.fields)["Target day"] == "Tue 24 Nov 2026"
    assert "24 Nov" not in told.heading + wording.mail_subject(facts()) + wording.title_line(deadline(), TODAY)


@pytest.mark.parametrize(
    ("days", "title"),
    [
        (-1, "Overdue"),
        (0, "In the next 14 days"),
        (14, "In the next 14 days"),
        (15, "In the next 30 days"),
        (30, "In the next 30 days"),
        (31, "In the next 90 days"),
        (91, "Later"),
    ],
)
def test_a_digest_groups_by_nearness(days, title):
    (group,) = wording.digest_groups(digest([deadline(safe_on=TODAY + timedelta(days=days))]))
    assert group.title == title


def test_a_row_of_a_digest_asks_for_nothing_that_is_too_late():
    late = deadline(safe_on=TODAY - timedelta(days=2), latest_on=TODAY - timedelta(days=1))
    still = replace(late, latest_on=TODAY)
    ((said,), (asked,)) = (wording.digest_groups(digest([one]))[0].rows for one in (late, still))
    assert asked.text.endswith("Hosting MSA: send non-renewal notice, or it renews for 12 months")
    assert said.text.endswith(
        "Hosting MSA: too late to send non-renewal notice: ask them to agree, or it renews for 12 months"
    )


def test_a_digest_tells_25_rows_and_counts_the_rest():
    many = [deadline(safe_on=TODAY + timedelta(days=n)) for n in range(-10, 30)]
    groups = wording.digest_groups(digest(many))
    assert [(group.title, len(group.rows), group.more) for group in groups] == [
        ("Overdue", 10, 0),
        ("In the next 14 days", 15, 0),
        ("In the next 30 days", 0, 15),
    ]


def test_of_several_readings_that_come_to_one_day_the_ordinary_one_is_told():
    """Two years before 31 December 2026, and before the anniversary, where New Year's Day is rolled back."""
    terms = Terms(
        effective_on=date(2026, 1, 1),
        end=Lasting(Period(months=12)),
        renewal=Renewal(RenewalKind.AUTOMATIC),
        notices=(Notice(Period(months=24), Side.OURS, counts_as=CountsAs.SENT),),
    )
    by = Reckoning(rules=US_CONTRACT, calendar=business_calendar("US-NY"))
    safe_on, nominal_on, latest_on, steps, *_ = window_of(terms, 0, 0, by).reading
    told = deadline(safe_on=safe_on, nominal_on=nominal_on, latest_on=latest_on, why=tuple(steps))
    assert [(row.on, row.text) for row in wording.why_rows(told)] == [
        (date(2026, 12, 31), "the term ends: 1 Jan 2026 + 12 months - 1 day"),
        (date(2024, 12, 31), "24 months before, back to the corresponding day. LAST SAFE DAY, 17:00 Europe/Berlin"),
    ]


def test_what_outlives_the_agreement_is_relied_on_shorter_than_it_is_kept():
    days = {"safe_on": date(2029, 1, 1), "nominal_on": date(2029, 12, 31), "latest_on": date(2030, 1, 1)}
    told = deadline(kind=MilestoneKind.SURVIVAL_END, is_deadline=False, name="confidentiality", **days)
    expected = "Rely on it until 1 Jan 2029, keep to it until 1 Jan 2030."
    assert wording.readings(told) == wording.readings_line(told) == expected
    one_day = dict.fromkeys(days, date(2029, 1, 1))
    assert wording.readings(replace(told, **one_day)) == wording.readings_line(replace(told, **one_day)) == ""


def test_a_marker_that_passed_is_not_called_overdue():
    passed = deadline(MilestoneKind.TERM_END, is_deadline=False, safe_on=TODAY - timedelta(days=9))
    late = deadline(safe_on=TODAY - timedelta(days=1))
    assert [group.title for group in wording.digest_groups(digest([passed, late]))] == ["Overdue", "Past days"]


def test_a_quiet_week_says_when_the_next_day_is():
    quiet = digest([], ahead=(19, date(2027, 3, 4)))
    assert wording.mail_subject(quiet) == "All quiet, next Thu 4 Mar 2027"
    assert wording.letter(quiet).text == (
        "Longstop works, and no deadline needs you now. 19 ahead; the next is Thu 4 Mar 2027.",
    )


def test_a_quiet_week_is_not_all_quiet_where_something_is_overdue():
    quiet = digest([], ahead=(19, date(2027, 3, 4)), overdue=1)
    assert wording.mail_subject(quiet) == "All quiet but for 1 overdue, next Thu 4 Mar 2027"
    (text,) = wording.letter(quiet).text
    assert text.startswith("Longstop works, and nothing else left in a week; but 1 deadline is overdue. 19 ahead; ")
    (text,) = wording.letter(digest([], ahead=(19, date(2027, 3, 4)), overdue=3, silent=2)).text
    silent = "3 deadlines are overdue, and of 2 nobody is reminded: they came more than 30 days after the day. 19 ahead"
    assert silent in text


def test_a_digest_counts_in_its_subject_and_names_no_agreement():
    rows = [deadline(safe_on=TODAY - timedelta(days=1)), deadline(), deadline(safe_on=date(2026, 12, 9))]
    assert wording.mail_subject(digest(rows)) == "Your deadlines: 1 overdue, 2 ahead, next Tue 1 Dec 2026"
    assert wording.mail_subject(digest(rows, heading="New in your register")).startswith("New in your register: 1 over")


def test_a_moved_day_says_from_where():
    told = facts(kind=DeliveryKind.CHANGED, moved_from_on=date(2026, 12, 4))
    assert wording.letter(told).before == ("The day has moved: it was Fri 4 Dec 2026, now it is 3 days earlier.",)


def test_who_put_a_deadline_off_is_told_that_its_day_has_come_and_not_that_it_is_theirs():
    told = facts(kind=DeliveryKind.CHANGED, is_resumed=True)
    assert wording.letter(told).before == ("The day has come until which it was put off: it is still open.",)


def test_who_is_asked_next_reads_who_has_said_that_they_have_it():
    taken = Answer(by="olga@example.com", at=datetime(2026, 11, 24, 9, tzinfo=UTC))
    line = "Acknowledged by olga@example.com on Tue 24 Nov 2026. Still open until it is done."
    assert wording.letter(facts(deadline(acknowledged=taken))).before == (line,)
    decided = Decision(choice="terminate", by="Dana", at=taken.at)
    assert line not in wording.letter(facts(deadline(acknowledged=taken, decision=decided))).before
    shown = Standing(state=MilestoneState.ACKNOWLEDGED, by="olga@example.com", at=taken.at)
    assert line not in wording.letter(facts(deadline(acknowledged=taken), standing=shown)).before


def secret(**changes):
    canary = "canary"
    return deadline(
        name=canary, title=canary, counterparty=canary, owner=canary, backup=canary, proof=canary,
        url=f"https://x.example/{canary}",
        **changes,
    )  # fmt: skip


def everything(said):
    return repr(said)


@pytest.mark.parametrize("kind", list(DeliveryKind))
def test_an_outsider_reads_reference_and_day_and_nothing_else(kind):
    told = facts(secret(), kind=kind, is_outsider=True)
    if kind not in {DeliveryKind.TEST, DeliveryKind.INCIDENT, DeliveryKind.DIGEST}:
        assert wording.letter(told) == wording.Letter(heading="MSA-0042: Tue 1 Dec 2026. Ask the owner for access.")
    assert "canary" not in everything(wording.letter(told)) + wording.mail_subject(told)


def test_an_outsiders_incident_does_not_show_what_was_written_about_it():
    told = facts(secret(), kind=DeliveryKind.INCIDENT, is_outsider=True, heading="canary", text="canary")
    assert "canary" not in everything(wording.letter(told)) + wording.mail_subject(told)


def test_a_counterparty_reads_what_is_due_and_nothing_of_ours():
    report = deadline(
        MilestoneKind.EVIDENCE,
        name="SOC 2 report",
        owner="canary",
        backup="canary",
        proof="canary",
        url="https://x.example/canary",
    )
    told = facts(
        report, recipient=Recipient("sec@acme.example", "Ada", is_external=True), is_escalation=True, is_late=True
    )
    said = wording.letter(told)
    assert said.heading == (
        "The evidence “SOC 2 report” is due by Tue 1 Dec 2026 under “Hosting MSA” (our reference: MSA-0042)."
    )
    assert wording.mail_subject(told) == "Example SE: The evidence “SOC 2 report” by 1 Dec"
    assert "canary" not in everything(said)
    assert (said.url, said.answer, said.next, said.fields, said.why) == ("", "", (), (), ())


def test_a_redacted_subject_to_a_counterparty_holds_the_reference_alone():
    told = facts(secret(), recipient=Recipient("sec@acme.example", is_external=True))
    assert wording.mail_subject(told, is_redacted=True) == "Example SE: MSA-0042 by 1 Dec"


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ({"cycle": "2"}, "longstop ack MSA-0042 notice --cycle 2"),
        ({"kind": MilestoneKind.DUE_DILIGENCE, "name": "Check the insurance"}, "longstop ack k3v9q2m4x7ab"),
    ],
)
def test_the_command_means_this_deadline_and_not_the_first_of_its_kind(said, command):
    told = facts(deadline(milestone_id="k3v9q2m4x7ab", **said))
    assert wording.letter(told).answer == f"To acknowledge: {command}"


def test_a_deadline_with_a_page_shows_the_page_and_not_the_command():
    assert wording.letter(facts()).answer == "To acknowledge: longstop ack MSA-0042 notice"
    told = wording.letter(facts(deadline(url="https://longstop.example/deadlines/k3v9q2")))
    assert (told.answer, told.url) == ("", "https://longstop.example/deadlines/k3v9q2")


@pytest.mark.parametrize("url", ["javascript:alert(1)", 'https://x.example/"onclick="', "https://x.example/a b", "/x"])
def test_a_link_that_is_no_web_address_is_not_shown(url):
    assert wording.letter(facts(deadline(url=url))).url == ""


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("-30d", "30 days before"),
        ("-1d", "1 day before"),
        ("-10bd", "10 business days before"),
        ("0d", "on the day"),
        ("+1d", "1 day after"),
        ("heads-up", "heads-up"),
    ],
)
def test_a_stage_is_said_in_words(stage, said):
    assert wording.stage_words(stage) == said


@pytest.mark.parametrize("title", vars(HOSTILE).values(), ids=vars(HOSTILE).keys())
def test_hostile_titles_stay_on_one_short_line(title):
    told = facts(deadline(title=title, counterparty=title, name=title, owner=title))
    for line in (
        wording.mail_subject(told),
        wording.title_line(told.deadlines[0], TODAY),
        wording.letter(told).heading,
    ):
        assert not {category(letter) for letter in line} & {"Cc", "Cs", "Zl", "Zp"}
        assert len(line) <= 400
    assert len(wording.title_line(told.deadlines[0], TODAY)) <= 150
    assert len(wording.mail_subject(told)) <= 200


@given(st.text(max_size=300))
def test_cleaning_twice_is_cleaning_once(text):
    once = wording.clean(text, 200, is_multiline=True)
    assert wording.clean(once, 200, is_multiline=True) == once
    assert len(once) <= 200


@given(st.lists(st.text(st.characters(exclude_characters="\n\r\u2028\u2029"), max_size=30), min_size=1))
def test_several_lines_are_cleaned_as_each_alone(lines):
    cleaned = wording.clean("\n".join(lines), 10_000, is_multiline=True)
    assert cleaned == "\n".join(wording.clean(line, 10_000) for line in lines)


def test_a_letter_in_two_parts_becomes_one():
    assert wording.clean("Kru\u0308ger", 60) == wording.one_line("Kru\u0308ger") == "Krüger"


@given(st.text(max_size=300))
def test_one_line_has_no_control_and_no_double_space(text):
    line = wording.one_line(text, 100)
    assert len(line) <= 100
    assert "  " not in line
    assert not any(ord(letter) < 32 or 0x7F <= ord(letter) <= 0x9F or 0xD800 <= ord(letter) < 0xE000 for letter in line)


def test_a_text_is_cut_at_a_word():
    assert wording.cut("one two three four", 12) == "one two..."
    assert wording.cut("x" * 20, 10) == "x" * 7 + "..."
    assert wording.cut("short", 5) == "short"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the owner and legal", "The owner and legal"),
        ("olga@example.com and legal", "olga@example.com and legal"),
        ("", ""),
    ],
)
def test_a_sentence_begins_large_and_an_address_stays_as_it_is(text, said):
    assert wording.capital(text) == said
