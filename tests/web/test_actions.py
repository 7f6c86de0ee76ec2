"""Action links: whoever opens them sees, and only the form's button acts."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from itertools import cycle, islice, product
from types import SimpleNamespace

import pytest
from fastapi import FastAPI

from engine import operations as ops
from engine.incoming.links import ActionLink, Links
from store.database import open_database
from store.schema import metadata
from tests.support.asking import Client
from tests.support.world import World, checked
from web.actions import router

LINKS = Links("s" * 32, "https://longstop.example")
SCANNERS = (
    "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
    "Mozilla/5.0 (compatible; Microsoft SafeLinks)",
    "Barracuda Sentinel (EE)",
    "Mimecast-URL-Protect/1.0",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
)


@pytest.fixture(scope="module")
def first_told():
    world = World("2026-10-30T09:00")
    world.staff()
    world.monitor = replace(world.monitor, links=LINKS)
    world.agreement(title="Mutual NDA")
    world.live_until("2026-11-02T09:00")
    world.expect(
        "2026-10-30 09:00 olga: New in your register: ACME-7 notice", "2026-11-02 08:30 olga: ACME-7 notice -30d.0"
    )
    return world


@pytest.fixture
def told(first_told):
    """Olga was told on Monday, 2 November, by mail with links; the last safe day is 2 December."""
    with checked(first_told.twin()) as world:
        yield world


@pytest.fixture
def hurried():
    """The same under a ladder whose second stage, from 12 November on, asks for an outcome."""
    world = World("2026-10-30T09:00")
    world.staff()
    world.monitor = replace(world.monitor, links=LINKS)
    world.playbooks(
        "playbook: default\nladder:\n  - {at: -30d, steps: [{ask: [owner, backup]}]}\n"
        "  - {at: -20d, require: outcome, steps: [{ask: [owner, backup]}]}\n"
    )
    world.agreement(title="Mutual NDA")
    world.live_until("2026-11-10T09:00")
    yield world
    world.expect(*world.unexpected)


class Visitor:
    """Somebody with the link that was sent to *name*."""

    def __init__(self, world, name="olga", **link):
        row = world.row("ACME-7 notice")
        said = {"milestone_id": row.id, "person_id": world.id_of(name), "revision": row.revision, "stage": "-30d"}
        app = FastAPI()
        app.router.routes.extend(router(world.monitor).routes)
        self.client = Client(app, base_url="https://longstop.example")
        self.path = LINKS.url(ActionLink(**{**said, **link})).removeprefix("https://longstop.example")
        self.nonce = ""

    def look(self, do=""):
        answer = self.client.get(self.path + (f"?do={do}" if do else ""))
        found = re.search('name="nonce" value="([^"]+)"', answer.text)
        self.nonce = found[1] if found else ""
        return _read(answer)

    def say(self, do, *, headers=None, **values):
        given = {"nonce": self.nonce, "do": do, **values}
        return _read(self.client.post(self.path, data=given, headers=headers or {}))


def _read(answer):
    words = unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.text.split("</style>")[-1])))
    return SimpleNamespace(status=answer.status_code, text=words, html=answer.text, headers=answer.headers)


def dump(world):
    """Every row of every table."""
    with world.monitor.database.reading() as connection:
        return {table.name: list(connection.execute(table.select())) for table in metadata.sorted_tables}


def state(world):
    return world.row("ACME-7 notice").state


# -- looking ---------------------------------------------------------------------------------------------------------


def test_a_hundred_looks_by_scanners_change_nothing(told):
    """Each scanner looks at each form in both ways, and all of them come again and again."""
    visitor, before = Visitor(told), dump(told)
    looks = cycle(product(SCANNERS, ("acknowledge", "done", "not-me"), ("GET", "HEAD")))
    for scanner, do, method in islice(looks, 100):
        path, agent = f"{visitor.path}?do={do}", {"user-agent": scanner}
        assert visitor.client.request(method, path, headers=agent).status_code == 200
    assert dump(told) == before


def test_the_page_says_for_whom_what_and_by_when(told):
    seen = Visitor(told).look()
    assert seen.status == 200
    assert (
        "Send non-renewal notice to Acme Labs by Wed 2 Dec 2026 (in 30 days), or it renews for 12 months." in seen.text
    )
    assert "Recording as Olga (olga@example.com). Not you?" in seen.text
    assert seen.text.count("Acknowledge: I have it") == 1


def test_the_page_shows_the_stage_as_it_is_now_and_what_happens_next(told):
    link = Visitor(told)
    seen = link.look().text
    assert "Stage now 2 of 4, 30 days before" in seen
    assert "What happens next Thu 5 Nov 2026: Ben Tue 10 Nov 2026: Mia" in seen
    told.live_until("2026-11-25T09:00")
    told.expect(*told.unexpected)
    assert "Stage now 3 of 4, 7 days before" in link.look().text
    link.say("done", evidence="Courier 4711", on="2026-11-24")
    assert "What happens next" not in link.look().text


def test_the_page_is_kept_by_nobody_and_lets_nothing_in(told):
    headers = Visitor(told).look().headers
    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert (headers["cache-control"], headers["referrer-policy"], headers["x-robots-tag"]) == (
        "no-store",
        "no-referrer",
        "noindex, nofollow",
    )


def test_the_page_has_no_script_and_asks_nobody_else(told):
    html = Visitor(told).look().html
    assert re.findall(r"<script|javascript:| on[a-z]+=\"|src=|https?://", html) == []


def test_the_link_for_a_form_opens_it(told):
    html = Visitor(told).look("done").html
    assert re.findall(r"<details open><summary>([^<]+)", html) == ["Done"]


def test_every_field_has_a_label_and_every_button_a_name_of_its_own(told):
    html = Visitor(told).look().html
    assert set(re.findall(r'<(?:input|textarea|select) id="([^"]+)"', html)) == set(re.findall('for="([^"]+)"', html))
    names = re.findall("<button[^>]*>([^<]+)", html)
    assert names == [
        "Acknowledge: I have it", "Snooze", "Say it is done", "Record the decision", "Assign", "Not you?",
    ]  # fmt: skip


# -- acting ----------------------------------------------------------------------------------------------------------


def test_the_button_acknowledges_as_the_person_of_the_link(told):
    visitor = Visitor(told)
    visitor.look()
    after = visitor.say("acknowledge", headers={"sec-fetch-site": "same-origin"})
    assert after.status == 200
    assert "Acknowledged Quiet until Wed 25 Nov 2026 08:30 Europe/Berlin; still open." in after.text
    assert "Acknowledged by olga@example.com, Mon 2 Nov 2026 09:00 Europe/Berlin." in after.text
    assert "I have it" not in after.text
    event = told.events("MilestoneAcknowledged")[-1]
    assert (event["actor"], event["channel"]) == ("olga@example.com", "link")


def test_the_same_form_twice_acts_once_and_says_so(told):
    visitor = Visitor(told)
    visitor.look()
    visitor.say("acknowledge")
    told.say(ops.undo, "ACME-7 notice")
    again = visitor.say("acknowledge")
    assert (again.status, "Already acknowledged" in again.text) == (200, True)
    assert state(told) == "open"
    assert len(told.events("MilestoneAcknowledged")) == 1


def test_a_second_link_says_who_has_it_already(told):
    for name in ("olga", "ben"):
        visitor = Visitor(told, name)
        visitor.look()
        after = visitor.say("acknowledge")
    assert "Already acknowledged olga@example.com has it already." in after.text
    assert len(told.events("MilestoneAcknowledged")) == 1


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_from_another_site_changes_nothing(told, site):
    visitor = Visitor(told)
    visitor.look()
    before = dump(told)
    assert visitor.say("acknowledge", headers={"sec-fetch-site": site}).status == 403
    assert dump(told) == before


def test_without_the_nonce_of_its_own_page_nothing_acts(told):
    olga, ben = Visitor(told), Visitor(told, "ben")
    ben.look()
    before = dump(told)
    assert olga.say("acknowledge").status == 403
    olga.nonce = ben.nonce
    assert olga.say("acknowledge").status == 403
    assert olga.say("waive").status == 403
    assert dump(told) == before


def test_a_form_of_yesterday_is_shown_anew_with_what_was_typed(told):
    visitor = Visitor(told)
    visitor.look()
    told.clock.advance(timedelta(hours=13))
    before = dump(told)
    after = visitor.say("done", evidence="Courier 4711 <b>", on="2026-11-02")
    assert (after.status, dump(told)) == (409, before)
    assert "Courier 4711 &lt;b&gt;</textarea>" in after.html
    assert "<details open><summary>Done" in after.html


def test_a_day_that_has_moved_is_said_and_nothing_can_be_answered(told):
    visitor = Visitor(told)
    visitor.look()
    told.say(ops.pin, "ACME-7 notice", on=told.row("ACME-7 notice").safe_on - timedelta(days=7), because="board")
    before = dump(told)
    after = visitor.say("acknowledge")
    assert after.status == 409
    assert "The day is now" in after.text
    seen = visitor.look()
    assert "The day has moved since that message, or an answer was taken back." in seen.text
    assert "The day is now Wed 25 Nov 2026. Answer from a newer message about it, or on its page." in seen.text
    assert re.findall("<button[^>]*>([^<]+)", seen.html) == ["Not you?"]
    unchanged = {name: rows for name, rows in before.items() if name != "inbox"}
    assert {name: rows for name, rows in dump(told).items() if name != "inbox"} == unchanged
    told.live_until("2026-11-02T10:00")
    assert [line for line in told.unexpected if "moved from 2026-12-02 to 2026-11-25" in line]
    told.expect(*told.unexpected)


def test_a_link_to_what_was_withdrawn_says_so_and_speaks_of_no_day_that_has_moved(told):
    visitor = Visitor(told)
    visitor.look()
    told.do(ops.archive, because="signed by mistake")
    after = visitor.say("acknowledge")
    assert (after.status, "It is withdrawn: nothing is open." in after.text) == (409, True)
    seen = visitor.look()
    assert "No longer due: its reason is gone. Nobody has to do anything." in seen.text
    assert "day has moved" not in seen.text
    told.live_until("2026-11-09T09:00")
    told.expect(*told.unexpected)


@pytest.mark.parametrize(("choice", "is_open"), [("renew", False), ("terminate", True)])
def test_only_a_decision_that_leaves_a_duty_is_said_to_be_open_still(told, choice, is_open):
    visitor = Visitor(told)
    visitor.look()
    after = visitor.say("decide", choice=choice, note="the board")
    assert (after.status, "Still open until it is done." in after.text) == (200, is_open)


def test_what_was_answered_meanwhile_is_not_overwritten(told):
    visitor = Visitor(told, "ben")
    visitor.look()
    told.say(ops.acknowledge, "ACME-7 notice")
    after = visitor.say("snooze", until="2026-11-10")
    assert (after.status, state(told)) == (409, "acknowledged")
    assert "Somebody has answered since you opened this page." in after.text
    visitor.look()
    assert visitor.say("snooze", until="2026-11-10").status == 200
    assert state(told) == "snoozed"


def test_a_decision_that_was_made_meanwhile_is_not_overwritten_unseen(told):
    told.say(ops.acknowledge, "ACME-7 notice")
    visitor = Visitor(told, "ben")
    visitor.look()
    told.say(ops.decide, "ACME-7 notice", choice="terminate", note="the board")
    after = visitor.say("decide", choice="renew", note="I like them")
    assert (after.status, state(told)) == (409, "acknowledged")
    assert "Somebody has answered since you opened this page." in after.text
    assert told.row("ACME-7 notice").decision.choice == "terminate"


def test_a_decision_in_a_stage_that_asks_for_an_outcome_is_not_overwritten_unseen(hurried):
    hurried.live_until("2026-11-12T09:00")
    visitor = Visitor(hurried, "ben")
    visitor.look()
    hurried.say(ops.decide, "ACME-7 notice", choice="terminate", note="the board")
    assert state(hurried) == "open"
    for words in (
        {"do": "decide", "choice": "renew", "note": "I like them"},
        {"do": "done", "evidence": "their letter"},
    ):
        after = visitor.say(words.pop("do"), **words)
        assert (after.status, state(hurried)) == (409, "open")
        assert "Somebody has answered since you opened this page." in after.text
    assert hurried.row("ACME-7 notice").decision.choice == "terminate"
    visitor.look()
    assert visitor.say("decide", choice="renegotiate", note="the board").status == 200


def test_a_form_is_shown_anew_once_the_stage_asks_for_more_but_what_was_done_was_done(hurried):
    hurried.live_until("2026-11-12T08:00")
    visitor = Visitor(hurried, "ben")
    visitor.look()
    hurried.live_until("2026-11-12T09:00")
    after = visitor.say("snooze", until="2026-11-20")
    assert (after.status, state(hurried)) == (409, "open")
    assert "Another stage has begun since you opened this page." in after.text
    assert visitor.say("done", evidence="their letter").status == 200


@pytest.mark.parametrize(("do", "values"), [("acknowledge", {}), ("snooze", {"until": "2026-11-10"})])
def test_what_somebody_closed_meanwhile_is_said_to_be_closed_and_not_as_it_was_asked(told, do, values):
    visitor = Visitor(told)
    visitor.look()
    told.say(ops.done, "ACME-7 notice", evidence="courier 4711", by="ben")
    after = visitor.say(do, **values)
    assert (after.status, "Already closed ben@example.com closed it already: done." in after.text) == (200, True)


def test_a_snooze_beyond_its_limit_is_refused_with_the_latest_day(told):
    visitor = Visitor(told)
    assert 'min="2026-11-03" max="2026-12-01"' in visitor.look("snooze").html
    after = visitor.say("snooze", until="2026-12-02")
    assert after.status == 422
    assert "The latest day allowed is Tue 1 Dec 2026 08:30 Europe/Berlin." in after.text
    assert 'value="2026-12-02" aria-invalid="true" aria-describedby="until-note told">' in after.html
    assert visitor.say("snooze", until="soon").status == 422
    assert state(told) == "open"


def test_done_needs_what_proves_it_and_a_day_that_has_come(told):
    visitor = Visitor(told)
    visitor.look()
    assert visitor.say("done", evidence="  ", on="2026-11-02").status == 422
    assert visitor.say("done", evidence="Courier 4711", on="2026-11-03").status == 422
    after = visitor.say("done", evidence="Courier 4711", on="2026-10-30")
    assert "Done on Fri 30 Oct 2026 by olga@example.com" in after.text
    row = told.row("ACME-7 notice 0")
    assert (row.state, row.outcome.evidence, str(row.outcome.on)) == ("done", "Courier 4711", "2026-10-30")


def test_a_decision_that_leaves_a_duty_says_what_is_left(told):
    visitor = Visitor(told)
    visitor.look()
    assert visitor.say("decide", choice="stop-renewal").status == 422  # without a note
    after = visitor.say("decide", choice="stop-renewal", note="The board of 2 November")
    assert "Decided The counterparty has not been told." in after.text
    assert told.row("ACME-7 notice").decision.note == "The board of 2 November"


def test_somebody_else_is_named_by_their_address(told):
    visitor = Visitor(told)
    visitor.look()
    assert visitor.say("assign", to="nobody@example.com").status == 422
    assert visitor.say("assign", to="Ben@Example.com").status == 200
    assert told.row("ACME-7 notice").owner_id == told.id_of("ben")
    told.live_until("2026-11-02T10:00")
    told.expect("2026-11-02 09:00 ben: ACME-7 notice is yours")


def test_not_you_only_tells_the_operators(told):
    visitor = Visitor(told)
    visitor.look()
    before = told.row("ACME-7 notice")
    assert "Reported" in visitor.say("not-me").text
    assert told.row("ACME-7 notice") == before
    assert told.incidents() == ["link_elsewhere"]
    told.live_until("2026-11-02T10:00")
    told.expect("2026-11-02 09:00 ada: Link elsewhere")


# -- who may, and how long -------------------------------------------------------------------------------------------


def test_a_link_that_nobody_signed_is_not_known(told):
    visitor = Visitor(told)
    for path in ("/act/nonsense", visitor.path[:-3], visitor.path.replace("/act/", "/act/x"), "/act/%00"):
        assert visitor.client.get(path).status_code == 404
        assert visitor.client.post(path, data={"do": "acknowledge"}).status_code in {403, 404}
    other = Links("t" * 32, "https://longstop.example")
    forged = other.url(ActionLink(told.row("ACME-7 notice").id, told.id_of("olga"), 1))
    answer = visitor.client.get(forged)
    assert (answer.status_code, "If that does not help, sign in" in answer.text) == (404, True)


def test_a_link_ends_thirty_days_after_the_last_safe_day(told):
    visitor = Visitor(told)
    told.travel_to("2027-01-01T23:00")
    assert visitor.look().status == 200
    told.travel_to("2027-01-02T00:10")
    assert visitor.look().status == 410
    assert visitor.say("acknowledge").status == 403
    told.expect()


def test_whoever_has_left_is_refused(told):
    visitor = Visitor(told)
    visitor.look()
    told.leave("olga")
    before = state(told)
    assert (visitor.look().status, visitor.say("acknowledge").status) == (403, 403)
    assert state(told) == before


def test_whoever_is_outside_a_restricted_agreement_finds_nothing(told):
    leo = Visitor(told, "leo")
    leo.look()
    told.amend(restricted_to=("mia@example.com",))
    assert leo.look().status == 404
    assert leo.say("acknowledge").status in {403, 404}
    assert "Acme" not in leo.look().html
    assert Visitor(told, "mia").look().status == 200


def test_whoever_was_not_asked_and_does_not_own_it_may_look_and_not_answer(told):
    told.person("Vera")
    vera = Visitor(told, "vera")
    seen = vera.look()
    assert re.findall("<button[^>]*>([^<]+)", seen.html) == ["Not you?"]
    after = vera.say("acknowledge")
    assert (after.status, state(told)) == (403, "open")
    assert "Vera (contributor) may not answer a deadline here." in after.text


def test_a_form_that_is_too_large_is_not_read(told):
    visitor = Visitor(told)
    said_to_be, without_length = {"content-length": "70000"}, (b"x" * 1000 for _ in range(70))
    assert visitor.client.post(visitor.path, content=b"", headers=said_to_be).status_code == 413
    assert visitor.client.post(visitor.path, content=without_length).status_code == 413
    assert len(list(without_length)) < 6, "no more was read than had to be"


def test_hostile_titles_stay_text(told):
    told.amend(title="<script>alert(1)</script> & {{ 7*7 }}")
    html = Visitor(told).look().html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7*7 }}" in html
    assert "<script" not in html
    told.live_until("2026-11-02T10:00")


def test_a_database_that_is_away_is_said_on_a_page(told):
    visitor = Visitor(told)
    visitor.look()
    monitor, nothing = told.monitor, open_database("sqlite://")
    whole = monitor.database
    object.__setattr__(monitor, "database", nothing)
    away = (visitor.client.get(visitor.path), visitor.say("acknowledge"))
    object.__setattr__(monitor, "database", whole)
    nothing.close()
    assert [one.headers["retry-after"] for one in away] == ["10", "10"]
    assert (away[0].status_code, away[1].status) == (503, 503)
    assert "That did not work, and nothing was changed." in away[1].text
    assert visitor.say("acknowledge").status == 200
