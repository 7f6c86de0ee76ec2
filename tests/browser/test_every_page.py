"""Every page, as a browser and a judge of accessibility see it: light and dark, wide and narrow, filled and empty."""

import pytest

from tests.browser.looking import look
from tests.browser.pictures import TARGET
from tests.browser.sights import WHO, bare, sights


@pytest.fixture(scope="module")
def seen(lived_in):
    return sights(lived_in)


@pytest.fixture(scope="module")
def looks(chromium, lived_in, empty, seen):
    """Every page by its name, looked at once for all tests here."""
    found = {}
    for house, pages in ((lived_in, seen[0]), (empty, bare(empty))):
        for who in WHO:
            with chromium.window(house, who) as window:
                found |= {one.name: look(window, one.path) for one in pages if one.who == who}
    return found


@pytest.mark.browser
def test_every_page_is_looked_at(seen):
    assert seen[1] == [], "no link leads to these: say an address in tests/browser/sights.py"


def test_every_page_has_its_pictures_in_the_docs(looks):
    pages = {name.replace("~", "-") for name, one in looks.items() if one.is_page and not name.endswith("~empty")}
    assert {one.name for one in TARGET.iterdir()} == {f"{name}-{wide}.webp" for name in pages for wide in (1280, 390)}


def faults(looks, kind):
    return {name: getattr(one, kind) for name, one in looks.items() if getattr(one, kind)}


def test_every_page_answers(looks):
    refused = {name: one.status for name, one in looks.items() if one.status not in {200, 303}}
    assert refused == {
        "unknown": 404, "unknown-agreement": 404, "act~unknown": 404, "subscribe-one.ics": 404,
        "agreements-one-documents-one": 404, "admin-preview-mail~empty": 404, "agreements-one-restore": 409,
        "deadlines~wrong": 422, "agreements~wrong": 422, "agreements-one-what-if~wrong": 422,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["light", "dark", "wider", "same_names", "nameless", "complaints"])
def test_no_page_has_a_fault(looks, kind):
    assert faults(looks, kind) == {}
