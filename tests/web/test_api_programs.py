"""Webhooks, hooks and calls that wait, by the programming interface; an admin's alone."""

import pytest

from cli import bootstrap
from cli.webhooks import HouseWebhooks
from engine.incidents import open_incident
from engine.incoming.hearing import Heard
from engine.incoming.inbox import Kept
from lifecycle.events import Actor
from lifecycle.hooks import Hook, HookOperation, Scheme
from store.codec import dumps
from store.inbox import InboxRow
from tests.support.program import Program
from tests.support.schemas import faults
from tests.support.site import Site
from web.frame.operator import Operator

BODY = '{"document": "D-1", "signed": "2026-11-20"}'
DESK = Hook(
    name="desk",
    scheme=Scheme.HMAC,
    header="X-Sign",
    secrets=("a-secret-that-nobody-is-told",),
    operation=HookOperation.SIGN,
    fields={"reference": "/document", "signed_on": "/signed"},
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    settings = bootstrap.settings_of({"DATA_DIR": str(tmp_path_factory.mktemp("data")), "OUTGOING_ALLOW": "127.0.0.1"})
    operator = Operator(hooks=lambda: {"desk": DESK}, webhooks=HouseWebhooks(settings))
    made = Site(filled=False, operator=operator)
    with made.work() as work:
        for number in (1, 2):
            heard = Heard(hook="desk", operation=HookOperation.SIGN, body=BODY, why="It names no reference.")
            payload = dumps(Kept(Actor("hook:desk", "hook"), heard=heard))
            row = InboxRow(
                id=f"call{number}", dedupe_key=f"hook:desk:{number}", source="hook:desk", received_at=work.now,
                payload=payload,
            )  # fmt: skip
            work.inbox.take(row)
    yield made
    made.close()


@pytest.fixture(scope="module")
def henrik(site):
    return Program(site, "Henrik")


@pytest.fixture(scope="module")
def mei(site):
    return Program(site, "Mei")


def test_a_webhook_is_made_turned_and_forgotten_and_its_key_is_told_once(henrik):
    said = {"name": "erp", "url": "http://127.0.0.1:9/in", "events": ["StepRaised"]}
    made = henrik.post("/webhooks", said, idempotency_key="erp-1")
    assert (made.status_code, faults(made.json())) == (201, [])
    assert made.json()["item"]["secret"].startswith("whsec_")
    assert henrik.post("/webhooks", said, idempotency_key="erp-1").json()["item"]["secret"] is None
    assert henrik.item("/webhooks/erp")["secret"] is None
    assert henrik.refused("/webhooks", said) == (409, "already-there")
    turned = henrik.done("/webhooks/erp/rotate")
    assert (turned["keys"], turned["secret"] == made.json()["item"]["secret"]) == (2, False)
    assert henrik.done("/webhooks/erp/rotate", {"drop_old": True})["keys"] == 1
    assert henrik.done("/webhooks/erp/on")["is_on"] is True
    henrik.done("/webhooks/erp/revoke?dry_run=true")
    assert [one["name"] for one in henrik.items("/webhooks")] == ["erp"]
    henrik.done("/webhooks/erp/revoke")
    assert henrik.items("/webhooks") == []
    assert henrik.refused("/webhooks/erp/rotate") == (404, "not-found")


@pytest.mark.parametrize(
    "said",
    [
        {"name": "x", "url": "https://10.0.0.1/in"},
        {"name": "x", "url": "http://["},
        {"name": "x", "url": "file:///etc/passwd"},
        {"name": "x", "url": "http://127.0.0.1:9/in", "events": ["Nothing"]},
        {"name": "../x", "url": "http://127.0.0.1:9/in"},
    ],
)
def test_what_is_never_called_is_refused_at_once(henrik, said):
    assert henrik.post("/webhooks", said).status_code == 422


def test_doors_are_told_without_their_secrets(henrik):
    (door,) = henrik.items("/hooks")
    assert (door["name"], door["address"], door["scheme"]) == ("desk", "https://longstop.example/hooks/desk", "hmac")
    assert "a-secret" not in henrik.get("/hooks/desk").text
    assert henrik.get("/hooks/none").status_code == 404


def test_a_call_that_waits_is_shown_done_anew_or_dropped(henrik, mei):
    mei.done("/agreements", {"fields": {"reference": "D-1", "counterparty": "Acme"}}, 201)
    listed, shown = henrik.get("/incoming").json(), henrik.get("/incoming/call1").json()
    assert faults({name: value for name, value in listed.items() if name != "next_cursor"}) == []
    assert (faults(shown), shown["item"]["body"]) == ([], BODY)
    tried = henrik.post("/incoming/call1/retry?dry_run=true").json()
    assert (faults(tried), tried["item"]["result"]) == ([], "applied")
    assert henrik.done("/incoming/call1/retry")["said"] == "D-1 was signed on 2026-11-20."
    assert henrik.refused("/incoming/call1/retry") == (404, "not-found")
    assert henrik.done("/incoming/call2/drop", {"because": "A test"})["result"] == "noted"
    assert henrik.items("/incoming") == []


def test_an_incident_is_closed_with_a_reason(site, henrik):
    with site.work() as work:
        open_incident(work, kind="disk_full", subject="disk", text="The disk is nearly full.")
    (one,) = [one for one in henrik.items("/incidents") if one["kind"] == "disk_full"]
    assert henrik.done(f"/incidents/{one['id']}/close?dry_run=true", {"because": "Cleaned"})["closed_at"]
    assert henrik.item(f"/incidents/{one['id']}")["closed_at"] is None
    henrik.done(f"/incidents/{one['id']}/close", {"because": "Cleaned"})
    assert henrik.get(f"/incidents/{one['id']}").status_code == 404


def test_an_admin_takes_access_with_a_reason_and_a_trial_tells_nothing_of_the_agreement(henrik, mei):
    fields = {"reference": "CAGED-1", "counterparty": "Quiet AG", "restricted_to": "mei@hallingdal.example"}
    made = mei.done("/agreements", {"fields": fields}, 201)
    said = {"reference": "CAGED-1", "because": "The auditor asks for it"}
    tried = henrik.done("/agreements/access?dry_run=true", said)
    assert tried == {"agreement_id": made["id"], "reference": "CAGED-1", "result": "seen", "is_dry_run": True}
    assert henrik.get(f"/agreements/{made['id']}").status_code == 404
    henrik.done("/agreements/access", said)
    assert henrik.item(f"/agreements/{made['id']}")["counterparty"] == "Quiet AG"
    assert "AccessTaken" in {one["type"] for one in mei.items(f"/agreements/{made['id']}/events")}
    assert mei.refused("/agreements/access", said) == (403, "forbidden")


def test_who_has_left_can_be_here_again(site, henrik):
    lars = site.people["Lars"]
    assert henrik.done(f"/people/{lars}/end")["is_disabled"] is True
    assert henrik.done(f"/people/{lars}/return")["is_disabled"] is False


def test_the_address_of_a_list_of_things_to_do_is_told_once(mei):
    made = mei.post("/feeds", {"name": "Mine", "todo": True}, idempotency_key="feed-1").json()["item"]
    assert made["todo_url"] == f"{made['url'].removesuffix('.ics')}/todo.ics"
    again = mei.post("/feeds", {"name": "Mine", "todo": True}, idempotency_key="feed-1").json()["item"]
    assert (again["id"], again["url"], again["todo_url"]) == (made["id"], None, None)


def test_what_a_trial_would_open_is_not_told(site, henrik, mei):
    link = f"/people/{site.people['Lars']}/password-link?dry_run=true"
    token = {"scopes": ["read"], "expires_on": "2026-12-31"}
    hook = {"name": "tried", "url": "http://127.0.0.1:9/in"}
    feed = mei.done("/feeds?dry_run=true", {"todo": True}, 201)
    assert (feed["url"], feed["todo_url"]) == (None, None)
    assert henrik.done("/tokens?dry_run=true", token, 201)["token"] is None
    assert henrik.done("/webhooks?dry_run=true", hook, 201)["secret"] is None
    assert henrik.done(link, status=201)["link"] is None


def test_absences_have_one_shape_on_the_command_line_and_here(mei):
    lars, mei_s = "lars@hallingdal.example", "mei@hallingdal.example"
    said = {"person": mei_s, "delegate": lars, "from_on": "2026-12-21", "until_on": "2027-01-04"}
    made = mei.post("/absences", said)
    assert (made.status_code, faults(made.json())) == (201, [])
    listed = mei.get("/absences").json()
    assert faults(listed) == []
    assert listed["items"] == made.json()["item"]["absences"] != []
    ended = mei.post(f"/absences/{made.json()['item']['id']}/end").json()
    assert (faults(ended), ended["item"]["result"]) == ([], "back")
    again = mei.post(f"/absences/{made.json()['item']['id']}/end").json()
    assert (faults(again), again["item"]["result"]) == ([], "here already")


def test_nobody_but_an_admin_sees_or_changes_them(mei):
    assert [mei.get(path).status_code for path in ("/hooks", "/incoming", "/webhooks")] == [403, 403, 403]
    said = {"name": "mine", "url": "https://example.org/in"}
    assert mei.refused("/webhooks", said) == (403, "forbidden")
    assert mei.refused("/incoming/call1/drop", {"because": "Not mine"}) == (403, "forbidden")


def test_a_house_without_what_makes_keys_says_so():
    site = Site(filled=False)
    assert Program(site, "Henrik").refused("/webhooks", {"name": "erp", "url": "https://example.org"})[0] == 422
    site.close()


def test_a_file_of_hooks_that_cannot_be_read_is_said_to_be():
    def gone():
        raise OSError("no such file")

    site = Site(filled=False, operator=Operator(hooks=gone))
    answer = Program(site, "Henrik").get("/hooks")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "hooks-unread", "10")
    site.close()


AWAY = {"from_on": "2026-12-24", "until_on": "2026-12-31"}
MEI = "mei@hallingdal.example"


@pytest.mark.parametrize(
    ("path", "field", "said"),
    [
        ("/obligations", "owner", {"name": "Audit", "due_on": "2027-03-01"}),
        ("/absences", "delegate", {"person": MEI, **AWAY}),
        ("/absences", "person", {"delegate": MEI, **AWAY}),
        ("/people", "manager", {"email": "new@hallingdal.example"}),
        ("/tokens", "person", {"scopes": ["read"], "expires_on": "2026-12-24"}),
        ("/feeds/revoke-all", "person", {}),
        ("/disclosures", "asset_id", {"given_on": "2026-11-20"}),
        ("/exit-plans", "template", {"exit_on": "2028-12-31"}),
    ],
)
def test_what_a_body_names_and_is_not_there_is_told_at_its_member(henrik, path, field, said):
    if path in {"/obligations", "/disclosures", "/exit-plans"}:
        row = {"fields": {"reference": f"N-{field}", "counterparty": "Acme"}}
        said = {**said, "agreement_id": henrik.done("/agreements", row, 201)["id"]}
    answer = henrik.post(path, {**said, field: "nobody@hallingdal.example"})
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [f"/{field}"])


@pytest.mark.parametrize(
    "day", [0, 20261224, 1798070400, "1798070400", "0", True, 2026.5, "24.12.2026", "2026-12-24T10:00:00"]
)
def test_a_day_is_what_is_written_as_one_and_no_number_is(henrik, day):
    answer = henrik.post("/tokens?dry_run=true", {"scopes": ["read"], "expires_on": day})
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, ["/expires_on"])


def test_who_has_left_is_given_nothing_and_that_is_told_at_its_member(henrik):
    gone = henrik.done("/people", {"email": "gone@hallingdal.example", "name": "Gone"}, 201)
    henrik.done(f"/people/{gone['id']}/end")
    answer = henrik.post("/absences", {"person": MEI, "delegate": gone["email"], **AWAY})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, "/delegate")
    assert error["message"] == "Gone has left. Name somebody who is there."
