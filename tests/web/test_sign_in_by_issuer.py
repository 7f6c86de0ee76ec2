"""Signing in by the company's issuer of identities: the whole way there and back, against a real issuer."""

import re
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from structlog.testing import capture_logs

from engine import operations as ops
from engine.access import entering
from lifecycle.people import Role
from notifiers.outgoing import Caller
from tests.support.issuer import CLIENT, SECRET, IssuerServer, key_of
from tests.support.site import BASE, PASSWORD, Site, text_of
from web.frame.sessions import SESSION
from web.oidc.issuer import Issuer
from web.oidc.journey import COOKIE, HOLDS
from web.oidc.registration import Registration

OLGA = "olga@hallingdal.example"
MAP = {"it": "admin", "Legal Team": "legal", "/staff": "contributor"}


@pytest.fixture(scope="module")
def house():
    made = Site(filled=False)
    yield made
    made.close()


@pytest.fixture
def server(house):
    house.world.clock.advance(timedelta(minutes=1))  # so that no test has used up another's tries
    with IssuerServer(now=house.world.clock.now) as made:
        made.claims["email"] = OLGA
        yield made


@pytest.fixture
def site(house, server):
    """The house, whose issuer is the server of this test."""
    with with_issuer(house, server):
        yield house


@contextmanager
def with_issuer(house, server, *, root="", allow=("127.0.0.1",), **said):
    given = {"issuer": server.url, "client_id": CLIENT, "client_secret": SECRET}
    given |= {"back_to": f"{BASE}{root}/login/oidc/back", "home": f"{BASE}{root}/login"}
    made = Issuer(Registration(**given | said), Caller(allow=allow, timeout=10.0), house.world.clock)
    without = house.app.state.site
    house.app.state.site = replace(without, issuer=made)
    yield made
    house.app.state.site = without


@cache
def _elsewhere():
    return httpx2.Client(follow_redirects=False)


def at_issuer(address):
    """What a browser gets there."""
    return _elsewhere().get(address)


def gone_there(browser, wanted=""):
    """A browser that was sent to the issuer; the address to which that sends it back."""
    left = browser.get("/login/oidc", params={"next": wanted} if wanted else {})
    assert left.status_code == 303, text_of(left)
    said = at_issuer(left.headers["location"])
    assert said.status_code == 302
    return said.headers["location"]


def come_back(browser, address):
    return browser.http.get(address)


def signed_in(browser, wanted=""):
    return come_back(browser, gone_there(browser, wanted))


def role_of(site, name):
    with site.look() as work:
        return work.people.by_email(f"{name}@hallingdal.example").role.value


def events(site):
    with site.look() as work:
        return [(one.actor.name, one.actor.channel, one.event) for one in work.log.after(0, 10_000)]


def sessions(site):
    with site.look() as work:
        return work.connection.exec_driver_sql("SELECT digest, via FROM sessions").all()


# -- the whole way ---------------------------------------------------------------------------------------------------


def test_whom_the_issuer_vouches_for_is_signed_in_and_where_they_wanted_to_go(site, server):
    browser = site.anybody()
    form = browser.get("/login?next=/me%3Fa%3D1%26b%3D2")
    assert "Sign in with 127.0.0.1" in text_of(form)
    door = re.search(r'href="(/login/oidc[^"]*)"', form.text)[1].replace("&amp;", "&")
    left = browser.http.get(door)
    asked = parse_qs(urlsplit(left.headers["location"]).query)
    assert left.headers["cache-control"] == "no-store"
    assert asked["redirect_uri"] == ["https://longstop.example/login/oidc/back"]
    assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
    back = at_issuer(left.headers["location"]).headers["location"]
    entered = come_back(browser, back)
    assert (entered.status_code, entered.headers["location"]) == (303, "/me?a=1&b=2")
    assert "Olga Brandt" in text_of(browser.get("/me"))
    assert (server.refused, COOKIE in browser.http.cookies) == ([], False)


def test_the_way_is_the_same_below_a_path_and_behind_a_proxy(server):
    from ipaddress import ip_network

    made = Site(filled=False, root_path="/longstop", trusted=(ip_network("10.0.0.0/24"),))
    server.now = made.world.clock.now
    with with_issuer(made, server, root="/longstop"):
        browser = made.anybody(peer="10.0.0.9", base="http://longstop.example")
        browser.http.headers |= {"x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1"}
        left = browser.get("/login/oidc?next=/me")
        cookie = left.headers["set-cookie"].lower()
        assert {"path=/longstop", "secure", "httponly", "samesite=lax"} <= {one.strip() for one in cookie.split(";")}
        back = at_issuer(left.headers["location"]).headers["location"]
        assert back.startswith("https://longstop.example/longstop/login/oidc/back?")
        browser.http.cookies.set(
            COOKIE, left.cookies.get(COOKIE) or re.search(rf"{COOKIE}=([^;]+)", cookie_of(left))[1]
        )
        entered = browser.http.get(back.replace("https:", "http:"))
        assert (entered.status_code, entered.headers["location"]) == (303, "/longstop/me")
        assert SESSION in cookie_of(entered)
    made.close()


def cookie_of(answer):
    return "; ".join(answer.headers.get_list("set-cookie"))


def test_the_session_is_one_like_any_other_and_the_one_before_is_over(site):
    browser = site.as_("jonas")
    before = sessions(site)
    token = browser.http.cookies[SESSION]
    other = site.anybody()
    address = gone_there(other)
    other.http.cookies.set(SESSION, token)
    entered = come_back(other, address)
    assert entered.status_code == 303
    after = sessions(site)
    assert len(after) == len(before)
    assert [via for digest, via in set(map(tuple, after)) - set(map(tuple, before))] == ["oidc"]


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/" + "a" * 4000]
)
def test_nobody_is_led_to_another_site_from_here(site, elsewhere):
    assert signed_in(site.anybody(), elsewhere).headers["location"] == "/deadlines"


@pytest.mark.parametrize(("wanted", "leads_to"), [("/me", "/me"), ("//evil.example", "/deadlines"), ("", "/deadlines")])
def test_whoever_is_signed_in_goes_on_at_once(site, server, wanted, leads_to):
    answer = site.as_("olga").get("/login/oidc", params={"next": wanted})
    assert (answer.status_code, answer.headers["location"], server.asked) == (303, leads_to, [])


def test_a_house_without_an_issuer_has_no_such_door(house):
    browser = house.anybody()
    assert "Sign in with" not in text_of(browser.get("/login"))
    for path in ("/login/oidc", "/login/oidc/back?code=a&state=b"):
        assert browser.get(path).headers["location"] == "/login"


@pytest.mark.parametrize("kind", ["RS256", "ES256"])
def test_keys_may_be_of_both_kinds_and_new_ones_are_fetched_when_they_come(site, server, kind):
    assert signed_in(site.anybody()).status_code == 303
    server.with_key(kind, "another")
    site.world.clock.advance(timedelta(seconds=31))
    assert signed_in(site.anybody()).status_code == 303
    assert server.asked.count("/keys") == 2
    assert server.asked.count("/.well-known/openid-configuration") == 1


def test_what_the_issuer_has_published_is_fetched_again_after_an_hour(site, server):
    for _ in range(2):
        assert signed_in(site.anybody()).status_code == 303
    site.world.clock.advance(timedelta(hours=1))
    assert signed_in(site.anybody()).status_code == 303
    assert [server.asked.count(one) for one in ("/keys", "/.well-known/openid-configuration")] == [2, 2]


def test_a_key_that_is_never_published_makes_nobody_ask_again_and_again(site, server):
    server.header = {"kid": "unknown"}
    for _ in range(5):
        assert signed_in(site.anybody()).status_code == 422
    assert server.asked.count("/keys") == 1
    site.world.clock.advance(timedelta(seconds=31))
    assert signed_in(site.anybody()).status_code == 422
    assert server.asked.count("/keys") == 2


def test_the_secret_goes_in_the_form_where_the_issuer_takes_that(site, server):
    server.form_only = True
    assert signed_in(site.anybody()).status_code == 303


def test_what_stands_in_no_token_is_asked_for_at_the_door_for_that(site, server):
    del server.claims["email"]
    server.userinfo = {"sub": "4711", "email": OLGA, "email_verified": True}
    assert signed_in(site.anybody()).status_code == 303
    server.userinfo = {"sub": "another", "email": OLGA, "email_verified": True}
    assert_refused(signed_in(site.anybody()))


@pytest.mark.parametrize(
    ("in_the_token", "at_the_door"),
    [
        ({"email": OLGA, "email_verified": None}, {"email": "mine@evil.example", "email_verified": True}),
        ({"email": None, "email_verified": True}, {"email": OLGA}),
        ({"email": None, "email_verified": None, "xms_edov": True}, {"email": OLGA, "email_verified": False}),
    ],
)
def test_what_is_said_of_one_address_does_not_count_for_another(house, server, in_the_token, at_the_door):
    server.token, server.userinfo = in_the_token, {"sub": "4711"} | at_the_door
    with with_issuer(house, server, roles=MAP):  # for the groups that no token of theirs holds
        assert_refused(signed_in(house.anybody()), "does not say that your e-mail address is verified")
    assert "/userinfo" in server.asked


def test_groups_may_stand_there_alone(house, server):
    server.claims["email"], server.userinfo = "tomas@hallingdal.example", {"sub": "4711", "groups": ["Legal Team"]}
    with with_issuer(house, server, roles=MAP):
        assert signed_in(house.anybody()).status_code == 303
    assert role_of(house, "tomas") == "legal"


@pytest.mark.parametrize("token", [None, "", "a\r\nX-Evil: b", "\N{SNOWMAN}"])
def test_an_access_token_that_fits_in_no_header_is_not_used(site, server, token):
    del server.claims["email"]
    server.userinfo = {"sub": "4711", "email": OLGA, "email_verified": True}
    server.access_token = token
    server.token = {"at_hash": None}
    assert_refused(signed_in(site.anybody()), "does not say that your e-mail address is verified")
    assert "/userinfo" not in server.asked


def test_a_token_that_belongs_to_another_access_token_does_not_count(site, server):
    server.token = {"at_hash": "of another"}
    assert_refused(signed_in(site.anybody()))


def test_some_issuers_end_with_a_slash(site, server):
    server.discovery, server.token = {"issuer": f"{server.url}/"}, {"iss": f"{server.url}/"}
    assert signed_in(site.anybody()).status_code == 303
    server.token = {}
    assert signed_in(site.anybody()).status_code == 422


# -- attacks ---------------------------------------------------------------------------------------------------------


def assert_refused(answer, sentence="has not said who you are in a way that counts here"):
    assert (answer.status_code, SESSION in answer.cookies) == (422, False)
    assert sentence in text_of(answer)


WRONG_TOKENS = {
    "of another issuer": {"iss": "https://evil.example"},
    "without an issuer": {"iss": None},
    "for somebody else": {"aud": "another-client"},
    "for somebody else with us as the party": {"aud": "another-client", "azp": CLIENT},
    "for many with another party": {"aud": [CLIENT, "another"], "azp": "another"},
    "for many without a party": {"aud": [CLIENT, "another"]},
    "without an audience": {"aud": None},
    "without an end": {"exp": None},
    "that never ends": {"exp": float("nan")},
    "without a nonce": {"nonce": None},
    "with another nonce": {"nonce": "another"},
    "with a nonce that is a list": {"nonce": ["another"]},
    "without a subject": {"sub": None},
}


@pytest.mark.parametrize("laid_over", WRONG_TOKENS.values(), ids=WRONG_TOKENS)
def test_a_token_that_is_not_for_us_now_and_here_does_not_count(site, server, laid_over):
    server.token = laid_over
    assert_refused(signed_in(site.anybody()))


@pytest.mark.parametrize(("claim", "minutes"), [("exp", -2), ("nbf", 2), ("iat", 2)])
def test_a_token_that_is_over_or_not_yet_begun_does_not_count(site, server, claim, minutes):
    server.token = {claim: int((server.now() + timedelta(minutes=minutes)).timestamp())}
    assert_refused(signed_in(site.anybody()))


def test_a_token_that_nobody_has_signed_does_not_count(site, server):
    server.header = {"alg": "none"}
    assert_refused(signed_in(site.anybody()))


def test_a_token_signed_with_the_public_key_as_a_secret_does_not_count(site, server):
    server.signed_with, server.header = server.keys[0].as_pem(private=False), {"alg": "HS256"}
    assert_refused(signed_in(site.anybody()))


def test_a_token_signed_with_a_shared_key_that_is_published_does_not_count(site, server):
    from joserfc.jwk import OctKey

    server.keys = [OctKey.import_key("a shared secret that everybody can read", {"kid": "o"})]
    server.alg = "HS256"
    server.answers["/keys"] = (200, {"keys": [server.keys[0].as_dict(private=True)]})
    assert_refused(signed_in(site.anybody()))


def test_a_token_of_another_key_with_a_known_name_does_not_count(site, server):
    server.signed_with = key_of("RS256", "of an attacker")
    assert_refused(signed_in(site.anybody()))


def test_an_answer_counts_only_in_the_browser_that_was_sent_away(site):
    """Whoever lets somebody else's browser come back with a code of theirs signs nobody in as themselves."""
    address = gone_there(site.anybody())
    assert_refused(come_back(site.anybody(), address), "This browser has begun no such sign-in")
    other = site.anybody()
    gone_there(other)
    assert_refused(come_back(other, address), "This browser has begun no such sign-in")


@pytest.mark.parametrize("change", [("state=", "state=a"), ("state=", "other="), ("code=", "other=")])
def test_an_answer_without_its_state_or_its_code_is_none(site, change):
    browser = site.anybody()
    answer = come_back(browser, gone_there(browser).replace(*change))
    assert (answer.status_code, SESSION in answer.cookies) == (422, False)


def test_a_cookie_that_was_not_written_here_is_none(site):
    browser = site.anybody()
    address = gone_there(browser)
    kept = browser.http.cookies[COOKIE]
    for planted in ("", "a.b", kept[:-2], kept[::-1]):
        browser.http.cookies.set(COOKIE, planted, domain="longstop.example")
        assert_refused(come_back(browser, address), "This browser has begun no such sign-in")


def test_an_answer_counts_once(site):
    browser = site.anybody()
    address = gone_there(browser)
    kept = browser.http.cookies[COOKIE]
    assert come_back(browser, address).status_code == 303
    token = browser.http.cookies[SESSION]
    assert come_back(browser, address).headers["location"] == "/deadlines", "whoever goes back a page stays signed in"
    assert browser.http.cookies[SESSION] == token
    assert come_back(site.anybody(), address).status_code == 422
    thief = site.anybody()
    thief.http.cookies.set(COOKIE, kept)
    assert_refused(come_back(thief, address))


def test_an_answer_that_comes_after_ten_minutes_is_too_late(site):
    for late, status in ((timedelta(), 303), (timedelta(seconds=1), 422)):
        browser = site.anybody()
        address = gone_there(browser)
        site.world.clock.advance(HOLDS + late)
        assert come_back(browser, address).status_code == status


def test_a_code_that_somebody_else_asked_for_is_changed_for_nothing(site):
    """A stolen code in the thief's own journey: state and nonce are theirs, the verifier is not the one."""
    stolen = parse_qs(urlsplit(gone_there(site.anybody())).query)["code"][0]
    thief = site.anybody()
    address = re.sub(r"code=[^&]+", f"code={stolen}", gone_there(thief))
    assert_refused(come_back(thief, address))


def test_an_answer_of_another_issuer_is_none_where_issuers_say_who_they_are(site, server):
    server.says_who = True
    assert signed_in(site.anybody()).status_code == 303
    browser = site.anybody()
    address = gone_there(browser)
    assert_refused(come_back(browser, re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fevil.example", address)))
    browser = site.anybody()
    assert_refused(come_back(browser, re.sub(r"&iss=[^&]+", "", gone_there(browser))))


def test_many_answers_that_mean_nothing_are_stopped(house, server):
    with with_issuer(house, server):
        server.answers["/token"] = (400, {"error": "invalid_grant"})
        place = "192.0.2.211"
        for _ in range(19):
            entering.take_place(house.monitor, place)
        assert [signed_in(house.anybody(peer=place)).status_code for _ in range(2)] == [422, 429]
        assert server.asked.count("/token") == 1


def test_signing_in_is_no_try(house, server):
    with with_issuer(house, server):
        place = "192.0.2.212"
        assert {signed_in(house.anybody(peer=place)).status_code for _ in range(21)} == {303}


# -- who it is -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [{"email_verified": False}, {"email_verified": None}, {"email_verified": "false"}])
def test_an_address_that_the_issuer_has_not_verified_is_nobodys(site, server, said):
    server.token = said
    assert_refused(signed_in(site.anybody()), "does not say that your e-mail address is verified")


@pytest.mark.parametrize("said", [{"email": None}, {"email": "olga"}, {"email": ["olga@hallingdal.example"]}])
def test_what_is_no_address_is_nobodys(site, server, said):
    server.token = said
    assert_refused(signed_in(site.anybody()), "does not say that your e-mail address is verified")


@pytest.mark.parametrize("said", [{"email_verified": "true"}, {"email_verified": None, "xms_edov": "1"}])
def test_some_issuers_say_it_otherwise(site, server, said):
    server.token = said
    assert signed_in(site.anybody()).status_code == 303


def test_microsofts_word_does_not_outweigh_a_no(site, server):
    server.token = {"email_verified": False, "xms_edov": True}
    assert signed_in(site.anybody()).status_code == 422


def test_nobody_is_taken_in_by_signing_in(site, server):
    """As with a proxy that names somebody whom the register does not know."""
    server.claims["email"] = "eve@hallingdal.example"
    before = events(site)
    assert_refused(signed_in(site.anybody()), "Nobody is known here by the address eve@hallingdal.example.")
    assert events(site) == before


def test_somebody_who_left_does_not_come_in(site, server):
    server.claims["email"] = "PRIYA@hallingdal.example"
    browser = site.anybody()
    assert signed_in(browser).status_code == 303
    with site.work() as work:
        ops.disable_person(work, work.people.by_email("priya@hallingdal.example"))
    assert browser.get("/me").status_code == 303
    assert_refused(signed_in(site.anybody()), "Nobody is known here by the address")


# -- roles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["Legal Team"], "legal"),
        (["/staff", "Legal Team"], "legal"),
        ("/staff", "contributor"),
        (["legal team"], "viewer"),
        (["others", 7, None], "viewer"),
        ([], "viewer"),
        (None, "viewer"),
        ({"it": True}, "viewer"),
    ],
)
def test_the_first_group_of_the_map_that_fits_says_the_role_and_in_none_one_is_a_viewer(house, server, groups, role):
    with with_issuer(house, server, roles=MAP):
        server.claims |= {"email": "tomas@hallingdal.example", "groups": groups}
        assert signed_in(house.anybody()).status_code == 303
        assert role_of(house, "tomas") == role


def test_a_role_is_renewed_at_every_sign_in_and_the_log_says_by_whom(house, server):
    with with_issuer(house, server, roles=MAP, role_claim="roles"):
        server.claims["email"] = "mei@hallingdal.example"
        before = len(events(house))
        for groups in (["it"], ["it"], ["Legal Team"]):
            server.claims["roles"] = groups
            assert signed_in(house.anybody()).status_code == 303
        told = events(house)[before:]
    assert [(name, channel, event.fields) for name, channel, event in told] == [
        ("issuer:127.0.0.1", "oidc", ("role",)),
        ("issuer:127.0.0.1", "oidc", ("role",)),
    ]
    assert role_of(house, "mei") == "legal"
    assert "issuer:127.0.0.1" in text_of(house.as_("henrik").get("/admin/log"))


def test_without_a_map_everybody_has_the_role_that_they_have_here(site, server):
    server.claims |= {"email": "mei@hallingdal.example", "groups": ["it"]}
    assert signed_in(site.anybody()).status_code == 303
    assert role_of(site, "mei") == "legal"


def test_a_wrong_map_takes_the_last_admin_from_nobody(house, server):
    server.claims |= {"email": "henrik@hallingdal.example", "groups": ["/staff"]}
    with with_issuer(house, server, roles=MAP), capture_logs() as log:
        assert signed_in(house.anybody()).status_code == 303
    assert role_of(house, "henrik") == "admin"
    assert [one["event"] for one in log] == ["the last admin stays admin, whatever their groups say"]


def test_a_map_that_makes_no_admins_leaves_those_who_are(house, server):
    with house.work() as work:
        ops.change_person(work, replace(work.people.by_email(OLGA), role=Role.ADMIN))
    server.claims["groups"] = ["staff"]
    with with_issuer(house, server, roles={"staff": "contributor"}):
        assert signed_in(house.anybody()).status_code == 303
        assert role_of(house, "olga") == "admin"
    with with_issuer(house, server, roles={"it": "admin", "staff": "contributor"}):
        assert signed_in(house.anybody()).status_code == 303
        assert role_of(house, "olga") == "contributor"


# -- an issuer that is away ------------------------------------------------------------------------------------------


def test_an_issuer_that_is_away_keeps_nobody_from_their_password(house, server):
    with with_issuer(house, server):
        server.close()
        browser = house.anybody()
        left = browser.get("/login/oidc?next=/me")
        assert left.status_code == 503
        assert "127.0.0.1 cannot be asked at the moment who you are." in text_of(left)
        entered = browser.post("/login", on="/login?next=/me", email=OLGA, password=PASSWORD, next="/me")
        assert (entered.status_code, entered.headers["location"]) == (303, "/me")


BROKEN = {
    "another issuer": ("discovery", {"issuer": "https://evil.example"}),
    "an issuer that is no text": ("discovery", {"issuer": ["https://issuer.example"]}),
    "no token endpoint": ("discovery", {"token_endpoint": None}),
    "a door that is no web address": ("discovery", {"authorization_endpoint": "javascript:alert(1)"}),
    "a status": ("answers", {"/.well-known/openid-configuration": (500, {})}),
    "no JSON": ("answers", {"/.well-known/openid-configuration": (200, b"<html>")}),
    "a list": ("answers", {"/.well-known/openid-configuration": (200, [])}),
    "a depth": ("answers", {"/.well-known/openid-configuration": (200, b"[" * 60_000)}),
    "a length": ("answers", {"/.well-known/openid-configuration": (200, b" " * 70_000 + b"{}")}),
}


@pytest.mark.parametrize(("what", "laid_over"), BROKEN.values(), ids=BROKEN)
def test_an_issuer_that_speaks_otherwise_is_one_that_is_away(site, server, what, laid_over):
    getattr(server, what).update(laid_over)
    browser = site.anybody()
    assert browser.get("/login/oidc").status_code == 503
    asked = len(server.asked)
    assert browser.get("/login/oidc").status_code == 503
    assert len(server.asked) == asked, "for ten seconds nobody asks again"
    server.answers, server.discovery = {}, {}
    site.world.clock.advance(timedelta(seconds=10))
    assert signed_in(browser).status_code == 303


def test_while_one_asks_an_issuer_that_is_slow_the_others_do_not_wait_for_it(site, server):
    """Otherwise an issuer that hangs would take all threads that answer pages."""
    answered = threading.Event()
    server.before = answered.wait
    first = threading.Thread(target=lambda: site.anybody().get("/login/oidc"))
    first.start()
    while not server.asked:
        time.sleep(0.01)
    assert site.anybody().get("/login/oidc").status_code == 503
    assert len(server.asked) == 1
    answered.set()
    first.join()
    assert site.anybody().get("/login/oidc").status_code == 303


@pytest.mark.parametrize("door", ["/token", "/keys"])
def test_a_door_that_fails_on_the_way_back_is_said(site, server, door):
    browser = site.anybody()
    address = gone_there(browser)
    server.answers[door] = (502, {})
    assert come_back(browser, address).status_code == 503


def test_while_the_issuer_is_away_what_it_has_published_counts_for_a_day(site, server):
    assert signed_in(site.anybody()).status_code == 303
    server.answers["/.well-known/openid-configuration"] = server.answers["/keys"] = (500, {})
    site.world.clock.advance(timedelta(hours=23))
    assert signed_in(site.anybody()).status_code == 303
    site.world.clock.advance(timedelta(hours=1))
    assert site.anybody().get("/login/oidc").status_code == 503


def test_nothing_in_the_house_is_called_because_a_document_says_so(site, server):
    """The issuer's own host is the operator's word; another one in its document is not."""
    server.discovery = {"token_endpoint": f"{server.url.replace('127.0.0.1', '127.0.0.2')}/token"}
    assert signed_in(site.anybody()).status_code == 503
    assert "/token" not in server.asked


@pytest.mark.parametrize(
    ("laid_over", "why"),
    [
        ({"/token": (401, {"error": "invalid_client"})}, "its token endpoint answered invalid_client"),
        ({"/token": (400, {"error": "secret words"})}, "its token endpoint answered nothing that is known"),
        ({"/token": (200, {"id_token": "a.b.c"})}, "its token does not count (DecodeError)"),
        ({"/token": (500, {})}, "its token endpoint answered with status 500"),
    ],
)
def test_the_log_says_why_to_the_operator_and_nothing_of_what_came(site, server, laid_over, why):
    browser = site.anybody()
    address = gone_there(browser)
    server.answers = laid_over
    with capture_logs() as log:
        come_back(browser, address)
    told = [{name: one[name] for name in ("event", "why")} for one in log]
    assert told == [{"event": "nobody was signed in by the issuer", "why": why}]


def test_who_says_no_at_the_issuer_is_back_at_the_form(site):
    browser = site.anybody()
    address = re.sub(r"code=[^&]+", "error=access_denied&error_description=x", gone_there(browser, "/me"))
    answer = come_back(browser, address)
    assert_refused(answer)
    assert 'value="/me"' in answer.text


# -- signing out -----------------------------------------------------------------------------------------------------


def test_signing_out_leads_to_the_issuers_own_sign_out(site, server):
    browser = site.anybody()
    signed_in(browser)
    token = browser.http.cookies[SESSION]
    out = browser.post("/logout")
    door = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', out.text)[1].replace("&amp;", "&")
    assert (out.status_code, SESSION in browser.http.cookies) == (200, False)
    asked = parse_qs(urlsplit(door).query)
    assert door.startswith(f"{server.url}/logout?")
    assert asked == {
        "client_id": [CLIENT],
        "post_logout_redirect_uri": ["https://longstop.example/login"],
        "logout_hint": [OLGA],
    }
    assert at_issuer(door).headers["location"] == "https://longstop.example/login"
    thief = site.anybody()
    thief.http.cookies.set(SESSION, token)
    assert thief.get("/me").status_code == 303


def test_where_the_issuer_has_no_sign_out_or_did_not_sign_in_it_is_left_alone(site, server):
    assert site.as_("olga").post("/logout").headers["location"] == "/login"
    server.discovery = {"end_session_endpoint": "javascript:alert(1)"}
    browser = site.anybody()
    signed_in(browser)
    assert browser.post("/logout").headers["location"] == "/login"
