"""Words to the other side: passed on by the owner or sent by ourselves, once a day, told to nobody else instead."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default

import pytest

from engine import operations as ops
from engine.forecasting.forecast import forecast
from tests.support.world import World

LADDER = """
playbook: signature
match: {milestone: [signature]}
ladder: [{at: -7d, steps: [{ask: owner}, {after: 1bd, ask: "counterparty:signature"}, {after: 3bd, ask: backup}]}]
"""


def asked(**house):
    """Two NDAs with Acme Labs are out for signature; Jane signs over there."""
    world = World("2026-01-05T09:00", **house)
    world.staff()
    world.playbooks(LADDER)
    for reference in ("NDA-1", "NDA-2"):
        world.agreement(
            reference, kind="NDA", title=f"Secrets {reference[-1]}", signed_on=None, effective_on=None, backup=None
        )
        world.do(ops.request_signature, reference, on=world.clock.now().date())
    with world.monitor.work() as work:
        ops.name_contact(work, "Acme Labs", name="signature", email="jane@acme.example", person="Jane Roe")
    return world


def mails(world, address):
    """(Local day and hour, subject, text) of what reached an address."""
    found = []
    for one in world.mail.taken:
        if one.address == address:
            mail = message_from_bytes(one.frozen.body, policy=default)
            at = one.at.astimezone(world.zone)
            found.append((f"{at:%d %H:%M}", mail["subject"], mail.get_body(("plain",)).get_content()))
    return found


@pytest.fixture(scope="module")
def sent():
    """What the fortnight brought where the house lets us write outside."""
    world = asked(external_mail="send")
    world.live_until("2026-01-19T23:00")
    return world


@pytest.fixture(scope="module")
def drafted():
    """The same where it does not."""
    world = asked()
    world.live_until("2026-01-19T23:00")
    return world


def test_the_other_side_is_written_to_in_words_of_its_own_and_once_a_day(sent):
    to_jane = mails(sent, "jane@acme.example")
    assert [at for at, _, _ in to_jane] == ["13 08:30", "14 08:30"]  # two agreements, a day apart
    _, subject, text = to_jane[0]
    assert subject == "Your signature by 19 Jan"
    assert text.startswith("Dear Jane Roe,")
    assert "Your signature of “Secrets 1” is awaited by Mon 19 Jan 2026" in text
    assert not any(word in text for word in ("Olga", "Ben", "longstop", "http", "What happens next", "Owner"))


def test_the_other_side_hears_of_a_moved_day_in_words_of_its_own_and_on_a_day_of_its_own():
    world = asked(external_mail="send")
    world.live_until("2026-01-14T09:00")
    with world.monitor.work() as work:
        known = work.agreements.find("NDA-1")
        ops.amend(work, replace(known, sign_by_on=date(2026, 1, 30)), because="they asked for time")
    world.live_until("2026-01-15T12:00")
    *_, (at, subject, text) = mails(world, "jane@acme.example")
    assert (at, subject) == ("15 08:30", "Your signature by 30 Jan")
    assert "Your signature of “Secrets 1” is awaited by Fri 30 Jan 2026" in text
    assert not any(word in text for word in ("Olga", "Ben", "longstop", "http", "What happens next", "Owner", "Why"))


def test_the_other_side_hears_from_people_that_nothing_is_expected_any_more():
    world = asked(external_mail="send")
    world.live_until("2026-01-14T09:00")
    world.do(ops.archive, "NDA-1", because="no talks")
    world.live_until("2026-01-20T12:00")
    assert [at for at, _, _ in mails(world, "jane@acme.example")] == ["13 08:30", "14 08:30"]


def test_what_will_leave_for_the_other_side_is_foretold():
    world = asked(external_mail="send")
    with world.monitor.look() as work:
        told = forecast(work, date(2026, 1, 19)).items
    outside = [one for one in told if one.recipient.address == "jane@acme.example"]
    assert [f"{one.send_at.astimezone(world.zone):%d %H:%M}" for one in outside] == ["13 08:30", "14 08:30"]


def test_where_nothing_leaves_by_itself_the_owner_is_asked_to_pass_it_on(drafted):
    assert mails(drafted, "jane@acme.example") == []
    passed_on = [
        text for _, _, text in mails(drafted, "olga@example.com") if "pass this on to jane@acme.example" in text
    ]
    assert len(passed_on) == 2
    assert "Your signature of “Secrets " in passed_on[0]


def test_what_cannot_reach_the_other_side_is_told_to_nobody_else_instead():
    world = asked(external_mail="send")
    world.mail.dead.add("jane@acme.example")
    world.live_until("2026-01-14T07:00")
    before = [at for at, _, _ in mails(world, "olga@example.com")]
    world.live_until("2026-01-14T12:00")
    with world.monitor.look() as work:
        failed = [one for one in work.deliveries.listed([], limit=1000) if one.address == "jane@acme.example"]
        assert {one.state.value for one in failed} == {"failed"}
        assert not [one for one in work.deliveries.listed([], limit=1000) if one.fallback_of]
    assert "delivery_failed" in world.incidents()
    assert before


def test_nothing_about_a_restricted_agreement_leaves_by_itself():
    world = asked(external_mail="send")
    world.amend("NDA-1", restricted_to=(world.id_of("olga"),))
    world.live_until("2026-01-16T09:00")
    assert [subject for _, subject, _ in mails(world, "jane@acme.example")] == ["Your signature by 19 Jan"]
    assert any("pass this on" in text for _, _, text in mails(world, "olga@example.com"))


@pytest.mark.parametrize(("name", "email"), [("a:b", "x@y.example"), ("legal", "jane"), ("legal", "a>b:c@y.example")])
def test_a_contact_needs_a_name_and_an_address(name, email):
    world = World()
    world.staff()
    world.agreement()
    with pytest.raises(Exception, match="is no"), world.monitor.work() as work:
        ops.name_contact(work, "Acme Labs", name=name, email=email)
