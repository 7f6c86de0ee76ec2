"""The first run: who holds the token is the first admin, and what they tell of the house holds."""

import re
import stat
from datetime import time, timedelta

import pytest

from engine.access.setup import FILE, Choices, SetupToken, choices_of, next_step
from engine.monitor import House
from lifecycle.people import Role
from tests.support.site import Site, text_of

ADMIN = {"email": "ada@example.com", "name": "Ada", "password": "twelve and more"}


@pytest.fixture
def house(tmp_path):
    began = []
    made = Site(filled=False, peopled=False, data_dir=tmp_path, begin_anew=lambda: began.append(True))
    made.began = began
    made.token = SetupToken(tmp_path).made()
    yield made
    made.close()


def begun(house):
    browser = house.anybody()
    answer = browser.post("/setup", on="/setup", token=house.token, **ADMIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/setup/organisation"), text_of(answer)
    return browser


@pytest.mark.parametrize("path", ["/deadlines", "/me", "/login"])
def test_until_there_is_an_admin_every_page_leads_to_the_first_run(house, path):
    answer = house.anybody().get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/setup")


def test_the_token_is_for_its_owner_alone_and_dies_with_the_first_admin(house, tmp_path):
    file = tmp_path / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(house.token) >= 43, "256 bits"
    browser = begun(house)
    assert not file.exists()
    assert browser.get("/me").status_code == 200
    with house.look() as work:
        assert [(one.email, one.role) for one in work.people.all()] == [("ada@example.com", Role.ADMIN)]
    again = house.anybody()
    assert again.get("/login").status_code == 200
    assert again.get("/setup").headers["location"] == "/setup/organisation"
    second = again.post("/setup", on="/login", token=house.token, **ADMIN | {"email": "eve@example.com"})
    assert second.status_code == 422
    with house.look() as work:
        assert len(work.people.all()) == 1


def test_a_wrong_token_makes_nobody_and_is_tried_five_times_a_minute(house):
    browser = house.anybody()
    statuses = [browser.post("/setup", on="/setup", token="wrong", **ADMIN).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    refused = browser.post("/setup", on="/setup", token=house.token, **ADMIN)
    assert (refused.status_code, int(refused.headers["retry-after"]) <= 13) == (429, True), "also the right one waits"
    house.world.clock.advance(timedelta(seconds=13))
    assert browser.post("/setup", on="/setup", token=house.token, **ADMIN).status_code == 303


@pytest.mark.parametrize("wrong", [{"password": "short"}, {"email": "nobody"}, {"password": "aaaaaaaaaaaaaaa"}])
def test_an_admin_who_could_not_be_is_refused_and_the_token_lives(house, tmp_path, wrong):
    answer = house.anybody().post("/setup", on="/setup", token=house.token, **ADMIN | wrong)
    assert answer.status_code == 422
    assert (tmp_path / FILE).exists()
    with house.look() as work:
        assert work.people.all() == []


def test_the_steps_follow_one_another_and_can_be_skipped_and_resumed(house):
    browser = begun(house)
    assert browser.post("/setup/organisation", skip="on").headers["location"] == "/setup/channels"
    assert browser.get("/setup").headers["location"] == "/setup/channels"
    assert browser.post("/setup/channels").headers["location"] == "/setup/data"
    assert browser.post("/setup/data", skip="on").headers["location"] == "/setup/people"
    answer = browser.post("/setup/people", **{"email-0": "ben@example.com", "role-0": "legal", "email-1": ""})
    assert answer.headers["location"] == "/deadlines"
    with house.look() as work:
        assert work.people.by_email("ben@example.com").role is Role.LEGAL
        assert next_step(work) is None
    assert browser.get("/setup").headers["location"] == "/deadlines"


def test_what_house_it_is_holds_from_the_next_start(house):
    said = {"organisation": "Acme", "time_zone": "Europe/Rome", "calendar": "IT", "send_at": "07:45"}
    assert begun(house).post("/setup/organisation", **said).headers["location"] == "/setup/channels"
    assert house.began == [True]
    with house.look() as work:
        found = choices_of(work)
    there = found.over(House(time_zone="UTC"))
    assert (there.organisation, there.time_zone, there.calendar, there.send_at) == (
        "Acme",
        "Europe/Rome",
        "IT",
        time(7, 45),
    )
    assert found.over(House(time_zone="UTC"), fixed={"time_zone"}).time_zone == "UTC"


def test_all_that_a_step_refuses_is_said_at_its_field_at_once(house):
    browser = begun(house)
    where = {"organisation": "Acme", "time_zone": "Mars/Olympus", "calendar": "DE-XX"}
    assert tied(browser.post("/setup/organisation", **where)) == ["time_zone", "calendar"]
    who = {"email-0": "vic@example.com", "email-1": "nobody", "email-3": "no one"}
    answer = browser.post("/setup/people", **who)
    assert tied(answer) == ["email-1", "email-3"]
    assert '"nobody" is no mail address. Write it like olga@example.com.' in text_of(answer)


def test_a_role_that_there_is_not_is_refused(house):
    answer = begun(house).post("/setup/people", **{"email-0": "vic@example.com", "role-0": "boss"})
    assert answer.status_code == 422
    assert '"boss" is no role. Choose one of them.' in text_of(answer)


def tied(answer):
    """The fields at which something is said."""
    assert answer.status_code == 422
    return re.findall(r'name="([^"]+)"[^>]* aria-invalid="true"', answer.text)


@pytest.mark.parametrize("wrong", [{"time_zone": "Mars/Olympus"}, {"calendar": "XX-YY"}, {"send_at": "late"}])
def test_a_house_that_cannot_be_is_refused_and_nothing_typed_is_lost(house, wrong):
    answer = begun(house).post("/setup/organisation", **{"organisation": "Acme"} | wrong)
    assert answer.status_code == 422
    assert 'value="Acme"' in answer.text
    with house.look() as work:
        assert choices_of(work) == Choices()


def test_a_channel_is_tested_without_leaving_the_step(house):
    browser = begun(house)
    told = text_of(browser.followed(browser.post("/setup/channels", test="email")))
    assert "The test message left for ada@example.com by e-mail." in told
    assert [one.address for one in house.world.mail.taken] == ["ada@example.com"]


def test_the_steps_are_for_admins(house):
    browser = begun(house)
    browser.post("/setup/people", **{"email-0": "vic@example.com", "role-0": "viewer"})
    viewer = house.as_("vic@example.com")
    assert viewer.get("/setup/people").status_code == 403
    assert viewer.post("/setup/people", **{"email-0": "eve@example.com", "role-0": "admin"}).status_code == 403
    with house.look() as work:
        assert len(work.people.all()) == 2
