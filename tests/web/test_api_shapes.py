"""What the OpenAPI document says of an answer is what the schemas of the command line say of the same thing."""

import json
import re

import pytest

from tests.support.house import PROJECT
from tests.support.site import Site
from web.api.shapes import SHAPES, components

SCHEMAS = PROJECT / "docs" / "schemas"
#: Shape -> the document of the command line whose item, or whose list, it is.
SAME = {
    "Deadline": "deadlines",
    "Asset": "assets",
    "Audit": "audit",
    "Derivation": "explain",
    "Disclosure": "disclosures",
    "Document": "documents",
    "Evidence": "audits",
    "EvidenceChanged": "evidence",
    "Finding": "findings",
    "Obligation": "obligations",
    "Answered": "answered",
    "Agreement": "agreements",
    "WholeAgreement": "agreement",
    "AgreementChanged": "agreement-changed",
    "Person": "people",
    "PersonChanged": "person-changed",
    "Playbook": "playbooks",
    "PlaybookShown": "playbook-shown",
    "PlaybookFinding": "playbook-check",
    "PlaybookPlan": "playbook-plan",
    "Checklist": "checklists",
    "ChecklistShown": "checklist",
    "Calculation": "calc",
    "ExitPlan": "exit-plans",
    "ExitPlanShown": "exit-plan",
    "Batch": "imports",
    "Import": "import",
    "Undone": "import-undone",
    "Feed": "feeds",
    "Token": "tokens",
    "TokenChanged": "token-changed",
    "Webhook": "webhooks",
    "Call": "incoming",
    "CallShown": "incoming-call",
    "CallChanged": "incoming-changed",
    "Message": "outbox",
    "Forecast": "forecast",
    "Silence": "silences",
    "Absence": "absences",
    "AbsenceChanged": "absence-changed",
    "Contact": "contacts",
    "PackMade": "evidence-export",
    "FeedsRevoked": "feeds-revoked",
    "ChannelTest": "send-test",
}
#: What is listed across agreements names its own.
BESIDE = {name: {"agreement_id", "reference"} for name in ("Disclosure", "Document", "Obligation")}
#: What the command line does not tell in this form.
ALONE = {
    "Event",
    "History",  # a part of `agreement show`
    "Team",
    "Counterparty",
    "PlaybookVersion",
    "Supposed",
    "Hook",
    "Incident",
    "AnsweredTogether",
    "Fact",
    "FactVerified",
    "PasswordLink",  # a person's password is chosen by themselves
    "Backup",  # by its name in the house's folder; the command line makes files anywhere
    "BackupChecked",
    "Channel",
    "Held",
    "Shadow",
    "ShadowEnded",
    "View",
    "Me",  # of the token that asks
    "MeChanged",
    "Preview",
    "TestAsked",
    "MessageText",
    "Discarded",
    "SlackAsked",  # `doctor` asks it there
    "Organisation",
    "OrganisationChanged",
    "Pack",  # as the log knows it
    "LogVerified",  # the command line ends with an error where it is broken
    "Access",  # nothing of an agreement that may yet be denied
}


def of_command_line(name):
    properties = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    inner = properties["properties"]
    part = inner["item"] if "item" in inner else inner["items"]["items"]
    while "$ref" in part:
        part = properties["$defs"][part["$ref"].rpartition("/")[2]]
    return part


def kinds(schema):
    """The types that it may have; a word of a list is a text."""
    if "enum" in schema:
        return {"null" if one is None else "string" for one in schema["enum"]}
    if "anyOf" in schema or "oneOf" in schema:
        return set().union(*(kinds(one) for one in schema.get("anyOf") or schema["oneOf"]))
    if "$ref" in schema:
        return {"object"}
    found = schema.get("type", [])
    return set([found] if isinstance(found, str) else found)


def test_no_body_that_is_sent_has_the_name_of_an_answer():
    site = Site(filled=False, peopled=False)
    paths = site.anybody().get("/api/openapi.json").json()["paths"]
    sent = [operation.get("requestBody") for operations in paths.values() for operation in operations.values()]
    names = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(sent)))
    site.close()
    assert len(names) > 20
    assert names & components().keys() == set()


def test_every_shape_is_held_to_a_schema_or_stands_alone():
    assert SHAPES.keys() - SAME.keys() == ALONE
    assert SAME.keys() - SHAPES.keys() == set()


@pytest.mark.parametrize(("shape", "name"), SAME.items())
def test_a_shape_has_the_keys_of_the_command_line(shape, name):
    ours, theirs = components()[shape]["properties"], of_command_line(name)["properties"]
    assert set(ours) - BESIDE.get(shape, set()) == set(theirs) - BESIDE.get(shape, set())


@pytest.mark.parametrize(("shape", "name"), SAME.items())
def test_a_shape_has_the_kinds_of_the_command_line(shape, name):
    ours, theirs = components()[shape]["properties"], of_command_line(name)["properties"]
    differing = {
        key: (kinds(ours[key]), kinds(theirs[key]))
        for key in ours.keys() & theirs.keys()
        if kinds(ours[key]) != kinds(theirs[key])
    }
    assert differing == {}
