"""``longstop person``: who is there, and what they may."""

import json

import pytest


def person(longstop, name):
    return next(one for one in longstop("person", "list", "--json").items if one["email"] == f"{name}@example.com")


def test_everybody_is_listed_by_address(longstop):
    found = longstop("person", "list", "--json").items
    assert [one["name"] for one in found] == ["Ada", "Ben", "Leo", "Mia", "Olga"]
    assert person(longstop, "olga")["manager"] == "mia@example.com"
    assert [line.split()[0] for line in longstop("person", "list").lines[1:]] == [one["email"] for one in found]


def test_nobody_is_known_at_first(empty):
    assert "Nobody is known yet" in empty("person", "list").out
    assert empty("person", "list", "--json").items == []


def test_somebody_new_has_all_that_was_said(longstop):
    longstop("person", "add", "Zoe@Example.com", "--name", "Zoe", "--role", "contributor", "--manager",
             "mia@example.com", "--team", "it", "--team", "audit", "--time-zone", "Asia/Tokyo")  # fmt: skip
    found = next(one for one in longstop("person", "list", "--json").items if one["name"] == "Zoe")
    assert (found["role"], found["manager"], sorted(found["teams"]), found["time_zone"], found["is_disabled"]) == (
        "contributor", "mia@example.com", ["audit", "it"], "Asia/Tokyo", False
    )  # fmt: skip


def test_who_has_no_role_is_a_viewer_and_it_is_said_what_that_means(longstop):
    told = longstop("person", "add", "zoe@example.com")
    assert told.out == "zoe@example.com added: viewer.\n"
    assert "A viewer reads, and answers what they are asked." in told.err
    assert "longstop person role zoe@example.com contributor" in told.err
    longstop("person", "role", "zoe@example.com", "contributor")
    assert longstop("person", "add", "zoe@example.com", "--team", "it", "--change").err == ""
    assert longstop("person", "add", "yan@example.com", "--role", "viewer").err == ""


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("x@example.com", "--time-zone", "Europe/Berln"), "--time-zone: there is no 'Europe/Berln'."),
        (("x@example.com", "--send-at", "25:00"), "--send-at: '25:00' is no hour."),
        (("nonsense",), "EMAIL: 'nonsense' is no mail address."),
    ],
)
def test_what_is_no_value_is_told_with_its_place(longstop, words, place):
    assert longstop("person", "add", *words, "--json", expect=2).document["detail"] == place


def test_a_change_keeps_what_is_not_said(longstop):
    longstop("person", "add", "olga@example.com", "--team", "it", "--change")
    found = person(longstop, "olga")
    assert (found["name"], found["manager"], found["teams"]) == ("Olga", "mia@example.com", ["it"])


def test_nobody_is_there_twice(longstop):
    told = longstop("person", "add", "OLGA@example.com", "--json", expect=4).document
    assert told["code"] == "already-there"


@pytest.mark.parametrize(
    "words",
    [
        ("nobody",),
        ("a@b@c",),
        ("x@example.com", "--role", "king"),
        ("x@example.com", "--time-zone", "Mars/Olympus"),
        ("x@example.com", "--send-at", "25:00"),
    ],
)
def test_what_cannot_be_is_wrong_usage(longstop, words):
    longstop("person", "add", *words, expect=2)
    assert len(longstop("person", "list", "--json").items) == 5


def test_a_manager_who_is_not_there_is_not_found(longstop):
    longstop("person", "add", "x@example.com", "--manager", "nobody@example.com", expect=3)


def test_a_role_changes_what_somebody_may(longstop):
    longstop.agreement()
    longstop("waive", "ACME-7", "notice", "--because", "x", "--as", "olga@example.com", expect=4)
    longstop("person", "role", "olga@example.com", "legal")
    longstop("waive", "ACME-7", "notice", "--because", "x", "--as", "olga@example.com")


def test_the_last_admin_stays(longstop):
    for words in (("role", "ada@example.com", "viewer"), ("disable", "ada@example.com")):
        assert longstop("person", *words, "--json", expect=4).document["code"] == "last-admin"
    longstop("person", "role", "leo@example.com", "admin")
    longstop("person", "role", "ada@example.com", "viewer")
    assert person(longstop, "ada")["role"] == "viewer"


def test_somebody_who_owns_agreements_leaves_only_with_a_yes(longstop):
    longstop.agreement()
    told = longstop("person", "disable", "olga@example.com", "--json", expect=2).document
    assert "Olga owns 1 agreement. Without --to EMAIL nobody will" in told["detail"]
    assert person(longstop, "olga")["is_disabled"] is False
    longstop("person", "disable", "olga@example.com", "--yes")
    assert person(longstop, "olga")["is_disabled"] is True


def test_what_somebody_owned_who_leaves_is_handed_over_in_the_same_step(longstop):
    longstop.agreement()
    longstop.agreement("BETA-2")
    longstop("person", "disable", "olga@example.com", "--to", "olga@example.com", expect=4)
    assert person(longstop, "olga")["is_disabled"] is False
    longstop("person", "disable", "olga@example.com", "--to", "mia@example.com")
    owners = {one["reference"]: one["owner"]["name"] for one in longstop("agreement", "list", "--json").items}
    assert owners == {"ACME-7": "Mia", "BETA-2": "Mia"}
    assert person(longstop, "olga")["is_disabled"] is True


def test_whoever_takes_over_has_all_of_it_and_it_is_said_what_that_is(longstop):
    longstop.agreement()
    longstop.agreement("BETA-2", owner="ben@example.com")
    longstop("obligation", "add", "BETA-2", "--kind", "training", "--name", "Handbook", "--due", "2027-03-01",
             "--every", "1 year", "--owner", "olga@example.com")  # fmt: skip
    longstop("assign", "BETA-2", "notice", "--to", "olga@example.com")
    to_leo = ("person", "disable", "olga@example.com", "--to", "leo@example.com")
    tried = longstop(*to_leo, "--dry-run", "--json").item
    assert tried["handed_over"] == {
        "agreements": 1, "backups": 0, "duties": 1, "deadlines": 1, "assets": 0, "absences": 0, "people": 0
    }  # fmt: skip
    told = longstop(*to_leo)
    assert told.lines[-1] == "Handed over to Leo: 1 agreement, 1 duty, 1 assigned deadline."
    assert told.err == ""
    owners = {
        one["owner"]["name"] for one in longstop("deadlines", "kind:training", "--within", "800d", "--json").items
    }
    assert owners == {"Leo"}


def test_an_owner_who_has_left_is_said_to_have_left(longstop):
    longstop.agreement()
    longstop("person", "disable", "olga@example.com", "--yes")
    assert "Olga (has left)" in longstop("agreement", "list").out
    assert "Olga <olga@example.com> (has left)" in longstop("agreement", "show", "ACME-7").out
    assert longstop("agreement", "show", "ACME-7", "--json").item["owner"]["has_left"] is True


def test_deadlines_for_which_nobody_answers_any_more_are_told_when_somebody_leaves(longstop):
    longstop.agreement(owner="ben@example.com")
    longstop("assign", "ACME-7", "notice", "--to", "olga@example.com")
    told = longstop("person", "disable", "olga@example.com").err
    assert told == "Nobody answers now for 1 open deadline of Olga: `longstop deadlines owner:nobody`.\n"
    [found] = longstop("deadlines", "owner:nobody", "--json").items
    assert (found["reference"], found["kind"]) == ("ACME-7", "notice")
    longstop.agreement("BETA-2", owner="mia@example.com")
    assert longstop("person", "disable", "mia@example.com", "--to", "ben@example.com").err == ""


def test_who_comes_back_is_there_again_and_owns_what_nobody_else_does_by_now(longstop):
    longstop.agreement()
    longstop("person", "disable", "olga@example.com", "--yes")
    longstop("person", "enable", "olga@example.com", "--as", "mia@example.com", expect=4)
    longstop("person", "enable", "olga@example.com")
    assert person(longstop, "olga")["is_disabled"] is False
    listed = longstop("deadlines", "--within", "400d", "--json").items
    assert {one["owner"]["name"] for one in listed} == {"Olga"}


def test_who_has_left_acts_no_more_and_is_given_nothing(longstop):
    longstop.agreement(owner="ben@example.com")
    longstop("person", "disable", "leo@example.com")
    longstop("waive", "ACME-7", "notice", "--because", "x", "--as", "leo@example.com", expect=4)
    told = longstop("assign", "ACME-7", "notice", "--to", "leo@example.com", "--json", expect=4).document
    assert told["code"] == "person-left"


def test_only_admins_may(longstop):
    for words in (("add", "x@example.com"), ("role", "ben@example.com", "admin"), ("disable", "ben@example.com")):
        longstop("person", *words, "--as", "leo@example.com", expect=4)
    longstop("person", "add", "x@example.com", "--as", "ada@example.com")


def test_a_trial_keeps_nothing(longstop):
    told = longstop("person", "add", "x@example.com", "--dry-run", "--json").item
    assert (told["email"], told["is_dry_run"]) == ("x@example.com", True)
    assert len(longstop("person", "list", "--json").items) == 5


def test_digests_and_invitations_are_switched_off_and_on_again(longstop):
    def wishes() -> tuple[bool, bool]:
        ((doc,),) = longstop.sql("SELECT doc FROM people WHERE email = 'olga@example.com'")
        said = json.loads(doc)
        return said["digests"], said["invitations"]

    longstop("person", "add", "olga@example.com", "--no-digests", "--no-invitations", "--change")
    assert wishes() == (False, False)
    longstop("person", "add", "olga@example.com", "--digests", "--change")
    assert wishes() == (True, False)
    assert person(longstop, "olga")["manager"] == "mia@example.com"
