"""``agreement`` and ``obligation``: facts in, and what they bring about."""

from inspect import signature

import pytest

from cli.commands.agreement_facts import add
from engine.intake.headers import AGREEMENT_FIELDS


@pytest.fixture
def acme(longstop):
    longstop.agreement()
    return longstop


def status(longstop, reference="ACME-7"):
    return longstop("agreement", "show", reference, "--json").item["status"]


def test_every_column_of_a_spreadsheet_can_be_said(acme):
    item = acme("agreement", "show", "ACME-7", "--json").item
    assert (item["counterparty"], item["kind"], item["effective_on"], item["last_on"]) == (
        "Acme Labs", "MSA", "2026-02-01", "2027-01-31",
    )  # fmt: skip


def test_each_column_of_a_spreadsheet_is_an_option():
    assert set(AGREEMENT_FIELDS) <= set(signature(add).parameters) | {"currency"}


def test_template_and_project_are_noted_and_said_beside_a_day(acme):
    told = ("--set", "template=Mutual NDA 3.2", "--set", "project=Falcon: wind tunnel data alone")
    acme("agreement", "amend", "ACME-7", *told, "--because", "the paper says so")
    shown = acme("agreement", "show", "ACME-7", "--json").item
    assert (shown["template"], shown["project"]) == ("Mutual NDA 3.2", "Falcon: wind tunnel data alone")
    words = acme("explain", "ACME-7", "notice").out
    assert "ACME-7 was drawn up from Mutual NDA 3.2." in words
    assert "Project: Falcon: wind tunnel data alone" in words
    assert acme("explain", "ACME-7", "notice", "--json").item["template"] == "Mutual NDA 3.2"


def test_a_file_says_the_same(longstop, tmp_path):
    file = tmp_path / "beta.yaml"
    file.write_text("counterparty: Beta\neffective_on: 2026-02-01\nterm: 2 years\nexit_plan: 3 months\n")
    longstop("agreement", "add", "BETA-1", "--from", file)
    assert longstop("agreement", "show", "BETA-1", "--json").item["exit_plan"] == "3m"


def test_a_file_with_a_key_that_nobody_knows_is_refused_at_its_place(longstop, tmp_path):
    file = tmp_path / "beta.yaml"
    file.write_text("counterparty: Beta\ncolour: red\n")
    assert "beta.yaml:2:1" in longstop("agreement", "add", "BETA-1", "--from", file, expect=5).err


def test_a_reference_is_taken_once(acme):
    acme("agreement", "add", "acme-7", "--counterparty", "Other", "--json", expect=4)


def test_a_contradiction_is_refused_with_both_facts_unless_it_is_accepted(longstop):
    words = ("agreement", "add", "X-1", "--counterparty", "X", "--effective-on", "2026-02-01", "--term", "12 months",
             "--renewal", "automatic", "--notice-period", "24 months")  # fmt: skip
    refused = longstop(*words, "--json", expect=4)
    assert "24 months" in refused.document["detail"]
    remedy = "Check the notice period and the term. Or accept it with a reason: "
    assert f"{remedy}`--accept notice-longer-than-term --because TEXT`." in longstop(*words, expect=4).err
    longstop(*words, "--accept", "notice-longer-than-term", "--because", "so it is written")
    assert longstop("agreement", "show", "X-1", "--json").item["accepted"][0]["because"] == "so it is written"


def test_an_amendment_to_what_it_says_already_is_none(acme):
    amend = ("agreement", "amend", "ACME-7", "--set", "title=Renamed", "--because", "x")
    assert acme(*amend).out.startswith("ACME-7 amended: ")
    assert acme(*amend).out.startswith("ACME-7 unchanged: ")
    assert acme(*amend, "--json").item["result"] == "unchanged"


def test_a_dry_run_says_what_moves_and_keeps_nothing(acme):
    before = acme("agreement", "show", "ACME-7", "--json").item
    tried = acme(
        "agreement", "amend", "ACME-7", "--set", "notice_period=90 days", "--because", "x", "--dry-run", "--json"
    )
    assert tried.item["is_dry_run"] is True
    assert tried.item["moved"][0]["new_on"] < tried.item["moved"][0]["old_on"]
    assert acme("agreement", "show", "ACME-7", "--json").item == before


def test_the_same_facts_are_no_change(acme):
    answer = acme("agreement", "amend", "ACME-7", "--set", "term=12 months", "--because", "x", "--json")
    assert (answer.item["version"], answer.item["moved"]) == (1, [])


@pytest.mark.parametrize("said", ["notice_period", "colour=red", "reference=X"])
def test_a_field_that_cannot_be_set_is_wrong_usage(acme, said):
    acme("agreement", "amend", "ACME-7", "--set", said, "--because", "x", expect=2)


def test_a_field_without_a_value_is_told_how_to_give_one_and_how_to_clear_it(acme):
    refused = acme("agreement", "amend", "ACME-7", "--set", "notice-period", "--because", "x", "--json", expect=2)
    assert refused.document["detail"] == '--set "notice-period" gives no value.'
    assert refused.document["remedy"] == "Write notice_period=VALUE, or notice_period= to clear it."


def test_what_was_known_on_a_day_is_shown(acme):
    acme("agreement", "amend", "ACME-7", "--set", "title=New", "--set", "calendar=DE-BE", "--because", "x")
    acme("agreement", "show", "ACME-7", "--as-of", "2020-01-01", "--json", expect=3)
    item = acme("agreement", "show", "ACME-7", "--as-of", "today", "--json").item
    assert item["title"] == "New"
    (one,) = item["calendars"]
    card = acme("agreement", "show", "ACME-7", "--as-of", "today").out
    named = f"{one['code']} ({one['source']} {one['version']})"
    assert f"Days are counted with the holiday calendars of today: {named}." in card
    assert "notice" in card.partition("Key dates")[2]


def test_a_notice_ends_the_term_and_its_revocation_renews_it(acme):
    acme("agreement", "give-notice", "ACME-7", "--sent-on", "2026-11-20", "--by", "us", "--via", "courier")
    assert status(acme) == "under_notice"
    acme("agreement", "revoke-notice", "ACME-7", "--because", "new prices")
    assert status(acme) == "in_force"


def test_terms_that_are_amended_under_notice_are_said_to_end_all_the_same(acme):
    acme("agreement", "give-notice", "ACME-7", "--sent-on", "2026-11-20", "--by", "us", "--via", "courier")
    answer = acme("agreement", "amend", "ACME-7", "--set", "term=60 months", "--because", "x", "--json")
    (remark,) = (one for one in answer.item["remarks"] if "Notice was given" in str(one))
    assert "it still ends then" in str(remark)


def test_a_notice_that_may_be_disputed_is_said_to_be(longstop):
    """60 days before 14 January 2027 is Sunday, 15 November 2026; that Monday does as well is only an argument."""
    facts = {"counterparty": "D", "effective-on": "2026-01-15", "last-on": "2027-01-14", "renewal": "automatic"}
    facts |= {"renewal-term": "1 year", "notice-period": "60 days", "notice-counts": "sent", "rules": "us-contract"}
    longstop("agreement", "add", "D-1", "--calendar", "SAT_SUN", *(f"--{name}={said}" for name, said in facts.items()))
    answer = longstop("agreement", "give-notice", "D-1", "--sent-on", "2026-11-16", "--by", "us")
    doubt = "By the ordinary reading it had to count by Sun 15 Nov 2026: they may say that it came too late."
    assert f"The notice counts on Mon 16 Nov 2026. {doubt}" in " ".join(answer.out.split())
    assert doubt in " ".join(longstop("agreement", "show", "D-1").out.split())
    assert longstop("agreement", "show", "D-1", "--json").item["notice"]["closes_on"] == "2026-11-15"


def test_what_the_status_does_not_allow_is_refused(acme):
    acme("agreement", "sign", "ACME-7", "--on", "today", "--json", expect=4)


def test_a_draft_is_sent_out_and_signed(longstop):
    longstop("agreement", "add", "D-1", "--counterparty", "D", "--term", "1 year")
    assert status(longstop, "D-1") == "draft"
    longstop("agreement", "request-signature", "D-1", "--sign-by", "+14d")
    assert status(longstop, "D-1") == "awaiting_signature"
    longstop("agreement", "sign", "D-1", "--on", "2026-02-01")
    assert status(longstop, "D-1") == "in_force"


def test_a_draft_can_be_abandoned(longstop):
    longstop("agreement", "add", "D-1", "--counterparty", "D")
    longstop("agreement", "abandon", "D-1", "--because", "they chose somebody else")
    assert status(longstop, "D-1") == "ended"


def test_an_end_by_hand_is_an_end(acme):
    acme("agreement", "terminate", "ACME-7", "--last-on", "2026-03-31", "--because", "breach")
    assert status(acme) == "ended"


def test_a_renewal_says_for_how_long_or_until_when_and_not_both(acme):
    acme("agreement", "renew", "ACME-7", "--for", "6 months", "--until", "2028-01-31", expect=2)
    acme("agreement", "renew", "ACME-7", "--until", "2028-03-31")


def test_archiving_asks_why_while_something_is_open(acme):
    acme("agreement", "archive", "ACME-7", expect=4)
    acme("agreement", "archive", "ACME-7", "--because", "replaced")
    assert acme("agreement", "list", "--json").items == []
    assert len(acme("agreement", "list", "--archived", "--json").items) == 1
    acme("agreement", "archive", "ACME-7", "--restore", "--because", "not replaced")
    assert len(acme("deadlines", "--today", "2026-11-01", "--json").items) == 1


def test_a_list_is_narrowed_by_words(acme):
    acme.agreement("BETA-1")
    assert [one["reference"] for one in acme("agreement", "list", "status:in_force", "beta", "--json").items] == [
        "BETA-1"
    ]
    acme("agreement", "list", "beta", "--exit-code", expect=10)


def test_of_what_goes_on_from_month_to_month_the_first_moves_are_said(acme):
    named = ("--renewal", "automatic", "--renewal-term", "1 month", "--notice-period", "20 days")
    acme(
        "agreement",
        "add",
        "M-1",
        "--counterparty",
        "Acme Labs",
        "--effective-on",
        "2026-02-01",
        "--term",
        "1 year",
        *named,
    )
    amend = ("agreement", "amend", "M-1", "--set", "notice_period=25 days", "--because", "agreed", "--dry-run")
    told = acme(*amend).out
    moved = acme(*amend, "--json").item["moved"]
    assert told.count(" moves from ") == 12
    assert f"  and {len(moved) - 12} more, the last to " in told


def test_a_duty_comes_back_and_can_end(acme):
    added = acme(
        "obligation", "add", "ACME-7", "--kind", "audit", "--name", "SOC 2", "--due", "2027-03-31", "--every", "1 year",
        "--json",
    )  # fmt: skip
    assert added.item["deadlines"]["new"] > 0
    (duty,) = acme("obligation", "list", "ACME-7", "--json").items
    amend = ("obligation", "amend", "ACME-7", duty["id"], "--because", "agreed", "--json")
    assert "  audit SOC 2 moves from 31 Mar" in acme(*amend[:-1], "--due", "2027-06-30", "--dry-run").out
    moved = acme(*amend, "--due", "2027-06-30", "--name", "SOC 2 report").item["moved"]
    assert ("2027-03-31", "2027-06-30") in {(one["old_on"], one["new_on"]) for one in moved}
    assert acme("obligation", "list", "ACME-7", "--json").items[0]["name"] == "SOC 2 report"
    ended = acme("obligation", "end", "ACME-7", duty["id"], "--because", "certified", "--json")
    assert ended.item["deadlines"]["withdrawn"] > 0
    acme("obligation", "end", "ACME-7", "o99", "--because", "x", expect=3)
    assert "has ended" in acme(*amend, "--name", "Another", expect=4).out


def test_a_duty_can_hang_on_a_turning_point(acme):
    acme("obligation", "add", "ACME-7", "--kind", "return", "--name", "Samples", "--due", "30 days after last-day")
    acme("obligation", "add", "ACME-7", "--name", "X", "--due", "30 days after christmas", expect=2)
    acme("obligation", "add", "ACME-7", "--kind", "evidence", "--name", "Usage", "--due", "30 days after each quarter")
    (usage,) = [one for one in acme("obligation", "list", "ACME-7", "--json").items if one["name"] == "Usage"]
    assert usage["due"] == "every 3 months, by quarters, 30 days after each"
    twice = ("--name", "Y", "--due", "30 days after each quarter", "--every", "1 year")
    assert "Leave it out" in acme("obligation", "add", "ACME-7", *twice, expect=2).err


def test_the_owner_may_add_and_a_viewer_may_not(acme):
    acme("agreement", "amend", "ACME-7", "--set", "note=x", "--because", "x", "--as", "olga@example.com", expect=4)
    acme("person", "role", "olga@example.com", "contributor")
    acme("agreement", "amend", "ACME-7", "--set", "note=x", "--because", "x", "--as", "olga@example.com")
    acme(
        "agreement", "terminate", "ACME-7", "--last-on", "today", "--because", "x", "--as", "olga@example.com", expect=4
    )


def test_a_contributor_adds_what_they_own_or_back_and_is_told_so_otherwise(acme):
    acme("person", "role", "olga@example.com", "contributor")
    add = ("agreement", "add", "ACME-8", "--counterparty", "Acme", "--as", "olga@example.com")
    assert "Name yourself as its owner or backup" in acme(*add, expect=4).err
    acme(*add, "--owner", "ben@example.com", "--backup", "olga@example.com")


def test_what_is_restricted_is_not_there_for_others(acme):
    acme("agreement", "amend", "ACME-7", "--set", "restricted_to=leo@example.com", "--because", "x")
    because = ("--set", "note=x", "--because", "x")
    acme("agreement", "amend", "ACME-7", *because, "--as", "ada@example.com", "--json", expect=3)
    acme("agreement", "amend", "ACME-7", *because, "--as", "leo@example.com")


def test_what_is_said_of_deadlines_narrows_the_list_to_whose_they_are(acme):
    acme("agreement", "add", "QUIET-1", "--counterparty", "Beta")

    def listed(*words):
        return [one["reference"] for one in acme("agreement", "list", *words, "--json").items]

    assert listed() == ["ACME-7", "QUIET-1"]
    assert listed("due:<30d") == listed("kind:notice") == listed("kind:renewal") == ["ACME-7"]
    assert listed("is:overdue") == listed("kind:option") == listed("kind:notice", "beta") == []


def test_what_others_have_written_steers_no_terminal(acme):
    hostile = "Acme\x1b[2J\x07 \u202egnp.exe"
    acme("agreement", "add", "ESC-1", "--counterparty", hostile, "--title", hostile)
    acme("asset", "add", hostile, "--kind", "data", "--agreement", "ESC-1", "--note", hostile)
    acme("contact", "add", hostile, "--name", "legal", "--email", "jo@acme.example", "--person", hostile)
    told = [
        acme("agreement", "show", "ESC-1").out,
        acme("audit", "show", "ESC-1").out,
        acme("asset", "show", hostile).out,
        acme("contact", "list", hostile).out,
        acme("asset", "amend", hostile, "--note", "x", "--because", "y").out,
        acme("exit", "plan", "ESC-1", "--template", hostile, expect=None).err,
    ]
    assert [text for text in told if set(text) & {"\x1b", "\x07", "\u202e"}] == []


@pytest.mark.parametrize(("signed_on", "told"), [("2027-01-11", True), ("2026-11-02", False)])
def test_a_day_of_signing_that_is_still_ahead_is_remarked(longstop, signed_on, told):
    words = ("agreement", "add", "X-1", "--counterparty", "X", "--signed-on", signed_on, "--last-on", "perpetual")
    said = longstop(*words).out + longstop(*words[:2], "X-2", *words[3:]).err
    remark = (
        "Signed on 11 Jan 2027: that day is still ahead, and it is taken as signed. Check the year, or leave it empty"
    )
    assert (remark in said) is told


def test_a_term_that_is_renewed_again_within_a_day_is_said_to_be_one_more(longstop):
    facts = ("--counterparty", "X", "--effective-on", "2024-02-01", "--term", "36 months", "--renewal", "by option",
             "--renewal-term", "1 year", "--notice-period", "60 days", "--governing-law", "Germany")  # fmt: skip
    longstop("agreement", "add", "OPT-1", *facts)
    remarks = [longstop("agreement", "renew", "OPT-1", "--json").item["remarks"] for _ in range(2)]
    assert remarks == [[], ["It was renewed until 31 Jan 2028 within the last day: this is one more term."]]


def test_a_duty_that_is_there_is_not_added_twice(acme):
    words = ("obligation", "add", "ACME-7", "--kind", "audit", "--name", "SOC 2", "--due", "2027-03-31")
    acme(*words)
    told = acme(*words, expect=4).err
    assert "There is already an obligation 'SOC 2'. Give it another name or day, if it is another one." in " ".join(
        told.split()
    )
    acme("obligation", "end", "ACME-7", "o1", "--because", "it was agreed")
    acme(*words)


def test_an_audit_right_that_is_there_is_not_added_twice(acme):
    words = ("audit", "right", "ACME-7", "--every", "1 year", "--first-due", "2027-03-31", "--scope", "Security")
    acme(*words)
    assert "There is already an audit right 'Security'." in acme(*words, expect=4).err
