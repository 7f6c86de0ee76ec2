"""Other programs are told what happens: each event at least once, signed, under one id, and only what is theirs."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from engine import operations as ops
from lifecycle.assets.asset import Asset, AssetKind, Ownership
from notifiers.outgoing import Caller
from notifiers.webhook import Endpoint, WebhookNotifier, key_of, secret_of
from store.endpoints import EndpointRow, Known
from tests.support.web_server import WebServer
from tests.support.world import World

KEY = secret_of(b"k" * 32)


class Told:
    """A world with one endpoint ``erp`` on a real server."""

    def __init__(self, server):
        self.server, self.world = server, World("2026-11-23T09:00")
        notifier = WebhookNotifier(
            Caller(allow=("127.0.0.1",), timeout=2.0), self._endpoint, self.world.clock.now
        )  # fmt: skip
        notifiers = {**self.world.monitor.notifiers, "webhook": notifier}
        self.world.monitor = replace(self.world.monitor, notifiers=notifiers)
        self.world.staff()
        self.save()

    def save(self, **said):
        with self.world.monitor.work() as work:
            known = Known(**{"seeds": (KEY,)} | said)
            position, _ = work.log.head()
            row = EndpointRow(name="erp", url=f"{self.server.url}/in", position=position, is_on=True, known=known)
            work.endpoints.save(row)

    def row(self):
        with self.world.monitor.look() as work:
            return work.endpoints.get("erp")

    def _endpoint(self, name):
        row = self.row()
        return Endpoint(row.url, row.known.seeds) if row.is_on and row.name == name else None

    def events(self):
        return [json.loads(one.body) for one in self.server.posted]

    def types(self):
        return [one["type"] for one in self.events()]

    def wait(self, **span):
        self.world.clock.advance(timedelta(**span))
        self.world.tick()


@pytest.fixture
def told():
    with WebServer() as server:
        made = Told(server)
        yield made
        made.world.monitor.database.close()


def test_what_happens_is_told_with_its_position_and_once(told):
    told.world.agreement(end="2028-01-31")
    told.world.tick()
    told.world.tick()
    events = sorted(told.events(), key=lambda one: one["data"]["position"])
    assert [one["type"] for one in events] == ["longstop.agreement_registered.v1", "longstop.milestones_replanned.v1"]
    first = events[0]
    assert (first["specversion"], first["datacontenttype"]) == ("1.0", "application/json")
    with told.world.monitor.look() as work:
        recorded = next(one for one in work.log.all() if one["type"] == "AgreementRegistered")
    assert first["data"]["position"] == recorded["position"]
    assert first["data"]["agreement_id"] == recorded["agreement_id"]


def test_the_signature_is_over_id_time_and_the_very_bytes(told):
    told.world.agreement()
    told.world.tick()
    one = told.server.posted[0]
    content = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.".encode() + one.body
    expected = base64.b64encode(hmac.new(b"k" * 32, content, hashlib.sha256).digest()).decode()
    assert one.headers["webhook-signature"] == f"v1,{expected}"
    assert one.headers["webhook-id"] == json.loads(one.body)["id"]
    assert one.headers["webhook-timestamp"] == str(int(told.world.clock.now().timestamp()))
    assert one.headers["content-type"] == "application/cloudevents+json"


def test_while_a_key_is_changed_there_are_two_signatures_the_new_one_first(told):
    new = secret_of(b"n" * 32)
    told.save(seeds=(new, KEY))
    told.world.agreement()
    told.world.tick()
    one = told.server.posted[0]
    content = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.".encode() + one.body
    signatures = [base64.b64encode(hmac.new(key_of(key), content, hashlib.sha256).digest()) for key in (new, KEY)]
    assert one.headers["webhook-signature"] == " ".join(f"v1,{each.decode()}" for each in signatures)


@pytest.mark.parametrize("answer", [None, (500, {}), (404, {}), (429, {"Retry-After": "0"}), (503, {})])
def test_what_was_not_taken_comes_again_the_same(told, answer):
    told.save(events=("AgreementRegistered",))
    told.server.answers.append(answer)
    told.world.agreement()
    told.world.tick()
    assert len(told.server.posted) == 1
    told.wait(minutes=2)
    first, second = told.server.posted
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]


def test_retry_after_is_kept_to(told):
    told.save(events=("AgreementRegistered",))
    told.server.answers.append((429, {"Retry-After": "600"}))
    told.world.agreement()
    told.world.tick()
    told.wait(minutes=9)
    assert len(told.server.posted) == 1
    told.wait(minutes=2)
    assert len(told.server.posted) == 2


@pytest.mark.parametrize("status", [410, 301, 302])
def test_one_that_wants_no_more_or_leads_elsewhere_is_off_and_told(told, status):
    told.save(events=("AgreementRegistered",))
    told.server.answers.append((status, {"Location": f"{told.server.url}/elsewhere"}))
    told.world.agreement()
    told.world.tick()
    assert not told.row().is_on
    assert told.world.incidents() == ["webhook_off"]
    told.world.agreement("ACME-8")
    told.world.tick()
    assert [one.path for one in told.server.posted] == ["/in"]


def test_one_that_fails_for_a_day_is_told_and_for_five_days_is_off(told):
    told.server.close()
    told.save(events=("AgreementRegistered",))
    told.world.agreement()
    told.world.live_until("2026-11-24T08:00")
    assert told.world.incidents() == []
    told.world.live_until("2026-11-24T12:00")
    assert told.world.incidents() == ["webhook_failing"]
    told.world.agreement("ACME-8")
    told.world.live_until("2026-11-28T12:00")
    assert not told.row().is_on
    assert "webhook_off" in told.world.incidents()


def test_what_happens_to_its_own_messages_is_no_news(told):
    told.world.agreement()
    for _ in range(5):
        told.wait(minutes=1)
    own = [one for one in told.events() if one["data"].get("channel") == "webhook"]
    assert own == []
    assert len(told.server.posted) == len({one.headers["webhook-id"] for one in told.server.posted})


def test_of_a_restricted_agreement_only_those_hear_that_were_made_for_it(told):
    told.world.agreement(restricted_to=("leo@example.com",))
    told.world.tick()
    assert [one for one in told.events() if one["data"].get("agreement_id")] == []
    told.save(may_see_restricted=True)
    told.world.do(ops.archive, because="a mistake")
    told.world.tick()
    assert "longstop.agreement_archived.v1" in told.types()


def test_what_may_name_something_of_a_restricted_agreement_is_told_as_sparingly(told):
    def add(name):
        with told.world.monitor.work() as work:
            ops.add_asset(work, Asset(id="", name=name, kind=AssetKind.SOURCE_CODE, ownership=Ownership.US))
        told.world.tick()

    add("Source code")
    assert told.types() == []
    told.save(may_see_restricted=True)
    add("Plans")
    assert told.types() == ["longstop.asset_added.v1"]
