"""Audits as people live them: a right, a report that is asked for and comes, a finding, a re-test, the next cycle."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default

import pytest

from config.laws import lookup
from engine import operations as ops
from engine.forecasting.forecast import forecast
from engine.importing.taking_in import ImportOptions, import_file
from engine.incoming.links import Links
from engine.intake.export import write_register
from engine.operations import Found, Given, Retested, Sent, Wanted
from engine.operations.evidence import AskedToday
from engine.shelf import Shelf
from lifecycle.days.dates import Period
from lifecycle.events import Actor
from lifecycle.obligations.audits import AuditRefused, AuditRight, Severity
from lifecycle.obligations.evidence import Contact, EvidenceKind, EvidenceRefused, EvidenceState
from tests.support.golden import assert_golden
from tests.support.world import checked, living, staffed

ADA = Contact("jane@acme.example", "Jane Roe")
SOC2 = Wanted(kind=EvidenceKind.SOC2_TYPE_2, contact=ADA, covers_from=date(2025, 1, 1), covers_until=date(2025, 12, 31))
RIGHT = AuditRight(id="", every=Period(years=1), due_on=date(2026, 6, 30), notice=Period(days=60), scope="Security")


@pytest.fixture
def house(tmp_path):
    """An agreement of Olga's, and a shelf for files."""
    with checked(staffed()) as made:
        made.monitor = replace(made.monitor, shelf=Shelf(tmp_path))
        made.agreement(backup=None)
        made.tick()
        made.expect()
        yield made


REMINDED = """
{playbook: reminded, match: {milestone: [evidence]}, ladder: [{at: -7d, steps: [{ask: "counterparty:compliance"}]},
 {at: -3d, steps: [{ask: "counterparty:compliance"}]}]}
"""
NEW = "2026-01-05 09:00 olga: New in your register: ACME-7 evidence"


def setting(house, **said):
    house.monitor = replace(house.monitor, house=replace(house.monitor.house, **said))


def sent(text="", **said):
    return Sent(given=Given(name="soc2.pdf", content=b"%PDF-1.7\nan auditor's words" + text.encode()), **said)


def rows(house, *prefixes):
    with house.monitor.look() as work:
        found = work.milestones.of(work.agreements.find("ACME-7").id)
    mine = [row for row in found if row.key.subject.startswith(prefixes)]
    return {(row.key.subject, row.key.cycle): (row.state.value, row.safe_on) for row in mine}


def test_who_has_sent_what_was_asked_for_is_not_reminded_of_it_and_our_people_hear_that_it_lies_here(house):
    setting(house, external_mail="send")
    with house.monitor.work(Actor("olga@example.com", "test")) as work:
        ops.name_contact(work, "Acme Labs", name="compliance", email="jane@acme.example", person="Jane Roe")
    house.do(ops.add_audit_right, "ACME-7", replace(RIGHT, notice=None))
    asked = house.do(ops.request_evidence, "ACME-7", replace(SOC2, milestone_id=house.row("ACME-7 audit").id))
    house.live_until("2026-05-04T10:00")
    uploaded(house, asked)
    house.live_until("2026-06-02T10:00")
    told = house.unexpected
    assert [line for line in told if "jane" in line] == ["2026-01-05 09:00 jane@acme.example: SOC 2 Type II report"]
    assert "2026-05-29 08:30 olga: ACME-7 audit -30d.0" in told
    sheet = house.mail.sheets[house.mail.taken[-1].delivery_id]
    assert sheet.text == "They have sent “SOC 2 Type II report”: accept it, or record what you found."
    house.expect(*told)


def evidence(house, request_id):
    with house.monitor.look() as work:
        return work.evidence.get(request_id)


def uploaded(house, asked, **said):
    with house.monitor.work() as work:
        return ops.take_upload(work, asked.url.rpartition("/")[2], sent(**said))


def accepted(house, request_id, **said):
    with house.monitor.work() as work:
        return ops.accept_evidence(work, request_id, **said)


def mails(house, address):
    """The mails to an address: subject and words of each."""
    found = [message_from_bytes(one.frozen.body, policy=default) for one in house.mail.taken if one.address == address]
    return [(one["subject"], one.get_body(("plain",)).get_content().replace("\r\n", "\n")) for one in found]


def test_a_right_is_announced_carried_out_and_told_long_before(house):
    house.do(ops.add_audit_right, "ACME-7", RIGHT)
    assert rows(house, "audit-notice")["audit-notice.a1", "0"] == ("open", date(2026, 4, 30))  # 1 May is a holiday
    assert rows(house, "audit-right")["audit-right.a1", "0"] == ("open", date(2026, 6, 30))
    assert house.row("ACME-7 audit").opens_on == date(2026, 4, 30)
    with pytest.raises(AuditRefused, match="which is over"):
        house.do(ops.add_audit_right, "ACME-7", replace(RIGHT, due_on=date(2026, 1, 2)))


def test_a_right_whose_first_audit_is_near_is_overdue_to_be_announced(house):
    house.do(ops.add_audit_right, "ACME-7", replace(RIGHT, due_on=date(2026, 1, 30), notice=Period(days=30)))
    assert rows(house, "audit-notice")["audit-notice.a1", "0"] == ("open", date(2025, 12, 31))
    house.tick()
    house.expect(
        "2026-01-05 09:00 mia olga: ACME-7 duty +1d.0", "2026-01-05 09:00 olga: New in your register: ACME-7 audit"
    )


def test_by_default_the_owner_gets_the_mail_to_pass_on(house):
    house.do(ops.request_evidence, "ACME-7", SOC2)
    house.tick()
    house.expect("2026-01-05 09:00 olga: SOC 2 Type II report", NEW)
    assert house.mail.taken[-1].address == "olga@example.com"


def test_where_it_is_wanted_the_contact_is_written_to_once_a_day(house):
    setting(house, external_mail="send")
    first = house.do(ops.request_evidence, "ACME-7", SOC2)
    house.do(ops.request_evidence, "ACME-7", replace(SOC2, kind=EvidenceKind.PENETRATION_TEST))
    house.live_until("2026-01-07T07:00")
    told = [line for line in house.unexpected if "jane@" in line]
    assert told == [
        "2026-01-05 09:00 jane@acme.example: SOC 2 Type II report",
        "2026-01-06 08:30 jane@acme.example: Penetration test report",
    ]
    house.expect(*house.unexpected)
    assert first.request.mailed_at == house.instant("2026-01-05T09:00")


def test_what_came_in_the_evening_and_is_accepted_before_its_message_leaves_is_not_told(house):
    asked = house.do(ops.request_evidence, "ACME-7", SOC2)
    house.live_until("2026-01-06T07:00")
    house.expect(*house.unexpected)
    uploaded(house, asked)
    accepted(house, asked.request.id)
    house.live_until("2026-01-07T09:00")
    house.expect()
    assert [one.why for one in house.deliveries("cancelled") if one.kind == "incident"] == ["the request is accepted"]


def test_about_a_restricted_agreement_nothing_leaves_by_itself(house):
    setting(house, external_mail="send")
    house.amend(restricted_to=("olga@example.com",))
    house.do(ops.request_evidence, "ACME-7", SOC2)
    house.tick()
    house.expect("2026-01-05 09:00 olga: SOC 2 Type II report", NEW)


def test_what_the_contact_reads_and_what_is_passed_on_read_well(house):
    setting(house, external_mail="send", organisation="Northwind Ltd", base_url="https://longstop.example")
    house.amend(title="Hosting services")
    asked = house.do(ops.request_evidence, "ACME-7", replace(SOC2, note="Please include the auditor's opinion."))
    setting(house, external_mail="draft")
    passed = house.do(ops.request_evidence, "ACME-7", SOC2)
    uploaded(house, passed)
    house.tick()
    for name, address, url in (("request", ADA.email, asked.url), ("request-draft", "olga@example.com", passed.url)):
        subject, text = next(one for one in mails(house, address) if url in one[1])
        said = f"Subject: {subject}\n\n{text}".replace(url, "https://longstop.example/evidence-upload/TOKEN")
        assert_golden(f"messages/{name}.txt", said.encode())
    subject, text = next(one for one in mails(house, "olga@example.com") if "has sent" in one[0])
    text = text.replace(house.get().id, "AGREEMENT")
    assert_golden("messages/evidence-received.txt", f"Subject: {subject}\n\n{text}".encode())
    house.expect(*house.unexpected)


@pytest.mark.parametrize(
    ("external_mail", "reader"), [("send", ADA.email), ("draft", "olga@example.com")]
)  # fmt: skip
def test_a_reminder_brings_the_link_by_which_it_was_asked_for(house, external_mail, reader):
    setting(house, external_mail=external_mail, base_url="https://longstop.example")
    house.monitor = replace(house.monitor, links=Links("key", "https://longstop.example"))
    house.playbooks(REMINDED)
    acme = house.get().counterparty
    with house.monitor.work() as work:
        ops.name_contact(work, acme, name="compliance", email=ADA.email, person=ADA.name)
    asked = house.do(ops.request_evidence, "ACME-7", replace(SOC2, due_on=date(2026, 3, 2)))
    house.live_until("2026-02-24T12:00")
    assert [asked.url in text for _, text in mails(house, reader)].count(True) == 2
    with house.monitor.work() as work:
        again = ops.ask_again(work, asked.request.id)
    house.live_until("2026-02-27T12:00")
    assert (asked.url in mails(house, reader)[-1][1], again.url in mails(house, reader)[-1][1]) == (False, True)
    house.expect(*house.unexpected)


def test_what_nobody_sends_escalates_like_every_deadline(house):
    house.do(ops.request_evidence, "ACME-7", replace(SOC2, due_on=date(2026, 3, 2)))
    house.tick()
    house.expect("2026-01-05 09:00 olga: SOC 2 Type II report")
    assert rows(house, "evidence-request").popitem()[1] == ("open", date(2026, 3, 2))
    house.live_until("2026-02-16T12:00")
    assert any("ACME-7 evidence" in line for line in house.unexpected)
    house.expect(*house.unexpected)


def test_a_report_that_is_accepted_closes_its_deadline_and_the_next_is_due_when_it_ends(house):
    asked = house.do(ops.request_evidence, "ACME-7", SOC2)
    request = asked.request
    taken = uploaded(house, asked)
    house.travel_to("2026-01-08T10:00")
    done = accepted(house, request.id)
    assert (done.state, done.accepted_until) == (EvidenceState.ACCEPTED, date(2026, 12, 31))
    assert rows(house, "evidence-request") == {
        (f"evidence-request.{request.id}", "1"): ("done", date(2026, 1, 26)),
        (f"evidence-request.{request.id}.next", "1"): ("open", date(2026, 12, 31)),
    }
    with house.monitor.look() as work:
        rows_then = work.milestones.of(request.agreement_id)
    assert [row.outcome.evidence for row in rows_then if row.outcome] == [taken.document.said]
    with pytest.raises(EvidenceRefused, match="is accepted: it cannot be received"), house.monitor.work() as work:
        ops.receive_evidence(work, work.agreements.find("ACME-7"), sent("again"), request_id=request.id)
    house.tick()
    house.expect(*house.unexpected)


def test_an_accepted_audit_begins_the_next_round_of_its_right(house):
    house.do(ops.add_audit_right, "ACME-7", RIGHT)
    milestone_id = house.row("ACME-7 audit").id
    asked = house.do(ops.request_evidence, "ACME-7", replace(SOC2, milestone_id=milestone_id))
    assert (asked.request.due_on, asked.request.subject) == (date(2026, 6, 30), "audit-right.a1")
    uploaded(house, asked)
    house.travel_to("2026-06-08T10:00")
    accepted(house, asked.request.id, until_on=date(2027, 6, 15))
    found = rows(house, "audit-")
    assert found["audit-right.a1", "0"] == ("done", date(2026, 6, 30))
    assert found["audit-right.a1", "1"][0] == "withdrawn"
    assert found["audit-right.a1.2", "0"] == ("open", date(2027, 6, 15))
    assert found["audit-right.a1.2", "1"] == ("open", date(2028, 6, 15))
    assert found["audit-notice.a1.2", "0"] == ("open", date(2027, 4, 16))
    house.tick()
    house.expect(*house.unexpected)


def test_a_finding_is_remedied_and_tested_again_until_it_passes(house):
    taken = house.do(ops.receive_evidence, "ACME-7", sent(), kind=EvidenceKind.PENETRATION_TEST)
    told = Found(
        text="Backups are never restored", severity=Severity.HIGH, remedy_by_on=date(2026, 3, 31),
        retest_by_on=date(2026, 4, 30), request_id=taken.request.id,
    )  # fmt: skip
    house.do(ops.record_finding, "ACME-7", told)
    house.do(ops.record_finding, "ACME-7", told)
    assert evidence(house, taken.request.id).state is EvidenceState.FINDINGS
    assert len(house.get().audit_findings) == 1
    assert rows(house, "audit-finding", "audit-retest") == {
        ("audit-finding.f1", "1"): ("open", date(2026, 3, 31)),
        ("audit-retest.f1", "1"): ("open", date(2026, 4, 30)),
    }
    house.travel_to("2026-04-20T10:00")
    wrong = Retested(on=date(2026, 4, 20), is_passed=False, result="Still no restore")
    with pytest.raises(AuditRefused, match="nobody knows by when"):
        house.do(ops.retest, "ACME-7", "f1", wrong)
    again = replace(wrong, remedy_by_on=date(2026, 5, 29), retest_by_on=date(2026, 6, 30))
    house.do(ops.retest, "ACME-7", "f1", again)
    house.travel_to("2026-06-10T10:00")
    house.do(ops.retest, "ACME-7", "f1", Retested(on=date(2026, 6, 10), is_passed=True, result="Two restores seen"))
    assert rows(house, "audit-finding", "audit-retest") == {
        ("audit-finding.f1", "1"): ("withdrawn", date(2026, 3, 31)),
        ("audit-retest.f1", "1"): ("done", date(2026, 4, 30)),
        ("audit-finding.f1.2", "1"): ("done", date(2026, 5, 29)),
        ("audit-retest.f1.2", "1"): ("done", date(2026, 6, 30)),
    }
    with pytest.raises(AuditRefused, match="is over"):
        house.do(ops.retest, "ACME-7", "f1", again)
    accepted(house, taken.request.id)
    house.tick()
    house.expect(*house.unexpected)


def test_an_audit_that_has_shown_gaps_is_done_and_leaves_a_finding(house):
    house.do(ops.add_audit_right, "ACME-7", RIGHT)
    house.travel_to("2026-06-20T10:00")
    shown = ops.Result(is_passed=False, remedy_by_on=date(2026, 7, 31), retest_by_on=date(2026, 8, 31))
    house.say(ops.done, "ACME-7 audit 0", evidence="Two leavers had access", result=shown)
    assert rows(house, "audit-right")["audit-right.a1", "0"] == ("done", date(2026, 6, 30))
    assert rows(house, "audit-finding", "audit-retest") == {
        ("audit-finding.f1", "1"): ("open", date(2026, 7, 31)),
        ("audit-retest.f1", "1"): ("open", date(2026, 8, 31)),
    }
    house.travel_to("2026-08-20T10:00")
    agreement_id = house.get().id
    with house.monitor.work(Actor("olga@example.com", "test")) as work:
        again = next(row for row in work.milestones.of(agreement_id) if row.key.subject == "audit-retest.f1")
        with pytest.raises(ops.AnswerRefused, match="what it has shown"):
            ops.done(work, again.id, evidence="Seen")
        ops.done(work, again.id, evidence="Seen", result=ops.Result(is_passed=True))
    assert house.get().audit_findings[0].is_passed is True
    assert {state for state, _ in rows(house, "audit-finding", "audit-retest").values()} == {"done"}
    house.tick()
    house.expect(*house.unexpected)


def test_what_is_asked_for_or_found_after_the_end_is_owed_all_the_same(house):
    house.do(ops.terminate, "ACME-7", last_on=date(2026, 1, 5), because="they were bought", by="leo")
    house.live_until("2026-01-07T10:00")
    assert house.get().status == "ended"
    deleted = Wanted(kind=EvidenceKind.OTHER, contact=ADA, what="Certificate of deletion", due_on=date(2026, 1, 30))
    asked = house.do(ops.request_evidence, "ACME-7", deleted)
    told = Found(text="A copy was kept", severity=Severity.HIGH, remedy_by_on=date(2026, 2, 27))
    house.do(ops.record_finding, "ACME-7", told)
    assert rows(house, "evidence-request", "audit-finding") == {
        (f"evidence-request.{asked.request.id}", "1"): ("open", date(2026, 1, 30)),
        ("audit-finding.f1", "1"): ("open", date(2026, 2, 27)),
    }
    uploaded(house, asked)
    accepted(house, asked.request.id, until_on=date(2027, 1, 29))
    assert (f"evidence-request.{asked.request.id}.next", "1") not in rows(house, "evidence-request")
    house.tick()
    house.expect(*house.unexpected)


def test_a_report_that_answers_a_re_test_is_its_result(house):
    told = Found(
        text="No restores", severity=Severity.LOW, remedy_by_on=date(2026, 3, 31), retest_by_on=date(2026, 4, 30)
    )
    house.do(ops.record_finding, "ACME-7", told)
    milestone_id = house.row("ACME-7 audit").id
    asked = house.do(ops.request_evidence, "ACME-7", replace(SOC2, milestone_id=milestone_id))
    uploaded(house, asked)
    accepted(house, asked.request.id)
    assert house.get().audit_findings[0].is_passed is True
    assert {state for state, _ in rows(house, "audit-finding", "audit-retest").values()} == {"done"}
    house.tick()
    house.expect(*house.unexpected)


def test_a_request_is_repeated_with_a_new_link_the_next_day_and_withdrawn_with_its_deadline(house):
    asked = house.do(ops.request_evidence, "ACME-7", SOC2)
    with pytest.raises(AskedToday), house.monitor.work() as work:
        ops.ask_again(work, asked.request.id)
    house.travel_to("2026-01-06T10:00")
    with house.monitor.work() as work:
        again = ops.ask_again(work, asked.request.id)
    assert again.url != asked.url
    with pytest.raises(ops.UnknownUpload):
        uploaded(house, asked)
    with house.monitor.work() as work:
        ops.withdraw_request(work, asked.request.id, because="It came by another way")
    with pytest.raises(ops.UploadOver):
        uploaded(house, again)
    assert rows(house, "evidence-request").popitem()[1][0] == "withdrawn"
    house.tick()
    house.expect(*house.unexpected)


def test_every_act_stands_in_the_log_without_a_word_of_what_was_found(house):
    taken = house.do(ops.receive_evidence, "ACME-7", sent(), kind=EvidenceKind.ISO_27001)
    with house.monitor.work() as work:
        ops.review_evidence(work, taken.request.id)
        ops.review_evidence(work, taken.request.id)
    told = Found(text="Zyzzyva", severity=Severity.LOW, remedy_by_on=date(2026, 2, 2), request_id=taken.request.id)
    house.do(ops.record_finding, "ACME-7", told)
    found = house.events("EvidenceReceived", "EvidenceReviewed", "AuditFindingRecorded")
    assert [one["type"] for one in found] == ["EvidenceReceived", "EvidenceReviewed", "AuditFindingRecorded"]
    assert "Zyzzyva" not in str(found)
    house.tick()
    house.expect(*house.unexpected)


def test_a_mail_that_cannot_reach_the_contact_is_told_the_owner_and_nobody_else_gets_it_instead(house):
    setting(house, external_mail="send")
    house.mail.dead.add(ADA.email)
    house.do(ops.request_evidence, "ACME-7", replace(SOC2, due_on=date(2026, 6, 30)))
    house.tick()
    assert house.incidents() == ["request_failed"]
    told = [text for subject, text in mails(house, "olga@example.com") if "request failed" in subject]
    assert ["could not be delivered: no such mailbox" in text for text in told] == [True]
    assert not any("/evidence-upload/" in text for _, text in mails(house, "olga@example.com"))
    house.expect(*house.unexpected)


@pytest.mark.parametrize("is_withdrawn", [True, False])
def test_a_mail_that_waits_for_tomorrow_is_cancelled_when_nobody_wants_it_any_more(house, is_withdrawn):
    setting(house, external_mail="send")
    house.do(ops.request_evidence, "ACME-7", SOC2)
    second = house.do(ops.request_evidence, "ACME-7", replace(SOC2, kind=EvidenceKind.ISO_27001)).request
    if is_withdrawn:
        with house.monitor.work() as work:
            ops.withdraw_request(work, second.id, because="They have it on their page")
    house.live_until("2026-01-06T09:00")
    about = [line for line in house.unexpected if "ISO 27001 certificate" in line]
    assert about == ([] if is_withdrawn else ["2026-01-06 08:30 jane@acme.example: ISO 27001 certificate"])
    house.expect(*house.unexpected)


def test_a_register_with_audits_comes_back_from_its_workbook_unchanged(house, tmp_path):
    house.do(ops.add_audit_right, "ACME-7", replace(RIGHT, scope=""))
    told = Found(text="No restores", severity=Severity.LOW, remedy_by_on=date(2026, 3, 31), retest_by_on=None)
    house.do(ops.record_finding, "ACME-7", told)
    house.do(ops.request_evidence, "ACME-7", SOC2)
    before, path = house.get(), tmp_path / "register.xlsx"
    with house.monitor.look() as work:
        people = [one for one in work.people.all() if not one.is_disabled]
    write_register(path, [before], people, laws=lookup)
    report = import_file(house.monitor, path, ImportOptions(actor=Actor("somebody"), laws=lookup))
    assert [(row.reference, row.result) for row in report.rows] == [("ACME-7", "unchanged")]
    assert house.get() == before
    house.tick()
    house.expect(*house.unexpected)


@pytest.mark.parametrize("external_mail", ["draft", "send"])
def test_the_forecast_of_a_house_with_a_request_is_what_comes(house, external_mail):
    setting(house, external_mail=external_mail)
    house.do(ops.request_evidence, "ACME-7", SOC2)
    house.do(ops.request_evidence, "ACME-7", replace(SOC2, kind=EvidenceKind.ISO_27001))
    with house.monitor.look() as work:
        told = forecast(work, date(2026, 1, 31))
    house.live_until("2026-01-31T12:00")
    foreseen = {one.dedupe_key for one in told.items}
    with house.monitor.look() as work:
        taken = (*house.mail.taken, *house.slack.taken)
        came = {work.deliveries.get(one.delivery_id).dedupe_key for one in taken}
    assert len([key for key in foreseen if key.startswith("request:")]) == 2
    assert foreseen == came
    house.expect(*house.unexpected)


@pytest.mark.parametrize("channel", ["email", "slack"])
def test_the_ladder_of_an_audit_that_ships_does_with_one_channel_whichever_it_is(channel):
    """Nobody answers, and nobody has set up a room for audits."""
    with living(channels=(channel,)) as world:
        world.staff()
        world.monitor = replace(world.monitor, notifiers={channel: world.monitor.notifiers[channel]})
        world.agreement()
        world.do(ops.add_audit_right, "ACME-7", replace(RIGHT, due_on=date(2026, 3, 31), notice=None))
        world.live_until("2026-04-01T09:00")
        at = "" if channel == "email" else "@slack"
        told = [line for line in world.unexpected if " audit " in line]
        assert told[-3:] == [
            f"2026-03-17 08:30 ben{at} olga{at}: ACME-7 audit -10bd.0",
            f"2026-03-23 08:30 mia{at} olga{at}: ACME-7 audit -10bd.1",
            f"2026-04-01 08:30 ben{at} mia{at} olga{at}: ACME-7 audit +1d.0",
        ]
        assert world.incidents() == []
        world.expect(*world.unexpected)
