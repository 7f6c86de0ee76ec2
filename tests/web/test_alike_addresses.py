"""Who is let in by an address that another names: nobody whose address only folds to the same letters."""

import pytest
from fastapi import Request

from engine import operations as ops
from engine.access.entering import Browser
from engine.access.vouched import NotKnown, Vouched, enter
from lifecycle.people import Person
from notifiers.slack.client import SlackClient
from tests.support.site import Site
from tests.support.slack_server import TOKEN, SlackServer
from web.frame.viewer import Viewer, visit
from web.slack.people import Accounts

KEPT = ("strasse@hallingdal.example", "fiona@hallingdal.example", "kim@hallingdal.example", "müller@hallingdal.example")
ALIKE = (
    "straße@hallingdal.example",
    "\N{LATIN SMALL LIGATURE FI}ona@hallingdal.example",
    "\N{KELVIN SIGN}im@hallingdal.example",
    "MÜLLER@hallingdal.example",
)
SAME = ("Strasse@Hallingdal.example", "FIONA@hallingdal.example", "kim@hallingdal.example", "müller@HALLINGDAL.example")


@pytest.fixture(scope="module")
def site():
    made = Site(filled=False, auth_header="X-Remote-User")
    with made.work() as work:
        for email in KEPT:
            ops.add_person(work, Person(id="", email=email))
    yield made
    made.close()


def by_proxy(site, email):
    """As it comes to the pages; a header is written in Latin-1."""
    said = [(b"x-remote-user", email.encode("latin-1", "replace"))]
    return isinstance(visit(Request({"type": "http", "app": site.app, "headers": said})), Viewer)


def by_issuer(site, email):
    try:
        enter(
            site.monitor, lambda: Vouched("issuer.example", email, frozenset()), {}, browser=Browser(email), days=1
        )  # fmt: skip
    except NotKnown:
        return False
    return True


def by_slack(site, email):
    with SlackServer() as server:
        user = server.user("Somebody", email=email)
        accounts = Accounts(site.monitor, SlackClient(TOKEN, api_url=server.url, timeout=5.0))
        return accounts.is_ours({"team": {"id": "T0001"}}) and accounts.person(user) is not None


@pytest.mark.parametrize("door", [by_proxy, by_issuer, by_slack])
@pytest.mark.parametrize("email", ALIKE)
def test_an_address_that_folds_to_a_known_one_opens_nothing(site, door, email):
    with site.look() as work:
        assert work.people.by_email(email).email in KEPT
    assert door(site, email) is False


@pytest.mark.parametrize("door", [by_proxy, by_issuer, by_slack])
@pytest.mark.parametrize("email", SAME)
def test_the_case_of_plain_letters_is_of_no_weight(site, door, email):
    assert door(site, email) is True
