"""The programming interface as a program meets it: tokens, documents, changes that act once, errors with a remedy."""

import pytest

from engine.digests import digest_of
from tests.support.program import Program
from tests.support.schemas import faults
from tests.support.site import Site

MEDIA = "application/problem+json"


@pytest.fixture(scope="module")
def site():
    made = Site()
    yield made
    made.close()


@pytest.fixture(scope="module")
def mei(site):
    return Program(site, "Mei")


def first(program, path):
    return program.get(path).json()["items"][0]


def test_deadlines_have_the_keys_of_the_command_line(mei):
    answer = mei.get("/deadlines?limit=200")
    assert answer.status_code == 200
    document = answer.json()
    assert document["items"]
    assert faults({name: value for name, value in document.items() if name != "next_cursor"}) == []


def test_a_list_goes_on_where_it_ended_and_ends(mei):
    whole = [one["id"] for one in mei.get("/deadlines?limit=200").json()["items"]]
    found, path = [], "/api/v1/deadlines?limit=7"
    while path:
        answer = mei.http.get(path)
        found += [one["id"] for one in answer.json()["items"]]
        link = answer.headers.get("link", "")
        path = link.partition(">")[0].removeprefix("<")
    assert found[: len(whole)] == whole
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("path", ["agreements", "obligations", "disclosures"])
def test_words_about_deadlines_choose_no_agreements_and_are_refused(mei, path):
    answer = mei.get(f"/{path}?search=acme+is:overdue+due:<30d")
    told = ("is:overdue, due:<30d are about deadlines, not about agreements.", "Ask the list of deadlines.")
    assert (answer.status_code, answer.json()["detail"], answer.json()["remedy"]) == (422, *told)
    assert mei.get(f"/{path}?search=type:msa").status_code == 200


def test_what_has_not_changed_is_not_sent_again(mei):
    answer = mei.get("/agreements")
    again = mei.get("/agreements", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_head_says_what_get_would_say_without_its_body(mei):
    got, headed = mei.get("/deadlines"), mei.http.head("/api/v1/deadlines")
    assert headed.status_code == 200
    assert headed.headers["etag"] == got.headers["etag"]


def test_a_derivation_is_what_explain_tells(mei):
    one = first(mei, "/deadlines")
    document = mei.get(f"/deadlines/{one['id']}/derivation").json()
    assert document["schema"] == "longstop/explain/1"
    assert document["item"]["steps"]
    assert faults(document) == []


@pytest.mark.parametrize(
    ("until", "told"), [("2026-11-22", "22 Nov 2026 is over."), ("2029-01-01", "1 Jan 2029 is too far ahead.")]
)
def test_a_forecast_reaches_from_today_to_two_years_ahead(mei, until, told):
    answer = mei.get(f"/forecast?until_on={until}")
    assert (answer.status_code, answer.json()["detail"]) == (422, told)


def test_a_forecast_of_a_deadline_tells_of_it_alone(mei):
    one = next(one for one in mei.get("/deadlines").json()["items"] if (one["next_step_at"] or "9") < "2026-12")
    told = mei.get(f"/deadlines/{one['id']}/forecast").json()["items"]
    assert told
    assert all(one["id"] in [each["milestone_id"], *(m["milestone_id"] for m in each["members"])] for each in told)


def test_an_answer_moves_the_deadline_and_says_so(mei):
    one = next(one for one in mei.get("/deadlines").json()["items"] if one["state"] == "open")
    tried = mei.post(f"/deadlines/{one['id']}/ack?dry_run=true", {"revision": one["revision"]})
    assert tried.json()["item"]["deadline"]["state"] == "acknowledged"
    assert mei.get(f"/deadlines/{one['id']}").json()["item"]["state"] == "open"
    done = mei.post(f"/deadlines/{one['id']}/ack", {"revision": one["revision"]})
    assert (done.json()["item"]["result"], done.json()["item"]["is_dry_run"]) == ("applied", False)
    assert faults(done.json()) == []
    assert mei.get(f"/deadlines/{one['id']}").json()["item"]["acknowledged"]["by"]


def test_an_answer_to_a_day_that_has_moved_changes_nothing(mei):
    one = first(mei, "/deadlines")
    answer = mei.post(f"/deadlines/{one['id']}/waive", {"because": "Certified", "revision": one["revision"] + 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "stale-milestone")
    assert answer.json()["present"]["revision"] == one["revision"]
    assert mei.get(f"/deadlines/{one['id']}").json()["item"]["state"] == one["state"]


def test_the_same_key_acts_once_and_is_answered_the_same(mei):
    said = {"fields": {"reference": "API-1", "counterparty": "Acme Labs", "effective_on": "2026-01-01"}}
    one = mei.post("/agreements", said, idempotency_key="k-1")
    two = mei.post("/agreements", said, idempotency_key="k-1")
    assert (one.status_code, two.status_code) == (201, 201)
    assert one.content == two.content
    assert (one.headers.get("idempotent-replayed"), two.headers["idempotent-replayed"]) == (None, "true")
    other = mei.post("/agreements", {"fields": {"reference": "API-2", "counterparty": "x"}}, idempotency_key="k-1")
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    assert mei.post("/agreements", said).json()["code"] == "already-there"


def test_a_key_is_free_again_where_nothing_was_done(mei):
    wrong = mei.post("/agreements", {"fields": {"reference": "API-9"}}, idempotency_key="k-9")
    assert wrong.status_code == 422
    right = {"fields": {"reference": "API-9", "counterparty": "Nine"}}
    assert mei.post("/agreements", right, idempotency_key="k-9").status_code == 201


def test_an_amendment_says_which_version_it_amends(mei):
    made = mei.post("/agreements", {"fields": {"reference": "API-3", "counterparty": "Three"}}).json()["item"]
    path, said = f"/agreements/{made['id']}/amend", {"fields": {"title": "Third"}, "because": "Named"}
    assert mei.post(path, said).status_code == 428
    etag = mei.get(f"/agreements/{made['id']}").headers["etag"]
    done = mei.post(path, said, if_match=etag)
    assert (done.status_code, done.json()["item"]["title"]) == (200, "Third")
    stale = mei.post(path, said, if_match=etag)
    assert (stale.status_code, stale.json()["present"]["title"]) == (412, "Third")


def test_notice_to_set_days_has_a_deadline_for_each(mei):
    fields = {
        "reference": "API-5", "counterparty": "Five", "effective_on": "2024-01-15", "last_on": "perpetual",
        "notice_period": "3 months", "notice_ends": "half-year-end", "owner": "mei@hallingdal.example",
        "earliest_end_on": "2027-12-31",
    }  # fmt: skip
    made = mei.post("/agreements", {"fields": fields}).json()["item"]
    provided = mei.item(f"/agreements/{made['id']}")["provisions"]
    told = "3 months of notice, to the end of a half-year, not before 31 Dec 2027"
    assert provided["for_convenience"].endswith(told)
    found = mei.get("/deadlines?search=API-5&limit=200").json()["items"]
    assert [(one["kind"], one["cycle"]) for one in found][:2] == [("leaving", "2027-12-31"), ("leaving", "2028-06-30")]
    told = mei.get(f"/deadlines/{found[0]['id']}/derivation").json()
    assert faults(told) == []


def test_null_clears_a_fact_and_what_is_left_out_stays(mei):
    fields = {"reference": "API-4", "counterparty": "Four", "title": "T", "note": "N"}
    made = mei.post("/agreements", {"fields": fields}).json()["item"]
    said = {"fields": {"note": None}, "because": "Not so"}
    mei.post(f"/agreements/{made['id']}/amend", said, if_match="*")
    now = mei.get(f"/agreements/{made['id']}").json()
    assert (now["item"]["title"], now["item"]["note"]) == ("T", None)
    assert faults(now) == []


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nothing", 404, "not-found"),
        ("/deadlines/none", 404, "not-found"),
        ("/deadlines?limit=0", 422, "invalid"),
        ("/deadlines?search=foo:bar", 422, "usage"),
        ("/deadlines?cursor=%C3", 422, "usage"),
    ],
)
def test_errors_are_problems_with_a_page_of_their_own(mei, path, status, code):
    answer = mei.get(path)
    assert (answer.status_code, answer.headers["content-type"], answer.json()["code"]) == (status, MEDIA, code)
    assert faults(answer.json()) == []
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert mei.http.get(answer.json()["type"], headers={"accept": "text/html"}).status_code == 200


def test_a_field_that_is_not_documented_is_named(mei):
    answer = mei.post("/agreements", {"fields": {"reference": "API-5", "counterparty": "x", "ownr": "y"}})
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/fields/ownr"]


def test_what_is_wrong_is_named_by_where_it_stands_in_the_body_with_what_to_do(mei):
    columns = {"reference": "API-6", "counterparty": "x", "effective_on": "03/04/2026", "notice_period": "60"}
    told = mei.post("/agreements", {"fields": columns}).json()["errors"]
    assert [(one["pointer"], one["code"]) for one in told] == [
        ("/fields/effective_on", "ambiguous_day"), ("/fields/notice_period", "unit_missing"),
    ]  # fmt: skip
    known = first(mei, "/agreements")["id"]
    said = {"fields": {"owner": "nobody@example.com"}, "because": "x"}
    told = mei.post(f"/agreements/{known}/amend", said, if_match="*").json()["errors"]
    assert [one["pointer"] for one in told] == ["/fields/owner"]
    told = mei.post(f"/agreements/{known}/restrict", {"restricted_to": "nobody@example.com", "because": "x"})
    assert [one["pointer"] for one in told.json()["errors"]] == ["/restricted_to"]
    deadline = f"/deadlines/{first(mei, '/deadlines')['id']}"
    (told,) = mei.post(f"{deadline}/done", {"evidence": "x", "on": "2027-01-01"}).json()["errors"]
    assert (told["pointer"], told["message"]) == ("/on", "That day has not come yet.")


def test_a_body_that_is_not_as_documented_is_told_what_is(mei):
    path = f"/deadlines/{first(mei, '/deadlines')['id']}"
    (choice,) = mei.post(f"{path}/decide", {"choice": "dance"}).json()["errors"]
    assert choice["allowed"] == ["renew", "let-lapse", "stop-renewal", "renegotiate", "terminate"]
    told = mei.post(f"{path}/snooze", {"til": "2026-12-01"}).json()["errors"]
    assert {one["pointer"]: one["remedy"] for one in told} == {
        "/until": "Add it.", "/til": "Take it out, or write its name as /api/docs has it.",
    }  # fmt: skip
    answer = mei.http.post(
        "/api/v1/agreements", content=b'{"fields": {"a": 1,,}}', headers={"content-type": "application/json"}
    )
    (broken,) = answer.json()["errors"]
    assert (broken["pointer"], broken["message"]) == ("", "It is no JSON from character 19 on.")


def test_an_amendment_that_changes_nothing_says_so_and_makes_no_version(mei):
    said = {"fields": {"reference": "API-7", "counterparty": "Acme Labs", "effective_on": "2026-01-01"}}
    known = mei.done("/agreements", said, 201)
    path, said = f"/agreements/{known['id']}/amend", {"fields": {"title": "Hosting"}, "because": "x"}
    version = f'"{known["version"]}"'
    amended = mei.done(path, said, if_match=version)
    assert (amended["result"], amended["version"]) == ("amended", known["version"] + 1)
    assert mei.refused(path, said, if_match=version) == (412, "stale-version")
    again = mei.done(path, said, if_match=f'"{amended["version"]}"')
    assert (again["result"], again["version"]) == ("unchanged", amended["version"])


def test_a_contributor_registers_what_they_own_or_back_and_is_told_so_otherwise(site):
    dana, mei = Program(site, "Dana"), "mei@hallingdal.example"
    said = {"reference": "API-8-OWN", "counterparty": "x"}
    for other in ({}, {"owner": mei}):
        refused = dana.post("/agreements", {"fields": said | other})
        told = "Name yourself as its owner or backup, or ask somebody who is legal or admin."
        assert (refused.status_code, refused.json()["remedy"]) == (403, told)
    dana.done("/agreements", {"fields": said | {"owner": mei, "backup": "dana@hallingdal.example"}}, 201)
    dana.done("/agreements", {"fields": said | {"reference": "API-9-OWN", "owner": "dana@hallingdal.example"}}, 201)


def test_of_a_body_full_of_errors_the_first_hundred_are_told(mei):
    answer = mei.post("/views", {f"field{number}": number for number in range(5000)})
    assert (answer.status_code, len(answer.json()["errors"]), len(answer.content) < 50_000) == (422, 100, True)


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [({"content-type": "text/plain"}, b"hello", 415), ({"content-type": "application/json"}, b"{", 422)],
)
def test_a_body_that_is_no_json_is_refused(mei, headers, content, status):
    answer = mei.http.post("/api/v1/agreements", content=content, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA)


def test_a_method_that_is_not_there_is_said_to_be(mei):
    answer = mei.http.delete("/api/v1/deadlines")
    assert (answer.status_code, answer.json()["code"], answer.headers["allow"]) == (405, "method-not-allowed", "GET")


def test_a_body_that_is_too_large_is_refused(mei):
    answer = mei.http.post("/api/v1/agreements", content=b" " * (22 << 20))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_without_a_token_nobody_is_told_anything(site):
    stranger = site.anybody().http
    answer = stranger.get("/api/v1/deadlines", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-needed")
    wrong = stranger.get("/api/v1/deadlines", headers={"authorization": "Bearer lst_nobody"})
    assert (wrong.status_code, wrong.headers["www-authenticate"]) == (401, "Bearer")


def test_a_token_does_what_it_is_for_and_no_more(site):
    reader = Program(site, "Mei", "read")
    one = first(reader, "/deadlines")
    assert reader.post(f"/deadlines/{one['id']}/ack").status_code == 403
    assert Program(site, "Mei", "metrics").get("/deadlines").status_code == 403


def test_a_token_has_the_rights_of_its_person(site):
    amara = Program(site, "Amara")
    assert amara.post("/agreements", {"fields": {"reference": "A-1", "counterparty": "x"}}).status_code == 403


def test_a_session_changes_something_only_from_our_own_pages(site):
    mei = site.as_("mei")
    one = mei.http.get("/api/v1/deadlines").json()["items"][0]
    path = f"/api/v1/deadlines/{one['id']}/ack?dry_run=true"
    assert mei.http.post(path).status_code == 403
    headers = {"sec-fetch-site": "same-origin", "x-form-token": mei.token()}
    assert mei.http.post(path, headers=headers).status_code == 200
    assert mei.http.post(path, headers=headers | {"sec-fetch-site": "cross-site"}).status_code == 403


def test_six_hundred_requests_a_minute_are_enough(site):
    eager = Program(site, "Tomas", "read")
    assert eager.get("/people/nobody").status_code == 404
    with site.look() as work:
        token = work.entering.token(digest_of(eager.token))
    name, now = f"{token.person_id}:{token.id}", site.monitor.clock.now()
    taken = [site.app.state.calls.take(name, now) for _ in range(600)]
    assert [bool(wait) for wait in taken] == [False] * 599 + [True], "the request was one"
    late = eager.get("/people/nobody")
    assert (late.status_code, late.json()["code"], late.headers["retry-after"]) == (429, "too-many-requests", "61")


def test_the_document_describes_what_is_there(mei):
    document = mei.http.get("/api/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert "/api/v1/deadlines/{deadline_id}/ack" in document["paths"]
    assert mei.http.get("/api/docs", headers={"accept": "text/html"}).status_code == 200
