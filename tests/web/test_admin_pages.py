"""``/admin``: how the house does, and what its operator may do about it."""

import json
import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from engine import operations as ops
from engine.access.tokens import UnknownToken, admitted
from engine.backups.making import RESTORED, Plan
from engine.delivery.specimens import Specimen
from engine.incidents import open_incident
from engine.incoming.hearing import Heard
from engine.incoming.inbox import Kept
from engine.watcher.audit import CHECKS
from engine.watcher.watching import Watching
from jobs.catalogue import NAMES
from lifecycle.delivery import DeliveryKind, DeliveryState
from lifecycle.people import Role
from notifiers.slack.checking import Workspace
from notifiers.slack.notifier import SlackNotifier, SlackSettings
from store.codec import dumps
from store.inbox import InboxRow
from tests.support.site import PASSWORD, Browser, Site, text_of
from web.app import make_app
from web.frame.operator import Operator
from web.frame.sessions import SESSION
from web.health import Watched
from web.pages.admin import words

OLGA = "olga@hallingdal.example"
PARTS = ("health", "people", "channels", "preview", "incoming", "tokens", "backups", "settings", "shadow")


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


def test_every_job_every_question_of_the_audit_and_every_kind_of_message_has_its_words():
    assert set(words.KINDS) == set(DeliveryKind)
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
    assert "Message log" in site.as_("sofia").get("/me").text
    assert "Message log" not in site.as_("olga").get("/me").text


def test_a_message_that_a_silence_holds_says_whose_it_is():
    site = Site()
    site.as_("mei").post("/silences", search="", mode="hold", until="2026-12-01", reason="The merger is being signed")
    site.world.tick()
    with site.look() as work:
        (one,) = work.silences.open()
    henrik = site.as_("henrik")
    listed = henrik.get("/admin/outbox?state=held")
    held = re.search(r'href="(/admin/outbox/[a-z0-9]{12})"', listed.text)[1]
    for page in (text_of(listed), text_of(henrik.get(held))):
        assert ("silenced by Mei Tanaka" in page, one.id in page) == (True, False)
    site.close()


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


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"from": "yesterday"}, 'From: "yesterday" is no day. Write days as 2026-12-01.'),
        ({"until": "9999-12-31"}, "Until: 31 Dec 9999 is outside 1900 to 2200. Check the year;"),
    ],
)
def test_a_day_that_the_log_cannot_be_asked_for_is_named_with_its_place(admin, asked, told):
    answer = admin.get("/admin/log", params=asked)
    assert (answer.status_code, told in text_of(answer)) == (422, True), text_of(answer)


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


def person(site, name):
    with site.look() as work:
        return work.people.by_email(f"{name}@hallingdal.example")


def test_somebody_is_taken_in_and_chooses_a_password_by_a_link_that_works_once(site, admin):
    answer = admin.post("/admin/people", email="nora@hallingdal.example", name="Nora", role="legal", teams="legal, m&a")
    assert "Nora is here now." in text_of(admin.followed(answer))
    nora = person(site, "nora")
    assert (nora.role, nora.teams) == (Role.LEGAL, ("legal", "m&a"))
    made = admin.post(f"/admin/people/{nora.id}/password-link")
    path = re.search(r"https://longstop.example(/password/[^<]+)<", made.text)[1]
    browser = site.anybody()
    assert "nora@hallingdal.example" in text_of(browser.get(path))
    short = browser.post(path, on=path, password_new="short", password_again="short")
    assert (short.status_code, "fewer than 12" in short.text) == (422, True)
    done = browser.post(path, on=path, password_new=PASSWORD, password_again=PASSWORD)
    assert "sign in with it" in text_of(browser.followed(done))
    assert browser.get(path).status_code == 404, "it works once"
    entered = browser.post("/login", email=nora.email, password=PASSWORD)
    assert entered.headers["location"].endswith("/deadlines")


def test_a_known_address_and_a_manager_nobody_knows_are_said_and_nothing_typed_is_lost(site, admin):
    answer = admin.post("/admin/people", email="olga@hallingdal.example", name="Another Olga")
    assert (answer.status_code, 'value="Another Olga"' in answer.text) == (422, True)
    answer = admin.post("/admin/people", email="new@hallingdal.example", manager="nobody@hallingdal.example")
    assert "Nobody here has that address." in text_of(answer)
    with site.look() as work:
        assert "new@hallingdal.example" not in {one.email for one in work.people.all()}


def test_the_last_admin_stays(site, admin):
    henrik = person(site, "henrik")
    path = f"/admin/people/{henrik.id}"
    for way, fields in ((path, {"role": "viewer"}), (f"{path}/leave", {})):
        said = text_of(admin.followed(admin.post(way, **fields)))
        assert "is the last admin" in said
        assert "longstop person" not in said
    assert person(site, "henrik") == henrik


def test_who_leaves_hands_over_what_they_own_and_is_out_at_once(site, admin):
    tomas, priya = person(site, "tomas"), person(site, "priya")
    browser = site.as_("tomas")
    with site.look() as work:
        mine = set(work.agreements.owned_by(tomas.id))
        before = set(work.agreements.owned_by(priya.id))
    assert mine
    said = text_of(admin.followed(admin.post(f"/admin/people/{tomas.id}/leave", to=priya.email)))
    assert f"Priya Nair has taken over {len(mine)} agreements" in said
    with site.look() as work:
        assert set(work.agreements.owned_by(priya.id)) == before | mine
        assert work.agreements.owned_by(tomas.id) == []
    assert browser.get("/me").status_code == 303, "the session is over"
    admin.post(f"/admin/people/{tomas.id}/back")
    assert person(site, "tomas") == tomas


def test_an_admin_says_who_is_away_and_who_stands_in(site, admin):
    jonas = person(site, "jonas")
    path = f"/admin/people/{jonas.id}"
    answer = admin.post(
        f"{path}/away", from_on="2026-11-23", until_on="2026-11-27", delegate="amara@hallingdal.example"
    )
    assert "Amara Okafor is asked while Jonas Keller is away." in text_of(admin.followed(answer))
    assert "Away" in text_of(admin.get("/admin/people"))
    admin.post(f"{path}/away/end")
    with site.look() as work:
        assert [one for one in work.absences.open() if one.person_id == jonas.id] == []


def test_a_test_message_goes_to_the_address_that_was_named_and_says_what_became_of_it(site, admin):
    before = {one.id for one in messages(site)}
    answer = admin.post("/admin/channels/email/test", to="somebody@partner.example")
    assert "The test message left for somebody@partner.example." in text_of(answer)
    sent = [one for one in messages(site) if one.id not in before]
    assert [(one.kind, one.address, one.state) for one in sent] == [
        (DeliveryKind.TEST, "somebody@partner.example", DeliveryState.ACCEPTED)
    ]
    assert admin.post("/admin/channels/pigeon/test", to="a@b.example").status_code == 404


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Workspace("Hallingdal", ("im:write",)), "the bot may not im:write"),
        (Workspace("Hallingdal", ()), "has every scope that it needs"),
        (None, "Slack is not set up."),
    ],
)
def test_the_scopes_that_the_bot_misses_are_named(site, found, told):
    answer = operated(site, slack=lambda: found).post("/admin/channels/slack/ask")
    assert told in text_of(answer)


def test_the_settings_are_shown_as_they_are_handed_in(site):
    shown = operated(site, settings=lambda: {"LONGSTOP_PORT": 8080, "LONGSTOP_SMTP_PASSWORD": "***"})
    assert "LONGSTOP_PORT 8080 LONGSTOP_SMTP_PASSWORD ***" in text_of(shown.get("/admin/settings"))


def operated(site, *, data_dir=None, **said):
    """An admin's browser of the same house, with another operator's equipment."""
    given = {name: said.pop(name) for name in ("house", "watching", "notifiers") if name in said}
    monitor = replace(site.monitor, **given)
    pages = replace(site.pages, monitor=monitor, operator=Operator(**said), data_dir=data_dir or site.pages.data_dir)
    watched = Watched(monitor=monitor, is_current=lambda: True, intervals={}, data_dir=Path("/"))
    browser = Browser(make_app(watched, site=pages))
    browser.http.cookies.set(SESSION, site.as_("henrik").http.cookies[SESSION])
    return browser


def test_a_token_for_somebody_is_shown_once_and_revoked(site, admin):
    answer = admin.post(
        "/admin/tokens", **{"for": OLGA}, scope=["read", "act"], expires_on="2026-12-31", token_name="robot"
    )
    text = re.search(r"(lst_[\w-]+)<", answer.text)[1]
    assert admitted(site.monitor, text).token.scopes == ("read", "act")
    assert text not in admin.get("/admin/tokens").text
    with site.look() as work:
        (row,) = [one for one in work.entering.tokens() if one.name == "robot"]
    admin.post(f"/admin/tokens/{row.id}/revoke")
    with pytest.raises(UnknownToken):
        admitted(site.monitor, text)
    refused = admin.post("/admin/tokens", **{"for": OLGA}, expires_on="2030-12-31", scope="read")
    assert (refused.status_code, "cannot expire on 2030-12-31" in refused.text) == (422, True)


def test_a_backup_is_made_tried_out_and_taken_away_whole(site, tmp_path):
    folder = tmp_path / "backups"
    admin = operated(site, watching=Watching(backups=Plan(folder=folder, files=dict)))
    assert "was made." in text_of(admin.followed(admin.post("/admin/backups")))
    (file,) = folder.glob("*.zip")
    assert f"{file.name} is whole" in text_of(admin.followed(admin.post(f"/admin/backups/{file.name}/verify")))
    assert "restored and whole" in text_of(admin.get("/admin/health"))
    assert admin.post(f"/admin/backups/{file.name}/download").content == file.read_bytes()
    with file.open("r+b") as opened:
        opened.seek(200)
        opened.write(b"damage")
    assert "cannot be trusted" in text_of(admin.followed(admin.post(f"/admin/backups/{file.name}/verify")))
    (tmp_path / "longstop-secret.zip").write_bytes(b"not yours")
    assert admin.post("/admin/backups/..%2Flongstop-secret.zip/download").status_code == 404
    assert admin.post("/admin/backups/longstop-secret.zip/download").status_code == 404


def test_a_restored_register_speaks_once_an_admin_has_said_so(site, tmp_path):
    marker = tmp_path / RESTORED
    marker.write_text("restored")
    quiet = replace(site.monitor.house, shadow_mode=True)
    by_settings = operated(site, house=quiet, data_dir=tmp_path, is_shadow_set=True)
    assert "LONGSTOP_SHADOW_MODE=false" in text_of(by_settings.followed(by_settings.post("/admin/shadow/end")))
    assert marker.exists()
    restored = operated(site, house=quiet, data_dir=tmp_path)
    assert "two that both send tell everybody twice" in text_of(restored.get("/admin/shadow"))
    assert "Shadow mode ends" in text_of(restored.followed(restored.post("/admin/shadow/end")))
    assert not marker.exists()


def test_what_shadow_mode_held_is_listed_and_looked_at_when_it_is_over(site, admin):
    one = messages(site, DeliveryState.PENDING)[0]
    with site.work() as work:
        held = {"state": DeliveryState.HELD, "why": "shadow mode", "next_attempt_at": work.now + timedelta(days=1)}
        work.deliveries.change([one.id], [DeliveryState.PENDING], **held)
    assert f"/admin/outbox/{one.id}" in admin.get("/admin/shadow").text
    assert "some of what it held has not left yet" in text_of(admin.get("/admin/health"))
    quiet = operated(site, house=replace(site.monitor.house, shadow_mode=True))
    quiet.post("/admin/shadow/end")
    with site.look() as work:
        assert work.deliveries.get(one.id).next_attempt_at > work.now, "while it lasts nothing is let go"
    assert "1 message is looked at now." in text_of(admin.followed(admin.post("/admin/shadow/end")))
    with site.look() as work:
        assert work.deliveries.get(one.id).next_attempt_at == work.now


def test_a_call_that_waits_is_shown_and_dropped_with_a_reason(site, admin):
    heard = Heard(
        hook="documenso", operation=None, values={"reference": "NO-1"}, body="{}", why="There is no agreement NO-1."
    )
    with site.work() as work:
        kept = InboxRow(
            id="waits",
            dedupe_key="documenso:1",
            source="hook:documenso",
            received_at=work.now,
            payload=dumps(Kept(actor=work.actor, heard=heard)),
        )
        work.inbox.take(kept)
        work.inbox.leave("waits", payload=kept.payload)
    shown = text_of(admin.get("/admin/incoming"))
    assert "There is no agreement NO-1." in shown
    assert "needs a reason" in text_of(admin.followed(admin.post("/admin/incoming/waits/drop")))
    assert "Dropped by" in text_of(admin.followed(admin.post("/admin/incoming/waits/drop", because="A test of theirs")))
    assert "Nothing waits." in text_of(admin.get("/admin/incoming"))


@pytest.fixture(scope="module")
def on_slack(site):
    """An admin's browser of the house with Slack set up."""
    slack = SlackNotifier(SlackSettings(token="xoxb", api_url="http://127.0.0.1:9/", rate=1, timeout=1))
    return operated(site, notifiers={**site.monitor.notifiers, "slack": slack})


@pytest.mark.parametrize("kind", list(Specimen))
@pytest.mark.parametrize("channel", ["email", "slack"])
def test_every_kind_of_message_can_be_looked_at_in_every_channel_without_a_link_to_act(site, on_slack, kind, channel):
    before = len(messages(site))
    answer = on_slack.get("/admin/preview", params={"kind": kind.value, "channel": channel})
    assert answer.status_code == 200
    said = text_of(answer)
    told = {
        Specimen.STEP: "by ",
        Specimen.CHANGED: "moved",
        Specimen.DIGEST: "Your deadlines ahead",
        Specimen.QUIET: "All quiet",
        Specimen.REQUEST: "Please pass this on to their contact",
        Specimen.INCIDENT: "This is how an incident reads",
        Specimen.TEST: "This is a test message",
    }[kind]
    assert told in said
    assert "/act/" not in answer.text
    assert len(messages(site)) == before, "nothing was written"


def test_the_mail_itself_stands_in_a_page_that_can_do_nothing(admin):
    answer = admin.get("/admin/preview/mail", params={"kind": "step", "channel": "email"})
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "<table" in answer.text
    assert admin.get("/admin/preview", params={"reference": "NO-SUCH"}).status_code == 404
