"""Signing in: who may, how often, and what a browser keeps of it."""

import pytest

from tests.support.site import PASSWORD, Site, text_of

OLGA = "olga@hallingdal.example"


@pytest.fixture(scope="module")
def site():
    made = Site(filled=False)
    yield made
    made.close()


def test_whoever_is_not_signed_in_is_led_to_the_form_and_back(site):
    browser = site.anybody()
    asked = browser.get("/me?a=1")
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=/me%3Fa%3D1")
    form = browser.get(asked.headers["location"])
    assert 'value="/me?a=1"' in form.text
    entered = browser.post("/login", on="/login?next=/me%3Fa%3D1", email=OLGA, password=PASSWORD, next="/me?a=1")
    assert (entered.status_code, entered.headers["location"]) == (303, "/me?a=1")
    assert "Olga Brandt" in text_of(browser.get("/me"))
