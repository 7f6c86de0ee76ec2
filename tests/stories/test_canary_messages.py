"""A word that stands only in a restricted agreement leaves the house in no message to an outsider (R2 to R4, A7).

Its ladder still reaches everybody whom it asks: outsiders read its reference and its day, and that the owner lets in.
"""

import json
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from engine import operations as ops
from engine.incoming.listing import listed
from lifecycle.agreements.agreement import Clause
from lifecycle.delivery import NotSent
from notifiers.outgoing import Caller
from notifiers.webhook import Endpoint, WebhookNotifier, secret_of
from store.endpoints import EndpointRow, Known
from tests.support.agreements import once, worth
from tests.support.slack_server import SlackServer
from tests.support.slack_world import SlackWorld
from tests.support.web_server import WebServer
from tests.support.world import World, living

pytestmark = pytest.mark.rights

WORD = "kanarienvogel"
REFERENCE = "CAGE-9"
SECRET = {
    "kind": "other",
    "counterparty": "Kanarienvogel AG",
    "title": "Kanarienvogel purchase",
    "note": "The Kanarienvogel sings",
    "tags": ("kanarienvogel",),
    "document": "https://files.example/kanarienvogel.pdf",
    "clauses": (("notice_period", Clause("12", quote="The Kanarienvogel is told in time")),),
    "obligations": (once("audit", "Kanarienvogel audit", "2026-03-16", id="a1"),),
    "value": worth("240000 EUR"),
    "restricted_to": ("olga@example.com",),
    "end": "2026-06-30",
}
LADDER = """
playbook: default
ladder:
  - {at: -90d, urgency: digest, steps: [{ask: [owner, manager, "role:legal"]}]}
  - {at: -30d, steps: [{ask: owner}, {after: 1bd, ask: [manager, "role:legal", "role:admin"]}]}
  - {at: -7d, steps: [{ask: [owner, "role:legal", "address:email:watch@elsewhere.example", "address:webhook:erp"]}]}
  - {at: +1d, require: outcome, steps: [{ask: [owner, backup, manager, "role:legal"], repeat: {every: 5bd, times: 4}}]}
"""
INSIDE = frozenset({"olga@example.com", "ben@example.com"})
OUTSIDERS = {"mia@example.com", "leo@example.com", "ada@example.com", "watch@elsewhere.example"}


def told(world):
    """(address, text) of every mail, whatever its parts are encoded in."""
    for one in world.mail.taken:
        mail = message_from_bytes(one.frozen.body, policy=policy.default)
        parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
        yield one.address, "\n".join([*map(str, mail.values()), *map(str, parts)])


def lived(world):
    """Half a year with the agreement, in which everything is said of it that people can say."""
    world.playbooks(LADDER)
    world.agreement("OPEN-1", kind="other", end="2026-06-30")
    world.agreement(REFERENCE, **SECRET)
    world.live_until("2026-02-20T12:00")
    world.amend(REFERENCE, because="The Kanarienvogel grew", note="A larger Kanarienvogel")
    world.live_until("2026-03-20T12:00")
    world.say(ops.done, f"{REFERENCE} audit", evidence="Kanarienvogel report")
    world.live_until("2026-04-10T12:00")
    world.say(ops.decide, f"{REFERENCE} notice", choice="renegotiate", note="For the Kanarienvogel")
    world.live_until("2026-07-14T12:00")  # the day of notice passes, and it renews without a decision


@pytest.fixture(scope="module")
def mailed():
    with WebServer() as server:
        world = World(says_all_quiet=True)
        world.staff()

        def endpoint(_name):
            return Endpoint(f"{server.url}/in", (secret_of(b"k" * 32),))

        calls = WebhookNotifier(Caller(allow=("127.0.0.1",), timeout=2.0), endpoint, world.clock.now)
        world.monitor = replace(world.monitor, notifiers={**world.monitor.notifiers, "webhook": calls})
        with world.monitor.work() as work:
            known = Known(seeds=(secret_of(b"k" * 32),))
            row = EndpointRow(name="erp", url=f"{server.url}/in", position=0, is_on=True, known=known)
            work.endpoints.save(row)
        lived(world)
        yield world, server
        world.monitor.database.close()


def test_the_word_is_told_to_those_inside(mailed):
    world, _ = mailed
    assert {address for address, text in told(world) if WORD in text.casefold()} == INSIDE


def test_the_ladder_reaches_every_outsider_with_the_reference_and_the_day_alone(mailed):
    world, _ = mailed
    found = {address: text for address, text in told(world) if address not in INSIDE and REFERENCE in text}
    assert set(found) == OUTSIDERS
    for text in found.values():
        assert "Ask the owner for access" in text
        assert "240,000" not in text


def test_a_digest_tells_outsiders_the_reference_and_the_day_too(mailed):
    world, _ = mailed
    (digest,) = [text for address, text in told(world) if address == "leo@example.com" and "deadlines ahead" in text]
    assert "Acme Labs: send non-renewal notice" in digest
    assert f"{REFERENCE}: Thu 30 Apr 2026. Ask the owner for access." in digest


def test_several_messages_that_leave_as_one_do_not_silence_the_restricted_one():
    ladder = 'playbook: default\nladder:\n  - {at: -30d, steps: [{ask: [owner, "role:legal"]}]}\n'
    with living() as world:
        world.staff()
        world.playbooks(ladder)
        for number in range(4):
            world.agreement(f"OPEN-{number}", kind="other", end="2026-06-30", owner="mia", backup=None)
        world.agreement(REFERENCE, backup=None, **SECRET | {"obligations": ()})
        world.live_until("2026-04-01T12:00")
        (leo,) = [text for address, text in told(world) if address == "leo@example.com"]
        assert "Several deadlines need you" in leo
        assert f"{REFERENCE}: Thu 30 Apr 2026. Ask the owner for access." in leo
        assert WORD not in leo.casefold()
        world.expect(*world.unexpected)


def test_a_webhook_that_was_not_made_for_it_hears_nothing_of_it(mailed):
    world, server = mailed
    bodies = [one.body.decode() for one in server.posted]
    assert len(bodies) > 10
    with world.monitor.look() as work:
        secret = work.agreements.find(REFERENCE)
        ids = {secret.id, *(row.id for row in work.milestones.of(secret.id))}
    assert [body for body in bodies if WORD in body.casefold()] == []
    events = [json.loads(body)["data"] for body in bodies]
    assert [one for one in events if ids & {one.get("agreement_id"), one.get("milestone_id")}] == []


def test_slack_tells_outsiders_and_rooms_nothing_of_it():
    with SlackServer() as server:
        world = SlackWorld(server)
        world.staff()
        world.server.channel("audits")
        world.playbooks(LADDER.replace('"address:email:watch@elsewhere.example"', '"address:slack:#audits"'))
        world.agreement("OPEN-1", kind="other", end="2026-06-30")
        world.agreement(REFERENCE, **SECRET)
        world.live_until("2026-05-12T12:00")
        texts = [(world.slack._address(one["channel"]), json.dumps(one).casefold()) for one in server.accepted]
        inside = {address for address, text in texts if WORD in text}
        outside = {address for address, text in texts if REFERENCE.casefold() in text} - INSIDE
        rooms = [text for address, text in texts if address == "#audits"]
        asked = {name: _asked(world, name) for name in ("leo", "ada", "mia")}
        world.monitor.database.close()
    assert inside == INSIDE
    assert {"leo@example.com", "mia@example.com", "ada@example.com"} <= outside
    assert rooms
    assert [text for text in rooms if REFERENCE.casefold() in text] == []
    assert set(map(tuple, asked.values())) == {()}


def _asked(world, name):
    """What somebody is shown who asks on the way (`/longstop`, App Home)."""
    with world.monitor.look() as work:
        person = work.people.by_email(f"{name}@example.com")
        found = [
            listed(work, person, search, channel="slack")
            for search in ("", WORD, "counterparty:kanarienvogel", f"{REFERENCE}")
        ]
    return [one.reference for some in found for one in some.deadlines if one.reference == REFERENCE]


def test_a_mail_that_was_tried_in_vain_before_an_agreement_was_restricted_leaves_without_the_word():
    with living("2026-10-30T09:00") as world:
        world.staff()
        world.playbooks('{playbook: default, ladder: [{at: -30d, steps: [{ask: [owner, "role:legal"]}]}]}')
        world.agreement(title="Kanarienvogel purchase")
        for reader in ("olga@example.com", "leo@example.com"):
            world.mail.will(reader, NotSent("no line"), NotSent("no line"))
        world.live_until("2026-11-02T08:30")
        assert world.mail.taken == []
        world.amend(restricted_to=("olga@example.com",))
        world.live_until("2026-11-02T12:00")
        assert {address: WORD in text.casefold() for address, text in told(world)} == {
            "olga@example.com": True,
            "leo@example.com": False,
        }
        world.expect(*world.unexpected)
