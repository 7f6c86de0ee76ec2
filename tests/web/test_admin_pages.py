"""``/admin``: how the house does, and what its operator may do about it."""

import json
import re
from contextlib import contextmanager
from dataclasses import replace
from html import unescape

import pytest

from engine import operations as ops
from engine.incidents import open_incident
from engine.watcher.audit import CHECKS
from jobs.catalogue import NAMES
from lifecycle.delivery import DeliveryState
from tests.support.site import Site, text_of
from web.pages.admin import words

PARTS = ("health",)


@pytest.fixture(scope="module")
def site():
    made = Site()
    made.world.tick()
    yield made
    made.close()


@pytest.fixture(scope="module")
def admin(site):
    return site.as_("henrik")


@contextmanager
def restricted(site, agreement_id, to="mei@hallingdal.example"):
    """Meanwhile an agreement is for one person, its owner and its backup alone."""
    for names in ((to,), ()):
        with site.work() as work:
            ops.amend(work, replace(work.agreements.get(agreement_id), restricted_to=names), because="Trial")
        if names:
            yield


@pytest.mark.parametrize("part", PARTS)
def test_only_an_admin_sees_the_operators_pages(site, admin, part):
    assert admin.get(f"/admin/{part}").status_code == 200
    for name in ("olga", "mei", "amara"):
        assert site.as_(name).get(f"/admin/{part}").status_code == 403


def test_every_job_and_every_question_of_the_audit_has_its_words():
    assert set(words.JOBS) == set(NAMES)
    assert set(words.CHECKS) == set(CHECKS)


def test_an_incident_is_closed_with_a_reason_and_only_with_one(site, admin):
    with site.work() as work:
        found = open_incident(work, kind="clock_skew", subject="here", text="Two clocks disagree.")
    assert "Two clocks disagree." in text_of(admin.get("/admin/health"))
    path = f"/admin/health/incidents/{found}/close"
    assert "Say why it is over." in text_of(admin.followed(admin.post(path, because="")))
    assert "Two clocks disagree." in text_of(admin.get("/admin/health"))
    assert "Closed." in text_of(admin.followed(admin.post(path, because="The clock was set")))
    assert "Two clocks disagree." not in text_of(admin.get("/admin/health"))


def messages(site, *states):
    with site.look() as work:
        return work.deliveries.listed(list(states))


def test_a_message_is_held_with_a_reason_and_released(site, admin):
    one = messages(site, DeliveryState.PENDING)[0]
    path = f"/admin/outbox/{one.id}"
    refused = admin.followed(admin.post("/admin/outbox/hold", id=one.id, back=path))
    assert "Say why they are held." in text_of(refused)
    assert messages(site, DeliveryState.HELD) == [] or one.id not in {each.id for each in messages(site, "held")}
    held = admin.followed(admin.post("/admin/outbox/hold", id=one.id, back=path, because="Wrong address"))
    assert "1 message held." in text_of(held)
    assert "Wrong address" in text_of(held)
    again = text_of(admin.followed(admin.post("/admin/outbox/hold", id=one.id, back=path, because="Twice")))
    assert "is held, not pending; nothing was changed." in again
    assert "1 message released." in text_of(admin.followed(admin.post("/admin/outbox/release", id=one.id, back=path)))
    with site.look() as work:
        assert work.deliveries.get(one.id).state is DeliveryState.PENDING


def test_of_several_messages_all_are_moved_or_none(site, admin):
    waits, gone = messages(site, DeliveryState.PENDING)[0], messages(site, DeliveryState.ACCEPTED)[0]
    answer = admin.followed(admin.post("/admin/outbox/hold", id=[waits.id, gone.id], because="Wrong"))
    assert "nothing was changed" in text_of(answer)
    with site.look() as work:
        assert work.deliveries.get(waits.id) == waits


def test_the_message_log_is_for_legal_and_the_auditor_to_read_and_for_an_admin_to_move(site):
    one = messages(site, DeliveryState.PENDING)[0]
    for name in ("mei", "sofia"):
        reader = site.as_(name)
        assert reader.get("/admin/outbox").status_code == 200
        assert reader.get(f"/admin/outbox/{one.id}").status_code == 200
        assert reader.post("/admin/outbox/hold", id=one.id, because="No").status_code == 403
    assert site.as_("olga").get("/admin/outbox").status_code == 403


def test_the_list_is_narrowed_by_state_channel_address_and_agreement(site, admin):
    one = next(each for each in messages(site, DeliveryState.ACCEPTED) if each.agreement_id)
    with site.look() as work:
        reference = work.agreements.get(one.agreement_id).reference
    shown = admin.get("/admin/outbox", params={"state": "accepted", "to": one.address, "agreement": reference}).text
    assert f"/admin/outbox/{one.id}" in shown
    assert f"/admin/outbox/{one.id}" not in admin.get("/admin/outbox", params={"state": "held"}).text
    assert "no agreement" in text_of(admin.get("/admin/outbox", params={"agreement": "NO-SUCH"})).lower()


def test_what_is_about_a_restricted_agreement_is_not_in_the_outbox_of_an_outsider(site, admin):
    one = next(each for each in messages(site, DeliveryState.ACCEPTED) if each.agreement_id)
    with restricted(site, one.agreement_id):
        assert f"/admin/outbox/{one.id}" not in admin.get("/admin/outbox", params={"to": one.address}).text
        assert admin.get(f"/admin/outbox/{one.id}").status_code == 404
        assert admin.get(f"/admin/outbox/{one.id}/mail").status_code == 404
        assert site.as_("mei").get(f"/admin/outbox/{one.id}").status_code == 200


def lines(answer):
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


def positions(site):
    """Of all events but those about agreements that are restricted to others, and about assets."""
    with site.look() as work:
        unseen = {one.id for one in work.agreements.all() if one.restricted_to}
        assert unseen, "the demo restricts one"
        every = list(work.log.all())
    return [one["position"] for one in every if one["agreement_id"] not in unseen and "Asset" not in one["type"]]


def test_the_log_is_narrowed_by_agreement_type_actor_and_day(site, admin):
    every = lines(admin.get("/admin/log/events.jsonl"))
    assert [one["position"] for one in every] == positions(site)
    with site.look() as work:
        some = next(work.agreements.get(one["agreement_id"]) for one in every if one["type"] == "NoticeGiven")
    asked = {"agreement": some.reference, "type": "NoticeGiven", "actor": "demo"}
    found = lines(admin.get("/admin/log/events.jsonl", params=asked))
    assert [(one["agreement_id"], one["type"], one["actor"]) for one in found] == [(some.id, "NoticeGiven", "demo")]
    assert lines(admin.get("/admin/log/events.jsonl", params={"until": "2026-11-22"})) == []
    assert lines(admin.get("/admin/log/events.jsonl", params={"from": "2026-11-23"})) == every
    shown = text_of(admin.get("/admin/log", params=asked))
    assert "the last day in force is" in shown
    assert admin.get("/admin/log", params={"from": "yesterday"}).status_code == 422


def test_the_pages_of_the_log_hold_every_event_once(site, admin):
    path, seen = "/admin/log", []
    while path:
        text = admin.get(path).text
        seen += [int(one) for one in re.findall(r'data-name="No.">(\d+)<', text)]
        path = unescape(next(iter(re.findall(r'href="([^"]+)" rel="next"', text)), ""))
    assert seen == positions(site)[::-1]


def test_the_chain_is_walked_and_said_to_be_whole(admin):
    assert re.search(r"The log is whole: \d+ events", text_of(admin.followed(admin.post("/admin/log/verify"))))


def test_events_of_a_restricted_agreement_are_in_no_log_of_an_outsider(site, admin):
    agreement = lines(admin.get("/admin/log/events.jsonl", params={"type": "NoticeGiven"}))[0]["agreement_id"]
    with restricted(site, agreement):
        assert agreement not in admin.get("/admin/log/events.jsonl").text
        assert agreement in site.as_("mei").get("/admin/log/events.jsonl").text
