"""The OpenAPI document shows for each operation what may be sent; what it shows is what is taken."""

import jsonschema_rs
import pytest

from tests.support.site import Site
from web.api.examples import EXAMPLES


@pytest.fixture(scope="module")
def document():
    site = Site(filled=False, peopled=False)
    found = site.anybody().get("/api/openapi.json").json()
    site.close()
    return found


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
