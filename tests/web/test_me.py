"""``/me``: what people say about themselves holds, and what cannot be is said at its field."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from engine import operations as ops
from engine.access.tokens import UnknownToken, admitted, create_token
from engine.clock import VirtualClock
from lifecycle.people import Person
from store.schema import preferences
from tests.support.site import PASSWORD, Site, text_of

OLGA = "olga@hallingdal.example"
NEW = "an even longer password"


@pytest.fixture(scope="module")
def site():
    made = Site(filled=False)
    yield made
    made.close()


@pytest.fixture(scope="module")
def olga(site):
    return site.as_("olga")


def person(site, email=OLGA):
    with site.look() as work:
        return work.people.by_email(email)


def test_a_viewer_changes_how_they_are_told(site, olga):
    answer = olga.post("/me/telling", name="Olga B.", time_zone="Asia/Tokyo", send_at="07:45", invitations="on")
    assert "How you are told is changed." in text_of(olga.followed(answer))
    known = person(site)
    assert (known.name, known.time_zone, known.digests, known.invitations) == ("Olga B.", "Asia/Tokyo", False, True)
    assert known.send_at == time(7, 45)
    assert "How you are told is changed." not in text_of(olga.get("/me")), "it is said once"


def test_a_zone_that_is_none_is_said_at_its_field_and_nothing_is_lost(site, olga):
    before = person(site)
    answer = olga.post("/me/telling", name="Typed Name", time_zone="Mars/Olympus")
    assert answer.status_code == 422
    assert 'value="Mars/Olympus"' in answer.text
    assert 'value="Typed Name"' in answer.text
    assert re.search(r'id="time_zone"[^>]*aria-describedby="[^"]*time_zone-error"[^>]*aria-invalid="true"', answer.text)
    assert person(site) == before


def test_the_theme_is_of_the_page_at_once(olga):
    assert 'data-theme="dark"' in olga.followed(olga.post("/me/looks", theme="dark", with_keys="on")).text
    without = olga.followed(olga.post("/me/looks", theme="system"))
    assert "data-theme" not in without.text
    assert "keys.js" not in without.text


def test_no_language_is_offered_where_there_is_but_one(site, olga):
    assert 'name="language"' not in olga.get("/me").text
    with site.work() as work:  # as it was kept when one could be said
        doc = '{"theme":"dark","language":"en","with_keys":true}'
        olgas = preferences.c.person_id == work.people.by_email(OLGA).id
        work.session.execute(update(preferences).where(olgas).values(doc=doc))
    assert 'data-theme="dark"' in olga.get("/me").text


def test_somebody_is_away_and_back(olga):
    away = {"from_on": "2026-11-23", "until_on": "2026-12-04", "delegate": "jonas@hallingdal.example", "also": "on"}
    told = text_of(olga.followed(olga.post("/me/absence", **away)))
    assert "Mon 23 Nov 2026 to Fri 4 Dec 2026: Jonas Keller is asked too." in told
    assert "Away" not in text_of(olga.followed(olga.post("/me/absence/end")))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"delegate": "nobody@hallingdal.example"}, "Nobody here has that address."),
        ({"until_on": "2026-11-01"}, "is over, or never is"),
        ({"until_on": "soon"}, "Say a day"),
        ({"delegate": OLGA}, "cannot stand in"),
    ],
)
def test_an_absence_that_cannot_be_is_refused_in_words(site, olga, changed, said):
    away = {"from_on": "2026-11-23", "until_on": "2026-12-04", "delegate": "jonas@hallingdal.example"} | changed
    answer = olga.post("/me/absence", **away)
    assert (answer.status_code, said in text_of(answer)) == (422, True)
    with site.look() as work:
        assert [one for one in work.absences.open() if one.person_id == site.people["Olga"]] == []


def test_another_password_ends_every_other_session(site):
    here, there = site.as_("jonas"), site.as_("jonas")
    answer = here.post("/me/password", password_now=PASSWORD, password_new=NEW, password_again=NEW)
    assert answer.status_code == 303
    assert here.get("/me").status_code == 200
    assert there.get("/me").headers["location"] == "/login?next=/me"
    again = site.anybody()
    assert again.post("/login", email="jonas@hallingdal.example", password=PASSWORD).status_code == 422
    assert again.post("/login", email="jonas@hallingdal.example", password=NEW).status_code == 303


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"password_now": "wrong and long enough"}, "password_now"),
        ({"password_again": "something else entirely"}, "password_again"),
        ({"password_new": "short", "password_again": "short"}, "password_new"),
    ],
)
def test_a_password_is_changed_only_as_it_may_be(site, olga, said, field):
    answer = olga.post("/me/password", **{"password_now": PASSWORD, "password_new": NEW, "password_again": NEW} | said)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert NEW not in answer.text
    assert site.anybody().post("/login", email=OLGA, password=PASSWORD).status_code == 303


def test_the_password_at_a_browser_left_open_is_not_guessed(site):
    lying_open = site.as_("mei")
    said = {"password_new": NEW, "password_again": NEW}
    tries = [lying_open.post("/me/password", password_now=f"wrong and long {n}", **said) for n in range(5)]
    late = lying_open.post("/me/password", password_now=PASSWORD, **said)
    assert ([one.status_code for one in tries], late.status_code) == ([422] * 5, 429)
    assert int(late.headers["retry-after"]) in range(1, 61)
    assert site.anybody().post("/login", email="mei@hallingdal.example", password=PASSWORD).status_code == 303


def test_a_token_is_shown_once_and_opens_until_it_is_revoked(site, olga):
    answer = olga.post("/me/tokens", token_name="my script", scope=["read", "act"], expires_on="2026-12-31")
    token = re.search(r"lst_[\w-]{43}", answer.text)[0]
    assert answer.headers["cache-control"] == "no-store"
    found = admitted(site.monitor, token)
    assert (found.person.email, found.token.scopes, found.token.expires_on) == (
        OLGA,
        ("read", "act"),
        date(2026, 12, 31),
    )
    listed = olga.get("/me")
    assert token not in listed.text
    (token_id,) = re.findall(r'name="id" value="(\w+)"', listed.text)
    assert site.as_("mei").post("/me/tokens/revoke", id=token_id).status_code == 422, "it is not hers"
    assert admitted(site.monitor, token).token.used_on == date(2026, 11, 23)
    olga.post("/me/tokens/revoke", id=token_id)
    with pytest.raises(UnknownToken, match="was revoked"):
        admitted(site.monitor, token)


@pytest.fixture
def made_for_tess(site):
    """The token of somebody, good until 30 November."""
    with site.work() as work:
        tess = ops.add_person(work, Person(id="", email="tess@hallingdal.example", name="Tess"))
        made = create_token(work, tess, ("read",), date(2026, 11, 30))
    yield made.text
    with site.work() as work:
        ops.change_person(work, replace(work.people.get(tess.id), email=f"{tess.id}@hallingdal.example"))


def test_a_token_opens_to_the_end_of_its_last_day(site, made_for_tess):
    last = replace(site.monitor, clock=VirtualClock(datetime(2026, 11, 30, 23, 59, tzinfo=UTC)))
    assert admitted(last, made_for_tess).person.name == "Tess"
    last.clock.advance(timedelta(minutes=1))
    with pytest.raises(UnknownToken, match="has expired"):
        admitted(last, made_for_tess)


def test_the_token_of_somebody_who_left_opens_nothing(site, made_for_tess):
    with site.work() as work:
        ops.disable_person(work, work.people.by_email("tess@hallingdal.example"))
    with pytest.raises(UnknownToken, match="is not known here"):
        admitted(site.monitor, made_for_tess)


def test_a_token_without_a_scope_is_refused(olga):
    answer = olga.post("/me/tokens", expires_on="2026-12-31")
    assert (answer.status_code, "A token needs a scope." in text_of(answer)) == (422, True)
