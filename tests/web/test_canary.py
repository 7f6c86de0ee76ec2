"""A restricted agreement leaks nowhere: a word that stands only there is told to no outsider (R2, R3, A7)."""

import re

import pytest

from tests.support.program import Program
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


#: What its owner records beside it: address -> body, with the id of the agreement put in.
BESIDE = {
    "/obligations": {"agreement_id": "ID", "name": "Feed the Kanarienvogel", "due_on": "2027-01-31"},
    "/checklists/nda-onboarding/apply": {"agreement_id": "ID"},
    "/exit-plans": {"agreement_id": "ID", "exit_on": "2028-12-31"},
    "/assets": {"name": "Kanarienvogel code", "kind": "source-code", "agreements": ["KANARIENVOGEL-1"]},
    "/disclosures": {"agreement_id": "ID", "given_on": "2026-11-02", "what": "Kanarienvogel plans"},
    "/documents": {"agreement_id": "ID", "name": "kanarienvogel.txt", "link": "https://files.example/kanarienvogel"},
    "/audits/ID/add-right": {"every": "1 year", "due_on": "2027-03-01", "scope": "The Kanarienvogel's cage"},
    "/audits/ID/request-evidence": {"to": "x@kanarienvogel.example", "name": "Kanarienvogel", "what": "Its health"},
    "/audits/ID/finding": {"text": "The Kanarienvogel is thin", "remedy_by_on": "2027-02-01"},
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(filled=False, data_dir=tmp_path_factory.mktemp("data"))
    registered(made, "ACME-7", "olga")
    caged = registered(made, "KANARIENVOGEL-1", "dana", **SAID)
    dana = Program(made, "Dana")
    for path, said in BESIDE.items():
        body = {name: caged if value == "ID" else value for name, value in said.items()}
        answer = dana.post(path.replace("ID", caged), body)
        assert answer.status_code in {200, 201}, (path, answer.text)
    made.world.tick()
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
def test_no_change_that_an_outsider_asks_for_answers_with_the_word(caged, letter):
    changes = [path for method, path in routes(caged.site.app) if method == "POST" and path.startswith("/api/v1")]
    answers = {path: caged.asked(letter, "POST", path) for path in changes}
    named = {path: one.status_code for path, one in answers.items() if re.search("{(agreement|deadline)_id}", path)}
    assert set(named.values()) <= {403, 404, 422}
    assert [path for path, one in answers.items() if WORD in one.text.lower()] == []


@pytest.mark.parametrize("letter", OUTSIDERS)
def test_no_plan_of_a_playbook_names_what_its_reader_does_not_see(doors, letter):
    text = "playbook: default\nladder:\n  - {at: -20d, steps: [{ask: owner}]}\n"
    answer = doors.programs[letter].post("/api/v1/playbooks/plan", json={"text": text})
    found = {one["reference"] for one in answer.json()["items"][0]["changes"]}
    assert found == {"ACME-7"}
    assert WORD not in answer.text.lower()


@pytest.mark.parametrize("letter", OUTSIDERS)
def test_no_search_finds_it_and_no_total_counts_it(doors, letter):
    http = doors.programs[letter]
    for path in LISTS[:2]:
        assert http.get(f"{path}?search={WORD}").json()["items"] == []
    assert http.get("/api/v1/agreements").json()["total"] == 1
    assert [one["agreements"] for one in http.get("/api/v1/counterparties").json()["items"]] == [1]
    assert WORD not in "".join(http.get(f"{path}?limit=200").text.lower() for path in LISTS)
