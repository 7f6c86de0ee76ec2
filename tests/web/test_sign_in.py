"""Signing in: who may, how often, and what a browser keeps of it."""

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest
from fastapi import Request

from engine import operations as ops
from engine.access import entering
from engine.access.passwords import Hashing
from engine.digests import digest_of
from tests.support.site import PASSWORD, Site, text_of
from web.frame.sessions import SESSION
from web.frame.viewer import place_of
from web.pages.sign_in import within

OLGA = "olga@hallingdal.example"
PROXY = "10.0.0.9"


@pytest.fixture(scope="module")
def site():
    made = Site(filled=False)
    yield made
    made.close()


@pytest.fixture(scope="module")
def behind():
    """A house whose proxy names the person."""
    made = Site(filled=False, auth_header="X-Remote-User", auth_trusted=(ip_network("10.0.0.0/24"),))
    yield made
    made.close()


def sessions(site):
    with site.look() as work:
        return {row[0] for row in work.connection.exec_driver_sql("SELECT digest FROM sessions")}


def test_whoever_is_not_signed_in_is_led_to_the_form_and_back(site):
    browser = site.anybody()
    asked = browser.get("/me?a=1")
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=/me%3Fa%3D1")
    form = browser.get(asked.headers["location"])
    assert 'value="/me?a=1"' in form.text
    entered = browser.post("/login", on="/login?next=/me%3Fa%3D1", email=OLGA, password=PASSWORD, next="/me?a=1")
    assert (entered.status_code, entered.headers["location"]) == (303, "/me?a=1")
    assert "Olga Brandt" in text_of(browser.get("/me"))


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "//[",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/me\r\nSet-Cookie: a=b",
        "/\tevil",
        "evil.example",
        "",
    ],
)
def test_nobody_is_led_to_another_site_from_here(site, elsewhere):
    assert within(elsewhere) == "/deadlines"
    answer = site.anybody().post("/login", email=OLGA, password=PASSWORD, next=elsewhere)
    assert (answer.status_code, answer.headers["location"]) == (303, "/deadlines")
    assert "a" not in answer.cookies


@pytest.mark.parametrize("said", [{"password": "wrong"}, {"email": "nobody@hallingdal.example"}, {"email": ""}])
def test_what_does_not_belong_together_is_refused_without_saying_which(site, said):
    answer = site.anybody().post("/login", **{"email": OLGA, "password": PASSWORD} | said)
    assert answer.status_code == 422
    assert "This e-mail address and password do not belong together." in text_of(answer)
    assert SESSION not in answer.cookies


def test_a_password_is_kept_by_the_second_recommendation_of_rfc_9106():
    assert Hashing().hashed(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_password_that_was_kept_by_another_recipe_is_kept_anew_when_it_is_used(site):
    weaker, today = Hashing(passes=2, memory=8, lanes=1), site.monitor.hashing
    with site.work() as work:
        work.entering.set_password(site.people["Jonas"], weaker.hashed(PASSWORD), work.now)
    for said in ("wrong", PASSWORD):
        with site.look() as work:
            assert today.is_outdated(work.entering.password(site.people["Jonas"]))
        site.anybody().post("/login", email="jonas@hallingdal.example", password=said)
    with site.look() as work:
        kept = work.entering.password(site.people["Jonas"])
    assert (today.is_outdated(kept), today.is_right(kept, PASSWORD)) == (False, True)


def test_a_password_that_is_changed_while_it_is_looked_at_opens_nothing_and_stays_changed(site):
    jonas, today = site.people["Jonas"], site.monitor.hashing
    weaker, newer = Hashing(passes=2, memory=8, lanes=1), today.hashed("quite another password")

    class Slow(Hashing):
        def is_right(self, known, password):
            with site.work() as work:
                work.entering.set_password(jonas, newer, work.now)
            return super().is_right(known, password)

    with site.work() as work:
        work.entering.set_password(jonas, weaker.hashed(PASSWORD), work.now)
    monitor = replace(site.monitor, hashing=Slow(today.passes, today.memory, today.lanes))
    with pytest.raises(entering.SignInRefused):
        entering.sign_in(monitor, "jonas@hallingdal.example", PASSWORD, browser=entering.Browser("192.0.2.8"), days=1)
    with site.look() as work:
        assert work.entering.password(jonas) == newer


def test_somebody_who_left_does_not_come_in_and_their_sessions_end(site):
    browser = site.as_("priya")
    assert browser.get("/me").status_code == 200
    with site.work() as work:
        ops.disable_person(work, work.people.get(site.people["Priya"]))
    assert browser.get("/me").headers["location"] == "/login?next=/me"
    assert digest_of(browser.http.cookies[SESSION]) not in sessions(site)
    assert site.anybody().post("/login", email="priya@hallingdal.example", password=PASSWORD).status_code == 422


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(site):
    answer = site.anybody().post("/login", email=OLGA, password=PASSWORD)
    (cookie,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{SESSION}=")]
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert flags >= {"httponly", "secure", "samesite=lax", "path=/", "max-age=1209600"}


def test_the_register_holds_no_token_of_a_browser(site):
    browser = site.as_("olga")
    token = browser.http.cookies[SESSION]
    assert digest_of(token) in sessions(site)
    assert token not in sessions(site)


def test_signing_in_never_takes_up_a_session_that_was_there(site):
    """Whoever put a token of theirs into somebody's browser does not share that somebody's session."""
    theirs = site.as_("jonas").http.cookies[SESSION]
    browser = site.anybody()
    browser.http.cookies.set(SESSION, "planted")
    answer = browser.post("/login", on="/login", email=OLGA, password=PASSWORD)
    assert answer.cookies[SESSION] not in {"planted", theirs}
    again = site.as_("jonas")
    before = again.http.cookies[SESSION]
    answer = again.post("/login", on="/me", email=OLGA, password=PASSWORD)
    assert digest_of(before) not in sessions(site)
    assert digest_of(answer.cookies[SESSION]) in sessions(site)


def test_signing_out_ends_the_session_itself(site):
    browser = site.as_("olga")
    token = browser.http.cookies[SESSION]
    assert browser.post("/logout").headers["location"] == "/login"
    assert digest_of(token) not in sessions(site)
    thief = site.anybody()
    thief.http.cookies.set(SESSION, token)
    assert thief.get("/me").status_code == 303


def test_looking_at_sign_out_ends_nothing(site):
    browser = site.as_("olga")
    assert browser.get("/logout").status_code == 405
    assert browser.get("/me").status_code == 200


def test_five_wrong_passwords_a_minute_are_all_for_one_person(site):
    """Also for the right one that comes then, from wherever; others go on signing in."""
    email = "sofia@hallingdal.example"
    tries = [site.anybody(peer=f"192.0.2.{n}").post("/login", email=email, password="wrong") for n in range(10, 16)]
    assert [one.status_code for one in tries] == [422] * 5 + [429]
    assert 0 < int(tries[-1].headers["retry-after"]) <= 13
    assert site.anybody(peer="192.0.2.99").post("/login", email=email, password=PASSWORD).status_code == 429
    assert site.anybody(peer="192.0.2.99").post("/login", email=OLGA, password=PASSWORD).status_code == 303
    site.world.clock.advance(timedelta(seconds=13))
    assert site.anybody(peer="192.0.2.99").post("/login", email=email, password=PASSWORD).status_code == 303


def test_one_place_cannot_try_everybody(site):
    """The 19 tries before are counted as the form counts them, without the work of a password each."""
    for _ in range(19):
        entering._take(site.monitor, (entering._pace("place:192.0.2.200", entering._OF_A_PLACE),))
    tries = [
        site.anybody(peer="192.0.2.200").post("/login", email=f"nobody-{n}@hallingdal.example", password="wrong")
        for n in range(2)
    ]
    assert [one.status_code for one in tries] == [422, 429]


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.200", "192.0.2.200"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.200", "192.0.2.200"),
        ("fe80::1%eth0", "fe80::/64"),
        ("no address", "no address"),
    ],
)
def test_all_addresses_of_one_network_are_one_place(address, place):
    assert place_of(Request({"type": "http", "client": (address, 4711)})) == place


def test_another_address_of_the_same_network_is_no_other_place(site):
    for _ in range(19):
        entering._take(site.monitor, (entering._pace("place:2001:db8:1:2::/64", entering._OF_A_PLACE),))
    tries = [
        site.anybody(peer=f"2001:db8:1:2::{n}").post("/login", email=f"no-{n}@hallingdal.example", password="wrong")
        for n in range(2)
    ]
    assert [one.status_code for one in tries] == [422, 429]


def test_a_session_is_over_after_its_days(site):
    browser = site.as_("olga")
    with site.look() as work:
        ends_at = work.now + timedelta(days=14)
    site.world.clock.travel_to(ends_at - timedelta(seconds=1))
    assert browser.get("/me").status_code == 200
    site.world.clock.travel_to(ends_at)
    assert browser.get("/me").status_code == 303


def test_what_is_over_is_put_away(site):
    site.as_("olga")
    with site.work() as work:
        over = work.now + timedelta(days=15)
        assert work.kept.drop_over(over) > 0
    assert sessions(site) == set()


def test_a_proxy_that_may_names_the_person(behind):
    browser = behind.anybody(peer=PROXY)
    assert "Olga Brandt" in text_of(browser.get("/me", headers={"x-remote-user": OLGA}))
    changed = {"form_token": browser_token(browser), "theme": "dark"}
    answer = browser.http.post(
        "/me/looks", data=changed, headers={"x-remote-user": OLGA, "sec-fetch-site": "same-origin"}
    )
    assert answer.status_code == 303


def browser_token(browser):
    text = browser.get("/me", headers={"x-remote-user": OLGA}).text
    return text.partition('name="form_token" value="')[2].partition('"')[0]


@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.1.9", "not an address"])
def test_nobody_else_names_anybody(behind, peer):
    assert behind.anybody(peer=peer).get("/me", headers={"X-Remote-User": OLGA}).status_code == 303


@pytest.mark.parametrize("other", ["henrik@hallingdal.example", OLGA])
def test_who_is_named_twice_is_nobody_as_a_client_may_have_named_the_first(behind, other):
    said = [("X-Remote-User", other), ("x-remote-user", OLGA)]
    assert behind.anybody(peer=PROXY).get("/me", headers=said).status_code == 303


def test_a_proxy_cannot_name_somebody_unknown(behind):
    assert behind.anybody(peer=PROXY).get("/me", headers={"x-remote-user": "eve@evil.example"}).status_code == 303
