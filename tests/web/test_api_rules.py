"""Checklists, playbooks and exit plans by the programming interface: what their pages do, by the same rights."""

import pytest

from tests.support.program import Program
from tests.support.schemas import faults
from tests.support.site import Site

LOUDER = """playbook: nda
match: {kind: NDA, milestone: notice}
ladder:
  - {at: -60d, steps: [{ask: owner}]}
  - {at: -7d, steps: [{ask: owner}]}
"""


@pytest.fixture(scope="module")
def site():
    made = Site()
    yield made
    made.close()


@pytest.fixture(scope="module")
def mei(site):
    return Program(site, "Mei")


@pytest.fixture(scope="module")
def amara(site):
    """A viewer."""
    return Program(site, "Amara")


@pytest.fixture
def agreement(mei, request):
    """A fresh agreement of each test."""
    fields = {
        "reference": request.node.name[:60],
        "counterparty": "Fjord Data AS",
        "owner": "olga@hallingdal.example",
        "effective_on": "2026-01-01",
        "term": "3 years",
        "renewal": "automatic",
        "renewal_term": "12 months",
        "notice_period": "90 days",
        "governing_law": "Germany",
    }
    return mei.done("/agreements", {"fields": fields}, 201)


def restricted(mei, reference, to):
    fields = {
        "reference": reference, "counterparty": "Quiet AG", "effective_on": "2026-01-01", "term": "12 months",
        "renewal": "automatic", "notice_period": "30 days", "owner": "olga@hallingdal.example", "restricted_to": to,
    }  # fmt: skip
    return mei.done("/agreements", {"fields": fields}, 201)


def test_checklists_are_listed_and_shown_as_on_the_command_line(mei):
    listed, shown = mei.get("/checklists").json(), mei.get("/checklists/nda-onboarding").json()
    assert faults({name: value for name, value in listed.items() if name != "next_cursor"}) == []
    assert faults(shown) == []
    known = {one["name"]: one["items"] for one in listed["items"]}
    assert known["nda-onboarding"] == len(shown["item"]["items"])
    assert mei.get("/checklists/none").status_code == 404


def test_a_checklist_that_is_applied_twice_is_applied_once(mei, agreement):
    said = {"agreement_id": agreement["id"], "from_on": "2026-11-23"}
    tried = mei.done("/checklists/nda-onboarding/apply?dry_run=true", said)
    assert mei.items(f"/obligations?agreement_id={agreement['id']}") == []
    done = mei.done("/checklists/nda-onboarding/apply", said)
    assert done["deadlines"] == tried["deadlines"]
    there = mei.items(f"/obligations?agreement_id={agreement['id']}")
    assert len(there) == len(mei.item("/checklists/nda-onboarding")["items"])
    again = mei.done("/checklists/nda-onboarding/apply", said)
    assert again["deadlines"]["new"] == 0
    assert len(mei.items(f"/obligations?agreement_id={agreement['id']}")) == len(there)


def test_a_duty_may_be_due_after_each_quarter(mei, agreement):
    said = {"agreement_id": agreement["id"], "name": "Usage report", "kind": "evidence"}
    mei.done("/obligations", {**said, "due": "30 days after each quarter"}, status=201)
    there = mei.items(f"/obligations?agreement_id={agreement['id']}")
    assert [one["due"] for one in there if one["name"] == "Usage report"] == [
        "every 3 months, by quarters, 30 days after each"
    ]
    assert mei.post("/obligations", said).status_code == 422


def test_a_checklist_comes_to_a_counterparty_before_there_is_an_agreement(mei):
    done = mei.done("/checklists/supplier-selection/apply", {"counterparty": "Newcomer Ltd"})
    assert (done["counterparty"], done["status"], done["owner"]["name"]) == ("Newcomer Ltd", "draft", "Mei Tanaka")
    assert done["remarks"][0] == "Newcomer Ltd is new: no agreement is with it."
    again = mei.done("/checklists/supplier-selection/apply", {"counterparty": "Newcomer Ltd"})
    assert not [one for one in again["remarks"] if "is new: no agreement" in one]
    assert mei.refused("/checklists/supplier-selection/apply", {}) == (422, "form-refused")


def test_a_viewer_applies_nothing(amara, agreement):
    assert amara.refused("/checklists/nda-onboarding/apply", {"agreement_id": agreement["id"]}) == (403, "forbidden")
    assert amara.refused("/checklists/nda-onboarding/apply", {"counterparty": "New"}) == (403, "forbidden")
    assert amara.refused("/exit-plans", {"agreement_id": agreement["id"]}) == (403, "forbidden")
    assert amara.refused("/playbooks/apply", {"text": LOUDER}) == (403, "forbidden")


def test_what_is_wrong_with_a_playbook_is_told_by_line_and_column(mei):
    answer = mei.post("/playbooks/check", {"text": "playbook: mine\nladder: [{at: soon}]\n"}).json()
    assert faults(answer) == []
    assert [one["place"].partition(":")[0] for one in answer["items"] if not one["is_warning"]] != []
    refused = mei.post("/playbooks/plan", {"text": "playbook: mine\nladder: [{at: soon}]\n"})
    assert (refused.status_code, refused.json()["code"]) == (422, "yaml-refused")
    assert refused.json()["errors"][0]["pointer"].startswith("2:")


def test_a_plan_says_each_step_and_applying_it_wants_the_same_plan(mei):
    plan = mei.post("/playbooks/plan", {"text": LOUDER}).json()
    assert faults(plan) == []
    (one,) = plan["items"]
    assert one["changes"]
    assert mei.item("/playbooks/nda")["version"] == 1
    other = mei.refused("/playbooks/apply", {"text": LOUDER, "expect": "0" * 64, "sure": True})
    assert other == (409, "other-plan")
    tried = mei.post("/playbooks/apply?dry_run=true", {"text": LOUDER, "expect": one["digest"], "sure": True}).json()
    assert (faults(tried), tried["is_dry_run"], tried["items"][0]["is_proposed"]) == ([], True, False)
    assert mei.item("/playbooks/nda")["version"] == 1
    done = mei.post("/playbooks/apply", {"text": LOUDER, "expect": one["digest"], "sure": True})
    assert done.status_code == 200, done.text
    assert mei.item("/playbooks/nda")["version"] == 2
    assert mei.item("/playbooks/nda/versions/2")["name"] == "nda"


def test_a_plan_says_nothing_of_what_its_reader_does_not_see(site, mei):
    made = restricted(mei, "SECRET-PLAN-1", "olga@hallingdal.example;mei@hallingdal.example")
    text = "playbook: default\nladder:\n  - {at: -45d, steps: [{ask: owner}]}\n"
    mine, theirs = (
        Program(site, name).post("/playbooks/plan", {"text": text}).json()["items"][0] for name in ("Mei", "Henrik")
    )
    assert made["reference"] in {one["reference"] for one in mine["changes"]}
    assert made["reference"] not in {one["reference"] for one in theirs["changes"]}
    assert mine["digest"] == theirs["digest"]


def test_an_exit_is_planned_tried_started_and_stopped(mei, agreement):
    path, said = f"/exit-plans/{agreement['id']}", {"template": "exit-bpo", "exit_on": "2028-12-31"}
    assert mei.get(path).status_code == 404
    assert mei.refused(f"{path}/start", {"because": "They are insolvent"}) == (404, "no-exit-plan")
    tried = mei.done("/exit-plans?dry_run=true", {"agreement_id": agreement["id"], **said}, 201)
    assert (tried["is_dry_run"], mei.get(path).status_code) == (True, 404)
    made = mei.post("/exit-plans", {"agreement_id": agreement["id"], **said})
    assert (made.status_code, faults(made.json())) == (201, [])
    assert mei.refused("/exit-plans", {"agreement_id": agreement["id"], **said}) == (409, "already-there")
    assert mei.done(f"{path}/amend", said | {"exit_on": "2028-06-30"})["exit_on"] == "2028-06-30"
    started = mei.done(f"{path}/start", {"because": "They are insolvent", "stressed": True})
    assert (started["state"], started["kind"]) == ("started", "stressed")
    assert started["deadlines"]["new"] == len(started["steps"])
    assert agreement["id"] in {one["id"] for one in mei.items("/exit-plans")}
    assert mei.done(f"{path}/stop", {"because": "They were bought"})["state"] == "planned"
    assert faults(mei.get(path).json()) == []


def test_a_test_of_an_exit_is_either_to_come_or_was_held(mei, agreement):
    path = f"/exit-plans/{agreement['id']}"
    mei.done("/exit-plans", {"agreement_id": agreement["id"], "exit_on": "2028-12-31"}, 201)
    assert mei.refused(f"{path}/test", {}) == (422, "form-refused")
    assert mei.refused(f"{path}/test", {"due_on": "2027-03-01", "result": "Held"}) == (422, "form-refused")
    (test,) = mei.done(f"{path}/test", {"due_on": "2027-03-01"})["tests"]
    assert (test["due_on"], test["held_on"]) == ("2027-03-01", None)
    shown = {"result": "Keys were missing", "on": "2026-11-20"}
    assert mei.refused(f"{path}/test", shown) == (422, "refused")
    held = mei.done(f"{path}/test", shown | {"remedy_by_on": "2027-01-29", "retest_by_on": "2027-02-26"})["tests"]
    assert [(one["due_on"], one["held_on"], one["is_passed"], one["result"]) for one in held] == [
        ("2027-03-01", "2026-11-20", False, "Keys were missing"),
        ("2027-02-26", None, None, None),
    ]
    due = mei.items(f"/deadlines?search={agreement['reference']}&kind=finding")
    assert [one["safe_on"] for one in due] == ["2027-01-29"]


def test_a_deadline_that_is_a_test_is_done_when_it_is_said_what_it_has_shown(mei, agreement):
    mei.done("/exit-plans", {"agreement_id": agreement["id"], "exit_on": "2028-12-31"}, 201)
    mei.done(f"/exit-plans/{agreement['id']}/test", {"due_on": "2027-03-01"})
    (test,) = mei.items(f"/deadlines?search={agreement['reference']}&kind=exit-test")
    path, said = f"/deadlines/{test['id']}/done", {"evidence": "The minutes"}
    assert mei.refused(path, said) == (422, "answer-refused")
    assert mei.refused(path, said | {"result": "failed"}) == (422, "field-refused")
    assert mei.refused(path, said | {"remedy_by_on": "2027-01-29"}) == (422, "field-refused")
    told = mei.done(path, said | {"result": "failed", "remedy_by_on": "2027-01-29"})
    assert told["deadline"]["state"] == "done"
    (finding,) = mei.items(f"/deadlines?search={agreement['reference']}&kind=finding")
    assert (finding["safe_on"], finding["owner"]) == ("2027-01-29", test["owner"])
