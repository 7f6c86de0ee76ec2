"""A restricted agreement leaks nowhere: a word that stands only there is told to no outsider (R2, R3, A7)."""

import re

import pytest

from tests.support.roles import ROLES, Doors, registered, routes
from tests.support.site import Site

pytestmark = pytest.mark.rights

WORD = "kanarienvogel"
OUTSIDERS = [letter for letter in ROLES if letter != "s"]
SAID = {
    "counterparty": "Kanarienvogel AG",
    "title": "Kanarienvogel purchase",
    "note": "The Kanarienvogel sings",
    "tags": "kanarienvogel",
    "document": "https://files.example/kanarienvogel.pdf",
    "effective_on": "2026-01-01",
    "restricted_to": "dana@hallingdal.example",
}
LISTS = ("/api/v1/agreements", "/api/v1/deadlines", "/api/v1/counterparties", "/api/v1/forecast", "/api/v1/deliveries")


@pytest.fixture(scope="module")
def site():
    made = Site(filled=False)
    registered(made, "ACME-7", "olga")
    registered(made, "KANARIENVOGEL-1", "dana", **SAID)
    yield made
    made.close()


@pytest.fixture(scope="module")
def doors(site):
    return Doors(site, "ACME-7")


@pytest.fixture(scope="module")
def caged(site):
    """The same doors with the ids of the restricted agreement."""
    return Doors(site, "KANARIENVOGEL-1")


def looked_at(doors, letter):
    return [
        (path, doors.asked(letter, method, path))
        for method, path in routes(doors.site.app)
        if method == "GET" and not path.startswith(("/static", "/healthz", "/readyz", "/favicon"))
    ]


def test_the_word_is_there_for_the_owner(site):
    dana = site.as_("dana")
    assert WORD in dana.get("/agreements").text.lower()
    assert WORD in dana.get("/deadlines?until=all").text.lower()


@pytest.mark.parametrize("letter", OUTSIDERS)
def test_no_outsider_reads_the_word_anywhere(doors, letter):
    assert [path for path, answer in looked_at(doors, letter) if WORD in answer.text.lower()] == []


@pytest.mark.parametrize("letter", OUTSIDERS)
def test_no_outsider_is_told_more_by_an_id_that_they_know(caged, letter):
    named = [
        (path, answer) for path, answer in looked_at(caged, letter) if re.search("{(agreement|deadline)_id}", path)
    ]
    assert {answer.status_code for _, answer in named} <= {403, 404}
    assert [path for path, answer in named if WORD in answer.text.lower()] == []


@pytest.mark.parametrize("letter", OUTSIDERS)
def test_no_search_finds_it_and_no_total_counts_it(doors, letter):
    http = doors.programs[letter]
    for path in LISTS[:2]:
        assert http.get(f"{path}?search={WORD}").json()["items"] == []
    assert http.get("/api/v1/agreements").json()["total"] == 1
    assert [one["agreements"] for one in http.get("/api/v1/counterparties").json()["items"]] == [1]
    assert WORD not in "".join(http.get(f"{path}?limit=200").text.lower() for path in LISTS)
