"""Exit plans on pages: what is critical and has none, what one comes to, and what is done with it."""

import re
from dataclasses import replace

import pytest

from config.checklists import load_checklists
from engine import operations as ops
from tests.support.agreements import agreement
from tests.support.site import Site, text_of

CANARY = "Zanzibar"


@pytest.fixture(scope="module")
def site():
    made = Site()
    with made.work() as work:
        known = work.agreements.find("NDA-014")
        secret = replace(known, id="", reference=f"{CANARY}-1", title=CANARY, tags=("critical",), exit=None)
        ops.register(work, replace(secret, restricted_to=(made.people["Sofia"],), owner_id=made.people["Sofia"]))
    yield made
    made.close()


def address(site, reference):
    with site.look() as work:
        return f"/exit-plans/{work.agreements.find(reference).id}"


def page(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200, text_of(answer)
    return text_of(answer)


def test_what_is_critical_and_has_no_plan_is_said_with_a_way_to_plan_it(site):
    seen = site.as_("henrik")
    told = page(seen, "/exit-plans")
    assert re.search(r"\d+ agreements tagged critical have no exit plan\.", told)
    assert "Plan MSA-031: Nimbus cloud hosting" in told
    assert CANARY not in told
    assert CANARY in page(site.as_("sofia"), "/exit-plans")
    assert seen.get(address(site, f"{CANARY}-1")).status_code == 404


def test_of_many_plans_fifty_are_listed_and_of_many_without_one_twelve_are_offered():
    site, template = Site(), next(one for one in load_checklists() if one.name == "exit-bpo")
    with site.work() as work:
        for number in range(60):
            known = ops.register(work, agreement(f"MANY-{number:02}", tags=("critical",)))
            if number % 20:
                ops.plan_exit(work, known, template)
    henrik = site.as_("henrik")
    first = henrik.get("/exit-plans")
    lacking, total = (
        int(re.search(wanted, text_of(first))[1]) for wanted in (r"(\d+) agreements tagged", r"1 to 50 of (\d+)")
    )
    second = henrik.get("/exit-plans?skip=50")
    listed = [re.findall(r'data-open href="/exit-plans/(\w+)"', one.text) for one in (first, second)]
    assert ([len(one) for one in listed], len({*listed[0], *listed[1]})) == ([50, total - 50], total)
    assert total >= 57
    assert first.text.count(">Plan ") == min(lacking, 12)
    site.close()


def test_a_trial_shows_the_plan_and_keeps_nothing(site):
    browser, path = site.as_("henrik"), address(site, "MSA-033")
    fields = {"template": "exit-bpo", "kind": "planned", "exit_on": ""}
    tried = text_of(browser.post(f"{path}/plan", on=path, **fields, **{"try": "1"}))
    assert "This is a trial: nothing is kept." in tried
    assert "Take over the services" in tried
    assert "No exit plan yet" in page(browser, path)


def test_a_plan_is_made_started_tested_and_stopped_and_its_page_says_how_it_stands(site):
    browser, path = site.as_("henrik"), address(site, "MSA-031")
    kept = browser.post(f"{path}/plan", on=path, template="exit-bpo", kind="planned", exit_on="")
    told = text_of(browser.followed(kept))
    assert "MSA-031" in page(browser, "/exit-plans")
    assert re.search(r"Start by .* notice only on .*: \d+ days short\.", told)
    assert "Name the exit team on both sides → List services" in told
    assert "The plan was never tested" in told
    browser.followed(browser.post(f"{path}/start", on=path, because="A better offer"))
    told = page(browser, path)
    assert "because A better offer" in told
    assert re.search(r"List services.*? waits \w+ \w+ Name the exit team on both sides", told, re.DOTALL)
    assert "Cannot be in time: " in told
    with site.look() as work:
        rows = {one.key.subject: one for one in work.milestones.of(path.rpartition("/")[2])}
    assert f'/deadlines/{rows["exit.team"].id}"' in browser.get(path).text
    refused = browser.post(f"{path}/test", on=path, result="No key", verdict="failed")
    assert (refused.status_code, "nobody knows by when" in text_of(refused)) == (422, True)
    days = {"remedy_by_on": "2027-01-29", "retest_by_on": "2027-02-26"}
    browser.followed(browser.post(f"{path}/test", on=path, result="No key", verdict="failed", **days))
    assert "not passed" in page(browser, path)
    found = page(browser, path.replace("exit-plans", "audits"))
    assert "failed: No key" in found
    assert "Fri 29 Jan 2027" in found
    history = page(browser, path.replace("exit-plans", "agreements") + "/history")
    assert "and did not hold: No key" in history
    browser.followed(browser.post(f"{path}/stop", on=path, because="They lowered the price"))
    assert "Start exit" in page(browser, path)


def test_a_refused_form_comes_back_filled_in(site):
    browser, path = site.as_("henrik"), address(site, "MSA-034")
    refused = browser.post(f"{path}/plan", on=path, template="exit-bpo", kind="stressed", exit_on="2020-01-31")
    assert refused.status_code == 422
    assert "The exit day 2020-01-31 is over." in text_of(refused)
    assert 'value="2020-01-31"' in refused.text
    nowhere = browser.post(f"{path}/start", on=path, because="x")
    assert (nowhere.status_code, "has no exit plan" in text_of(nowhere)) == (422, True)


def test_who_may_not_change_the_agreement_sees_the_plan_and_no_form(site):
    path = address(site, "MSA-035")
    browser = site.as_("amara")
    assert "<form method" not in browser.get(path).text.partition("<main")[2]
    assert browser.post(f"{path}/start", on="/me", because="x").status_code == 403
