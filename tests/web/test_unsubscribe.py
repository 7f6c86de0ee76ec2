"""The link that switches digests off: looking changes nothing, one click of a mail program does."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from types import SimpleNamespace

import pytest
from fastapi import FastAPI

from engine import operations as ops
from engine.incoming.links import Links
from lifecycle.delivery import DeliveryState
from tests.support.asking import Client
from tests.support.world import living
from web.unsubscribe import router

BASE = "https://longstop.example"
LINKS = Links("s" * 32, BASE)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
DIGEST = "2026-09-07 08:30 olga: Your deadlines ahead: ACME-7 notice"


@pytest.fixture
def world():
    with living(channels=("slack", "email"), base_url=BASE) as made:
        made.staff()
        made.monitor = replace(made.monitor, links=LINKS)
        yield made


@pytest.fixture
def house(world):
    """Olga, who reads mail first and Slack too, has had a digest."""
    change(world, channels=("email", "slack"))
    world.agreement()
    world.live_until("2026-09-08T09:00")
    world.expect(DIGEST)
    (mail,) = world.mail.taken
    app = FastAPI()
    app.router.routes.extend(router(world.monitor).routes)
    message = message_from_bytes(mail.frozen.body, policy=default)
    path = message["List-Unsubscribe"].strip("<>").removeprefix(BASE)
    return SimpleNamespace(world=world, web=Client(app, base_url=BASE), path=path, mail=message)


def change(world, **changes):
    with world.monitor.work() as work:
        ops.change_person(work, replace(work.people.by_email("olga@example.com"), **changes))


def olga(world):
    with world.monitor.look() as work:
        return work.people.by_email("olga@example.com")


def test_a_digest_tells_how_to_switch_it_off_with_one_click(house):
    assert house.mail["List-Unsubscribe"] == f"<{LINKS.digests_url(olga(house.world).id)}>"
    assert house.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert LINKS.digests_url(olga(house.world).id) in house.mail.get_body(("plain",)).get_content()


def test_a_step_does_not(house):
    house.world.live_until("2026-11-03T09:00")
    house.world.expect("2026-11-02 08:30 olga: ACME-7 notice -30d.0")
    assert message_from_bytes(house.world.mail.taken[-1].frozen.body, policy=default)["List-Unsubscribe"] is None


def test_an_owners_last_channel_cannot_be_switched_off(world):
    change(world, channels=("email",))
    world.agreement()
    world.live_until("2026-09-08T09:00")
    world.expect(DIGEST)
    assert b"List-Unsubscribe" not in world.mail.taken[0].frozen.body


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(house, method):
    answer = house.web.request(method, house.path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert olga(house.world).digests
    assert house.world.events("PersonChanged")[1:] == []


def test_one_click_switches_digests_off_and_twice_is_once(house):
    for _ in range(2):
        assert house.web.post(house.path, data=ONE_CLICK).status_code == 200
    assert not olga(house.world).digests
    (_, event) = house.world.events("PersonChanged")
    assert event["payload"]["fields"] == ["digests"]


def test_the_page_switches_them_on_again(house):
    house.web.post(house.path, data=ONE_CLICK)
    page = house.web.get(house.path).text
    (name, value), = re.findall('name="([a-z]+)" value="([a-z]+)"', page)  # fmt: skip
    assert (name, value) == ("digests", "on")
    assert "Switch digests off" in house.web.post(house.path, data={name: value}).text
    assert olga(house.world).digests


def test_a_strange_link_a_strange_form_and_another_site_change_nothing(house):
    assert house.web.post(f"{house.path}x", data=ONE_CLICK).status_code == 404
    assert house.web.get("/digests/abc").status_code == 404
    assert house.web.post(house.path, data={"digests": "maybe"}).status_code == 400
    elsewhere = house.web.post(house.path, data=ONE_CLICK, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    assert olga(house.world).digests


def test_a_link_of_another_kind_is_not_taken(house):
    assert house.web.post(f"/digests/{LINKS._forms.dumps(olga(house.world).id)}", data=ONE_CLICK).status_code == 404


def test_who_has_left_has_no_digests_to_switch(house):
    house.world.leave("olga")
    assert house.web.post(house.path, data=ONE_CLICK).status_code == 404
    house.world.expect(*house.world.unexpected)


def test_without_digests_the_next_stage_that_interrupts_tells(world):
    change(world, digests=False)
    world.agreement()
    world.live_until("2026-11-03T09:00")
    world.expect("2026-11-02 08:30 olga@slack: ACME-7 notice -30d.0")
    (untold,) = world.deliveries(DeliveryState.CANCELLED)
    assert (untold.place, untold.why) == ("-90d.0.0", "they want no digests")


def test_what_waits_for_a_digest_that_is_switched_off_goes_untold(house):
    house.world.agreement("BETA-1", signed_on="2024-01-22", effective_on="2024-02-11")
    house.world.live_until("2026-09-12T09:00")
    assert [one.place for one in house.world.deliveries(DeliveryState.HELD)] == ["-90d.0.0"]
    house.web.post(house.path, data=ONE_CLICK)
    house.world.live_until("2026-10-01T09:00")
    assert house.world.unexpected == []


def test_what_is_new_and_interrupts_is_told_alone_without_digests():
    with living("2026-11-05T10:00") as world:
        world.staff()
        change(world, digests=False)
        world.agreement()
        world.live_until("2026-11-06T09:00")
        world.expect("2026-11-05 10:00 olga: ACME-7 notice -30d.0")
