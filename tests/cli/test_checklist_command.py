"""``longstop checklist``: named sets of obligations, laid over an agreement once."""

import pytest

MINE = """
checklist: goodbye
about: What we do when somebody leaves.
items:
  - {key: keys, name: Take the keys back, kind: return, due: 5bd after application}
  - {key: review, name: Look whether all is gone, kind: review, every: 1y, from: signed, owner: "role:legal"}
"""


def obligations(longstop, reference="NDA-1"):
    return {one["id"]: one for one in longstop("obligation", "list", reference, "--json").items}


@pytest.fixture
def nda(longstop):
    longstop("agreement", "add", "NDA-1", "--counterparty", "Acme", "--kind", "NDA", "--signed-on", "2026-02-02",
             "--effective-on", "2026-02-02", "--term", "3 years", "--renewal", "never", "--owner", "olga@example.com",
             "--backup", "ben@example.com")  # fmt: skip
    return longstop


@pytest.fixture
def own(monkeypatch, tmp_path):
    """A folder of playbooks with checklists of our own in it."""
    (tmp_path / "books" / "checklists").mkdir(parents=True)
    (tmp_path / "books" / "checklists" / "goodbye.yaml").write_text(MINE)
    monkeypatch.setenv("LONGSTOP_PLAYBOOK_DIR", str(tmp_path / "books"))


def test_those_that_ship_are_listed(longstop):
    found = longstop("checklist", "list", "--json").items
    assert [one["name"] for one in found] == [
        "exit-bpo",
        "ip-due-diligence",
        "nda-onboarding",
        "regulatory-review",
        "security-review",
        "supplier-selection",
        "training",
    ]
    assert all(one["about"] and one["items"] for one in found)
    assert [line.split()[0] for line in longstop("checklist", "list").lines] == [one["name"] for one in found]


@pytest.mark.usefixtures("own")
def test_those_of_our_own_stand_beside_them_and_playbooks_go_on(longstop):
    assert "goodbye" in [one["name"] for one in longstop("checklist", "list", "--json").items]
    longstop("playbook", "list")


def test_one_is_shown_item_by_item(longstop):
    shown = longstop("checklist", "show", "nda-onboarding", "--json").item
    assert shown["items"][0]["when"] == "5 business days after signed"
    assert "File the signed original" in longstop("checklist", "show", "nda-onboarding").out
    assert longstop("checklist", "show", "none", "--json", expect=3).document["code"] == "not-found"


def test_applied_it_gives_an_agreement_its_obligations_and_deadlines(nda):
    told = nda("checklist", "apply", "nda-onboarding", "NDA-1", "--json").item
    assert told["deadlines"]["new"] > 0
    shown = nda("checklist", "show", "nda-onboarding", "--json").item
    assert set(obligations(nda)) == {f"nda-onboarding.{one['key']}" for one in shown["items"]}
    assert {one["checklist"] for one in obligations(nda).values()} == {"nda-onboarding"}
    due = nda("deadlines", "--kind", "return", "--within", "60m", "--json").items
    assert [one["safe_on"] for one in due] == ["2029-03-02"]  # 30 days after the last day, a Thursday; a Friday


def test_an_item_is_not_verified_because_no_document_states_its_day(nda):
    nda("checklist", "apply", "nda-onboarding", "NDA-1")
    told = nda("verify", "NDA-1", "return", "--json", expect=4).document
    assert (told["code"], "no document states it" in told["detail"]) == ("answer-refused", True)


def test_twice_is_once(nda):
    nda("checklist", "apply", "nda-onboarding", "NDA-1")
    before = obligations(nda)
    said = nda("checklist", "apply", "nda-onboarding", "NDA-1").out
    assert "0 obligations are new." in said
    assert "Nothing is new. A new round begins when this is owed no more: " in said
    assert obligations(nda) == before


@pytest.mark.usefixtures("own")
def test_laid_again_after_it_was_done_it_comes_anew_and_what_recurs_does_not(nda):
    nda("checklist", "apply", "goodbye", "NDA-1")
    nda("done", "NDA-1", "return", "--evidence", "three keys")
    told = nda("checklist", "apply", "goodbye", "NDA-1", "--from", "2027-06-01", "--json").item
    assert told["remarks"] == ["Round 2 of it begins."]
    assert set(obligations(nda)) == {"goodbye.keys", "goodbye.review", "goodbye.keys.2"}
    [due] = nda("deadlines", "--kind", "return", "--within", "60m", "--json").items
    assert due["safe_on"] == "2027-06-08"
    nda("done", "NDA-1", "return", "--evidence", "none were given")
    nda("obligation", "end", "NDA-1", "goodbye.review", "--because", "nobody is left")
    again = nda("checklist", "apply", "goodbye", "NDA-1", "--json").item
    assert again["remarks"] == ["Round 3 of it begins."]
    assert {"goodbye.keys.3", "goodbye.review.3"} < set(obligations(nda))


@pytest.mark.usefixtures("own")
def test_days_count_from_the_day_of_application(nda):
    nda("checklist", "apply", "goodbye", "NDA-1", "--from", "2027-03-01")
    [due] = nda("deadlines", "--kind", "return", "--within", "60m", "--json").items
    assert due["safe_on"] == "2027-03-08"


@pytest.mark.usefixtures("own")
def test_an_item_for_legal_goes_to_the_one_who_is(nda):
    nda("checklist", "apply", "goodbye", "NDA-1")
    assert obligations(nda)["goodbye.review"]["owner"]["email"] == "leo@example.com"
    assert obligations(nda)["goodbye.keys"]["owner"] is None


@pytest.mark.usefixtures("own")
def test_what_recurs_from_a_day_that_is_not_known_waits_and_says_so(longstop):
    longstop("agreement", "add", "DRAFT-1", "--counterparty", "Acme", "--kind", "NDA")
    assert "waits for a day that is not known." in longstop("checklist", "apply", "goodbye", "DRAFT-1").out
    assert set(obligations(longstop, "DRAFT-1")) == {"goodbye.keys"}


def test_a_trial_keeps_nothing(nda):
    assert nda("checklist", "apply", "nda-onboarding", "NDA-1", "--dry-run", "--json").item["is_dry_run"] is True
    assert obligations(nda) == {}


def test_owners_may_and_others_may_not(nda):
    nda("person", "role", "olga@example.com", "contributor")
    nda("checklist", "apply", "nda-onboarding", "NDA-1", "--as", "mia@example.com", expect=4)
    nda("checklist", "apply", "nda-onboarding", "NDA-1", "--as", "olga@example.com")


def test_what_is_not_there_is_not_found(nda):
    nda("checklist", "apply", "none", "NDA-1", expect=3)
    nda("checklist", "apply", "nda-onboarding", "NDA-2", expect=3)
    nda("checklist", "apply", "nda-onboarding", "NDA-1", "--from", "soon", expect=2)


def test_a_counterparty_without_an_agreement_holds_what_is_owed_before_there_is_one(nda):
    told = nda("checklist", "apply", "supplier-selection", "--counterparty", "Nova Labs", "--json").item
    assert told["reference"] == "Counterparty: Nova Labs"
    again = nda("checklist", "apply", "training", "--counterparty", "nova labs", "--json").item
    assert again["reference"] == told["reference"]
    due = nda("deadlines", "Counterparty", "--within", "2y", "--json").items
    assert {one["kind"] for one in due} >= {"due-diligence", "certificate", "training"}
    answer = nda("agreement", "amend", told["reference"], "--set", "note=Asked for", "--because", "it was")
    assert answer.lines == [
        "Counterparty: Nova Labs amended: draft. No deadline changed."
    ]  # an agreement lacks its day
    assert nda("checklist", "apply", "training", expect=2).err
    assert nda("checklist", "apply", "training", "NDA-1", "--counterparty", "Nova Labs", expect=2).err


def test_a_counterparty_in_an_agreements_place_is_told_what_to_say(nda):
    refused = nda("checklist", "apply", "supplier-selection", "acme", expect=2).err
    assert "acme is a counterparty, and no agreement." in refused
    assert "--counterparty acme" in refused


def test_a_counterparty_that_nobody_knows_is_said_to_be_new(nda):
    told = nda("checklist", "apply", "supplier-selection", "--counterparty", "Acme GmbH", "--json").item
    assert told["remarks"][0] == "Acme GmbH is new: no agreement is with it. Known already: Acme."
    again = nda("checklist", "apply", "training", "--counterparty", "Acme GmbH", "--json").item
    assert again["remarks"] == ["Nobody answers for it: name an owner."]
    owned = nda("checklist", "apply", "training", "--counterparty", "Acme", "--as", "leo@example.com", "--json").item
    assert owned["remarks"] == []


def test_whoever_may_add_agreements_of_their_own_lays_checklists_over_counterparties(nda):
    """As on the page: what comes is theirs; what is somebody else's, and whoever only reads, is refused."""
    nda("person", "add", "nina@example.com", "--name", "Nina", "--role", "contributor")
    nda("person", "add", "otto@example.com", "--name", "Otto", "--role", "contributor")
    lay = ("checklist", "apply", "training", "--counterparty", "Vega Ltd", "--json", "--as")
    assert nda(*lay, "nina@example.com").item["owner"]["email"] == "nina@example.com"
    for name in ("otto", "olga"):  # it is not Otto's; Olga only reads
        assert "may not add or change agreements" in nda(*lay, f"{name}@example.com", expect=4).out
