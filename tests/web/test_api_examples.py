"""The OpenAPI document shows for each operation what may be sent; what it shows is what is taken, and can be posted."""

import json
import re
from html import unescape

import jsonschema_rs
import pytest

from engine.shelf import Shelf
from tests.support.program import Program
from tests.support.site import Site
from tests.web.test_rights_table import KEPT
from web.api.examples import EXAMPLES


@pytest.fixture(scope="module")
def document(house):
    return house.site.anybody().get("/api/openapi.json").json()


def bodies(document):
    """(address, schema of its body, what stands in the document as its example)."""
    for path, operations in document["paths"].items():
        content = operations.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json")
        if content is not None:
            yield path, content["schema"], content.get("example")


def takes_something(document, schema):
    named = [one["$ref"] for one in (schema, *schema.get("anyOf", ())) if "$ref" in one]
    return any(document["components"]["schemas"][one.rpartition("/")[2]].get("properties") for one in named)


def test_every_operation_that_takes_something_has_an_example(document):
    without = [path for path, schema, one in bodies(document) if one is None and takes_something(document, schema)]
    assert without == []
    assert {path.removeprefix("/api/v1") for path, _, one in bodies(document) if one is not None} == set(EXAMPLES)


def test_every_example_is_what_its_operation_takes(document):
    wrong = {}
    for path, schema, example in bodies(document):
        if example is not None:
            whole = {**schema, "components": document["components"]}
            faults = [str(one.message) for one in jsonschema_rs.Draft202012Validator(whole).iter_errors(example)]
            wrong |= {path: faults} if faults else {}
    assert wrong == {}


#: Posted as they stand to a house that holds MSA-0042; the rest needs what other operations have made before.
_POSTED = (
    "/deadlines/{deadline_id}/ack", "/deadlines/{deadline_id}/done", "/deadlines/{deadline_id}/decide",
    "/deadlines/{deadline_id}/waive", "/deadlines/{deadline_id}/assign", "/deadlines/{deadline_id}/reopen",
    "/deadlines/{deadline_id}/pin", "/deadlines/bulk", "/agreements/access", "/agreements/{agreement_id}/amend",
    "/agreements/{agreement_id}/verify", "/agreements/{agreement_id}/give-notice", "/agreements/{agreement_id}/renew",
    "/agreements/{agreement_id}/terminate", "/agreements/{agreement_id}/archive",
    "/agreements/{agreement_id}/restrict", "/obligations", "/assets", "/disclosures", "/documents",
    "/audits/{agreement_id}/add-right", "/audits/{agreement_id}/request-evidence", "/audits/{agreement_id}/finding",
    "/people", "/absences", "/counterparties/{counterparty_id}/contacts", "/playbooks/check", "/playbooks/plan",
    "/playbooks/apply", "/exit-plans", "/imports", "/calc", "/what-if", "/feeds", "/tokens", "/evidence", "/silences",
    "/views", "/organisation/amend",
)  # fmt: skip


class House:
    """A house with the agreement, owner and backup of the examples, and the ids that stand for those in them."""

    def __init__(self, folder):
        self.site = Site(filled=False, at="2026-12-01T09:30")
        object.__setattr__(self.site.monitor, "shelf", Shelf(folder))
        self.program = Program(self.site, "Henrik")
        for who in ("olga", "ben"):
            self.program.done("/people", EXAMPLES["/people"] | {"email": f"{who}@example.com"}, status=201)
        self.made = self.program.done("/agreements", EXAMPLES["/agreements"], status=201)
        deadline = self.program.items("/deadlines")[0]
        self.ids = {
            "agreement_id": self.made["id"],
            "deadline_id": deadline["id"],
            "counterparty_id": self.program.items("/counterparties")[0]["id"],
        }
        self.shelf = folder
        self.said = {"h7m2x4n8p3qr": self.made["id"], "k3v9q2w7xt5z": deadline["id"], 3: deadline["revision"]}

    def posted(self, path):
        """What a trial of the example is answered."""
        address = re.sub(r"\{(\w+)\}", lambda name: self.ids[name[1]], path)
        return self.program.post(f"{address}?dry_run=true", self.real(EXAMPLES[path]), if_match="*")

    def state(self):
        """Every row but of tokens, whose use is noted, and every kept file."""
        with self.site.look() as work:
            rows = {table.name: work.connection.execute(table.select()).all() for table in KEPT}
        return rows, sorted(self.shelf.rglob("*"))

    def real(self, example):
        """The example with this house's ids and revision."""
        match example:
            case dict():
                return {name: self.real(value) for name, value in example.items()}
            case list():
                return [self.real(value) for value in example]
            case _:
                return self.said.get(example, example)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("shelf"))
    yield made
    made.site.close()


@pytest.mark.parametrize("path", _POSTED)
def test_what_an_example_shows_can_be_posted_and_a_trial_keeps_nothing_of_it(house, path):
    before = house.state()
    answer = house.posted(path)
    assert answer.status_code in {200, 201}, answer.text
    assert house.state() == before


def test_people_see_the_examples_as_programs_do(house):
    page = house.site.as_("henrik").get("/api/docs").text
    shown = [json.loads(unescape(one)) for one in re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)]
    assert sorted(map(json.dumps, shown)) == sorted(map(json.dumps, EXAMPLES.values()))
