"""Incoming webhooks: who sent it, what it does, and that it does it once."""

import base64
import gzip
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from fastapi import FastAPI

from engine import operations as ops
from engine.incidents import open_incident
from engine.incoming import waiting
from engine.watcher import tidying
from lifecycle.events import Actor
from lifecycle.hooks import Hook, HookOperation, Scheme
from store.database import open_database
from store.errors import NotFound
from tests.support.asking import Client
from tests.support.world import checked, staffed
from web.hooks import router

KEY = base64.b64encode(b"k" * 32).decode()
DOCUMENSO = Hook(
    name="documenso",
    scheme=Scheme.SECRET_HEADER,
    secrets=("documenso-secret", "its-successor"),
    header="X-Documenso-Secret",
    operation=HookOperation.SIGN,
    when={"/event": ("DOCUMENT_COMPLETED",)},
    fields={"reference": "/payload/externalId", "signed_on": "/payload/completedAt"},
)
STANDARD = Hook(
    name="register",
    scheme=Scheme.STANDARD,
    secrets=(f"whsec_{KEY}",),
    operation=HookOperation.AMEND,
    fields={"reference": "/data/id", "title": "/data/title", "last_on": "/data/ends", "owner": "/data/owner"},
)
SIGNED = Hook(
    name="audits",
    scheme=Scheme.HMAC,
    secrets=("hmac-secret",),
    header="X-Signature",
    operation=HookOperation.DONE,
    constants={"kind": "notice"},
    fields={"reference": "/a~1b/0", "evidence": "/proof", "on": "/at"},
    event_id="/id",
)

HANDED = Hook(
    name="dataroom",
    scheme=Scheme.SECRET_HEADER,
    secrets=("dataroom-secret",),
    header="X-Dataroom-Secret",
    operation=HookOperation.DISCLOSE,
    when={"/event": ("file.shared",)},
    fields={"reference": "/room/agreement", "given_on": "/at", "what": "/file/title", "to": "/by/0/name"},
)


class Sender:
    """Somebody who knows the secrets."""

    def __init__(self, world):
        self.world = world
        app = FastAPI()
        app.router.routes.extend(
            router(world.monitor, {one.name: one for one in (DOCUMENSO, STANDARD, SIGNED, HANDED)}).routes
        )
        self.client = Client(app)

    def documenso(self, secret="documenso-secret", event="DOCUMENT_COMPLETED", **payload):
        body = {"event": event, "payload": {"externalId": "D-1", "completedAt": "2026-01-05T22:30:00.000Z"} | payload}
        headers = {"x-documenso-secret": secret}
        return self.client.post("/hooks/documenso", content=json.dumps(body), headers=headers).status_code

    def bytes(self, body, **headers):
        said = {"x-documenso-secret": "documenso-secret"} | {
            name.replace("_", "-"): one for name, one in headers.items()
        }
        return self.client.post("/hooks/documenso", content=body, headers=said).status_code

    def standard(self, said, *, call="msg_1", at=0, key=b"k" * 32, version="v1", path="register"):
        body = json.dumps(said)
        stamp = str(int(self.world.clock.now().timestamp()) + at)
        digest = hmac.digest(key, f"{call}.{stamp}.{body}".encode(), "sha256")
        headers = {
            "webhook-id": call,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1a,nonsense {version},{base64.b64encode(digest).decode()}",
        }
        return self.client.post(f"/hooks/{path}", content=body, headers=headers).status_code

    def dataroom(self, *, secret="dataroom-secret", event="file.shared", reference="ACME-7", **said):
        body = {"event": event, "room": {"agreement": reference}, "by": [{"name": "Jane Roe"}]} | said
        headers = {"x-dataroom-secret": secret}
        return self.client.post("/hooks/dataroom", content=json.dumps(body), headers=headers).status_code

    def hmac(self, said, *, secret="hmac-secret", form=lambda digest: f"sha256={digest.hex()}"):
        body = json.dumps(said)
        headers = {"x-signature": form(hmac.digest(secret.encode(), body.encode(), "sha256"))}
        return self.client.post("/hooks/audits", content=body, headers=headers).status_code

    def bodies(self):
        with self.world.monitor.look() as work:
            return [one.heard.body for one in waiting.waiting(work)]

    def waiting(self):
        with self.world.monitor.look() as work:
            return {json.loads(one.payload)["heard"]["why"] for one in work.inbox.waiting()}


@pytest.fixture(scope="module")
def awaited():
    world = staffed()
    world.agreement()
    world.agreement("D-1", signed_on=None, effective_on=None)
    with world.monitor.work() as work:
        ops.request_signature(work, work.agreements.find("D-1"), on=work.now.date())
    world.live_until("2026-01-06T09:00")
    world.expect(*world.unexpected)
    return world


@pytest.fixture
def sender(awaited):
    """On Monday, 5 January 2026: D-1 is out for signature, ACME-7 runs."""
    with checked(awaited.twin()) as world:
        yield Sender(world)
        world.live_until(world.clock.now())
        world.expect(*world.unexpected)


# -- who sent it -----------------------------------------------------------------------------------------------------


def test_a_secret_in_a_header_proves_the_sender_also_while_it_is_being_changed(sender):
    assert sender.documenso(secret="another") == 401
    assert sender.documenso(secret="") == 401
    assert sender.world.get("D-1").signed_on is None
    assert sender.documenso(secret="its-successor") == 202
    assert str(sender.world.get("D-1").signed_on) == "2026-01-05"


@pytest.mark.parametrize(
    "wrong", [{"key": b"x" * 32}, {"at": -301}, {"at": 301}, {"version": "v2"}, {"call": ""}], ids=str
)
def test_a_standard_webhook_is_taken_only_with_its_signature_and_in_its_time(sender, wrong):
    said = {"data": {"id": "ACME-7", "title": "Renamed"}}
    assert sender.standard(said, **wrong) == 401
    assert sender.world.get().title == ""
    assert sender.standard(said) == 202
    assert sender.world.get().title == "Renamed"


@pytest.mark.parametrize("stamp", ["", "soon", "1e9", "-5", "9" * 30])
def test_a_timestamp_that_is_no_number_is_nobodys(sender, stamp):
    headers = {"webhook-id": "m", "webhook-timestamp": stamp, "webhook-signature": "v1,AAAA"}
    assert sender.client.post("/hooks/register", content=b"{}", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "form", [lambda digest: f"sha256={digest.hex()}", bytes.hex, lambda digest: base64.b64encode(digest).decode()]
)
def test_an_hmac_of_the_body_proves_the_sender_in_each_of_its_forms(sender, form):
    said = {"a/b": ["ACME-7"], "proof": "report 12", "at": "2026-01-05"}
    assert sender.hmac(said, secret="another", form=form) == 401
    assert sender.hmac(said, form=form) == 202
    assert sender.world.row("ACME-7 notice 0").outcome.evidence == "report 12"


def test_an_unknown_door_a_large_body_and_a_database_that_is_down(sender):
    assert sender.client.post("/hooks/nobody", content=b"{}").status_code == 404
    assert sender.client.post("/hooks/documenso", content=b"x" * (1024 * 1024 + 1)).status_code == 413
    monitor, nothing = sender.world.monitor, open_database("sqlite://")
    whole = monitor.database
    object.__setattr__(monitor, "database", nothing)
    down = sender.documenso()
    object.__setattr__(monitor, "database", whole)
    nothing.close()
    assert (down, sender.documenso()) == (503, 202)
    assert sender.world.get("D-1").signed_on is not None


# -- what it does ----------------------------------------------------------------------------------------------------


def test_an_instant_becomes_a_day_in_the_zone_of_the_agreement(sender):
    assert sender.documenso(completedAt="2026-01-04T23:30:00Z") == 202  # half past midnight in Berlin
    assert str(sender.world.get("D-1").signed_on) == "2026-01-05"
    event = sender.world.events("AgreementSigned")[-1]
    assert (event["actor"], event["channel"]) == ("hook:documenso", "hook")


def test_signed_again_on_the_same_day_is_no_news_and_on_another_is_to_be_verified(sender):
    sender.documenso()
    sender.documenso(note="sent once more")
    assert (len(sender.world.events("AgreementSigned")), sender.world.incidents()) == (1, [])
    sender.documenso(completedAt="2026-01-03T12:00:00Z")
    assert str(sender.world.get("D-1").signed_on) == "2026-01-05"
    assert sender.world.incidents() == ["signed_again"]


def test_a_repeat_by_its_id_or_its_bytes_has_no_effect(sender):
    said = {"data": {"id": "ACME-7", "title": "Renamed"}}
    sender.standard(said)
    sender.world.amend(title="By hand")
    assert sender.standard(said) == 202
    assert sender.standard({"data": {"id": "ACME-7", "title": "Other words"}}) == 202  # the same id
    assert sender.world.get().title == "By hand"
    sender.hmac({"id": 7, "a/b": ["ACME-7"]})
    sender.world.say(ops.reopen, "ACME-7 notice 0", because="by mistake")
    assert sender.hmac({"id": 7, "a/b": ["ACME-7"], "proof": "again"}) == 202
    assert sender.world.row("ACME-7 notice 0").state == "open"


def test_an_amendment_is_understood_as_a_spreadsheet_is(sender):
    assert sender.standard({"data": {"id": "acme-7", "title": "Renamed", "owner": "ben@example.com"}}) == 202
    found = sender.world.get()
    assert (found.title, found.owner_id) == ("Renamed", sender.world.id_of("ben"))
    assert sender.world.events("AgreementAmended")[-1]["actor"] == "hook:register"


def test_what_a_data_room_hands_over_is_recorded_as_a_disclosure_once(sender):
    plans = {"file": {"title": "Source code 4.2"}, "at": "2026-01-04T23:30:00Z"}  # half past midnight in Berlin
    assert sender.dataroom(secret="another", **plans) == 401
    assert (sender.dataroom(**plans), sender.dataroom(**plans, note="sent once more")) == (202, 202)
    (given,) = sender.world.get().disclosures
    assert (str(given.given_on), given.what, given.to) == ("2026-01-05", "Source code 4.2", "Jane Roe")
    event = sender.world.events("DisclosureRecorded")
    assert [(one["actor"], one["channel"]) for one in event] == [("hook:dataroom", "hook")]


def test_what_a_data_room_hands_over_under_no_signature_is_recorded_all_the_same(sender):
    assert sender.dataroom(reference="D-1", file={"title": "Plans"}, at="2026-01-05") == 202
    assert [one.what for one in sender.world.get("D-1").disclosures] == ["Plans"]


def test_a_disclosure_that_cannot_be_waits_for_a_person(sender):
    assert sender.dataroom(file={"title": "Plans"}, at="2026-02-05") == 202
    assert sender.dataroom(file={"title": " "}, at="2026-01-05") == 202
    assert sender.waiting() == {"2026-02-05 has not come yet.", "It is not said what was disclosed."}
    assert sender.world.get().disclosures == ()


def test_what_tells_of_something_else_is_kept_and_does_nothing(sender):
    assert sender.documenso(event="DOCUMENT_OPENED") == 202
    assert (sender.world.get("D-1").signed_on, sender.waiting()) == (None, set())


packed = partial(gzip.compress, mtime=0)
SAID = '{"event": "DOCUMENT_COMPLETED", "payload": {"externalId": "D-1", "completedAt": "2026-01-05", "by": "Jürgen"}}'


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (packed(SAID.encode()), {"content_encoding": "gzip"}),
        (packed(SAID.encode("utf-16")), {"content_encoding": " X-GZIP"}),
        (SAID.encode(), {"content_encoding": "gzip"}),
        (SAID.encode(), {"content_type": "application/json; charset=latin-1"}),
        (SAID.encode("utf-8-sig"), {}),
        (SAID.encode("utf-16-le"), {}),
        (SAID.encode("cp1252"), {"content_type": 'application/json; charset="windows-1252"'}),
        (SAID.encode("latin-1"), {"content_type": "application/json"}),
        (SAID.encode("latin-1"), {"content_type": "application/json; charset=rot13"}),
    ],
)
def test_a_call_is_read_in_whatever_it_is_packed_and_written(sender, body, headers):
    assert sender.bytes(body, **headers) == 202
    assert (str(sender.world.get("D-1").signed_on), sender.waiting()) == ("2026-01-05", set())


@pytest.mark.parametrize(
    ("body", "headers", "kept"),
    [
        (SAID[:90].encode("latin-1"), {}, SAID[:90]),
        (SAID.encode("latin-1")[:-2], {}, SAID[:-2]),
        (b"", {}, ""),
        (b"\xff\x00\xfe", {}, "\xff\x00\xfe"),
        (b"\\ud800", {"content_type": "text/plain; charset=unicode_escape"}, "\\ud800"),
        (b"\xff.", {"content_type": "text/plain; charset=idna"}, "\xff."),
        (packed(b"x" * (1024 * 1024 + 1)), {"content_encoding": "gzip"}, None),
        (packed(SAID.encode())[:60], {"content_encoding": "gzip"}, None),
        (packed(b"[") + b"]", {"content_encoding": "gzip"}, None),
    ],
)
def test_of_a_call_that_cannot_be_read_every_byte_is_kept(sender, body, headers, kept):
    assert sender.bytes(body, **headers) == 202
    assert sender.waiting() == {"The body is no JSON."}
    assert sender.bodies() == [body.decode("latin-1") if kept is None else kept]


def test_half_a_character_in_a_value_stops_no_call(sender):
    said = '{"event": "DOCUMENT_COMPLETED", "payload": {"externalId": "\\ud800", "completedAt": "2026-01-05"}}'
    assert sender.bytes(said.encode()) == 202
    assert sender.waiting() == {"There is no agreement '?'."}


def test_what_does_not_map_waits_for_a_person_and_the_operators_hear_of_it_once(sender):
    assert sender.documenso(externalId=None) == 202
    assert sender.documenso(externalId="NOBODY-1") == 202
    assert sender.documenso(completedAt="last week") == 202
    assert sender.documenso(completedAt="9999-12-31T23:59:59Z") == 202  # how some programs say that there is none
    assert sender.documenso(completedAt="2027-01-01") == 202
    assert sender.standard({"data": {"id": "ACME-7", "last_on": "x", "ends": "soon"}}) == 202
    waiting = sender.waiting()
    assert len(waiting) == 5
    assert waiting > {
        "It names no reference.",
        "There is no agreement 'NOBODY-1'.",
        "The day it tells cannot be read.",
        "It was signed on 2027-01-01, a day that has not come.",
    }
    assert [why for why in waiting if why.startswith('last_on "soon": ')]
    assert sender.world.incidents() == ["incoming_waits", "incoming_waits"]
    headers = {"x-documenso-secret": "documenso-secret"}
    assert sender.client.post("/hooks/documenso", content=b"no json", headers=headers).status_code == 202
    assert "The body is no JSON." in sender.waiting()


def test_what_breaks_is_kept_and_done_by_the_job(sender):
    world = sender.world
    real = world.monitor.calendars
    broken = replace(world.monitor, calendars=_broken)
    app = FastAPI()
    app.router.routes.extend(router(broken, {"documenso": DOCUMENSO}).routes)
    whole, sender.client = sender.client, Client(app)
    assert sender.documenso() == 202
    sender.client = whole
    assert world.get("D-1").signed_on is None
    assert world.monitor.calendars is real
    world.live_until("2026-01-06T09:01")
    assert str(world.get("D-1").signed_on) == "2026-01-05"
    assert world.events("AgreementSigned")[-1]["actor"] == "hook:documenso"


def _broken(code):
    raise RuntimeError(code)


def test_an_incident_of_another_hook_does_not_hide_this_one(sender):
    with sender.world.monitor.work() as work:
        open_incident(work, kind="incoming_waits", subject="hook:register", text="waits")
    sender.documenso(externalId=None)
    assert sender.world.incidents() == ["incoming_waits", "incoming_waits"]


# -- what waits for a person -----------------------------------------------------------------------------------------


def retried(sender, hooks=()):
    with sender.world.monitor.work(Actor("ada@example.com", "test")) as work:
        (one,) = waiting.waiting(work)
        return waiting.retry(work, one.id, {hook.name: hook for hook in hooks})


def test_a_call_is_done_once_its_hook_is_described_as_the_sender_speaks(sender):
    sender.documenso(completedAt=None, signed="2026-01-03")
    assert retried(sender, [DOCUMENSO]).outcome == "kept"
    assert sender.world.get("D-1").signed_on is None
    mended = replace(DOCUMENSO, fields={"reference": "/payload/externalId", "signed_on": "/payload/signed"})
    assert retried(sender, [mended]).said == "D-1 was signed on 2026-01-03."
    assert str(sender.world.get("D-1").signed_on) == "2026-01-03"
    assert (sender.waiting(), sender.world.incidents()) == (set(), [])
    assert sender.world.events("AgreementSigned")[-1]["actor"] == "ada@example.com"


def test_a_call_is_done_once_what_it_names_is_there(sender):
    sender.documenso(externalId="LATE-1")
    sender.world.agreement("LATE-1", signed_on=None, effective_on=None)
    assert retried(sender).outcome == "applied"
    assert str(sender.world.get("LATE-1").signed_on) == "2026-01-05"


def test_what_is_dropped_waits_no_more_and_a_repeat_of_it_is_still_one(sender):
    sender.documenso(externalId="NOBODY-1")
    with sender.world.monitor.work(Actor("ada@example.com", "test")) as work:
        (one,) = waiting.waiting(work)
        with pytest.raises(waiting.NoReason):
            waiting.drop(work, one.id, because=" ")
        waiting.drop(work, one.id, because="a test of theirs")
        with pytest.raises(NotFound):
            waiting.found(work, one.id)
    assert sender.world.incidents() == []
    assert sender.documenso(externalId="NOBODY-1") == 202
    assert sender.waiting() == set()


def test_what_was_done_is_forgotten_after_thirty_days_and_what_waits_is_not(sender):
    world = sender.world
    sender.documenso()
    sender.documenso(externalId="NOBODY-1")
    world.clock.travel_to(world.clock.now() + timedelta(days=30))
    assert tidying.tidy(world.monitor) == 0
    assert tidying.due_at(world.monitor) == world.clock.now() + timedelta(days=1)
    world.clock.travel_to(world.clock.now() + timedelta(seconds=1))
    assert tidying.tidy(world.monitor) == 1
    assert sender.waiting() == {"There is no agreement 'NOBODY-1'."}
