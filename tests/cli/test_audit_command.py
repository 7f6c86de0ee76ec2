"""``longstop audit``: rights, requests with a link, reports that come, findings and re-tests."""

import re

import pytest


@pytest.fixture
def msa(longstop):
    longstop("agreement", "add", "MSA-1", "--counterparty", "Acme", "--kind", "MSA", "--signed-on", "2024-02-01",
             "--effective-on", "2024-02-01", "--term", "5 years", "--renewal", "automatic", "--renewal-term", "1 year",
             "--notice-period", "60 days", "--owner", "olga@example.com")  # fmt: skip
    return longstop


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "soc2.pdf"
    path.write_bytes(b"%PDF-1.7\nan auditor's words\n")
    return path


def asked(msa, *more):
    return msa("audit", "request-evidence", "MSA-1", "--kind", "soc2-type-2", "--to", "jane@acme.example", *more,
               "--json").item  # fmt: skip


def test_a_right_has_a_next_day_and_a_day_to_announce_it(msa):
    given = ("--every", "1 year", "--first-due", "2027-06-30", "--notice", "60 days", "--clause", "14.2")
    tried = msa("audit", "right", "MSA-1", *given, "--dry-run", "--json").item
    assert (tried["is_dry_run"], tried["rights"][0]["next_on"]) == (True, "2027-06-30")
    assert msa("audit", "show", "MSA-1", "--json").item["rights"] == []
    assert "MSA-1 has an audit right. Deadlines: " in msa("audit", "right", "MSA-1", *given, "--scope", "Security").out
    (right,) = msa("audit", "show", "MSA-1", "--json").item["rights"]
    assert (right["next_on"], right["announce_by_on"], right["clause"]["ref"]) == ("2027-06-30", "2027-04-30", "14.2")
    shown = msa("audit", "show", "MSA-1").out
    assert "a1  audit of Security every 1 year, announced 60 days before; next by Wed 30 Jun 2027" in shown
    msa("audit", "end-right", "MSA-1", "a1", "--because", "Certified instead")
    assert "ended on Sun 22 Nov 2026" in msa("audit", "show", "MSA-1").out


def test_a_request_shows_its_link_once_and_a_trial_shows_none(msa):
    assert asked(msa, "--dry-run")["url"] is None
    said = msa("audit", "request-evidence", "MSA-1", "--kind", "soc2-type-2", "--to", "jane@acme.example",
               "--name", "Jane Roe", "--due", "2026-12-18")  # fmt: skip
    assert re.search(r"The link, which is shown only now: \S+/evidence-upload/[\w-]{43}\n", said.out)
    assert "SOC 2 Type II report: asked, due by Fri 18 Dec 2026. Deadlines: 1 new." in said.out
    (listed,) = msa("audit", "list", "--open", "--json").items
    assert (listed["state"], listed["contact"]) == ("asked", {"email": "jane@acme.example", "name": "Jane Roe"})
    again = msa("audit", "request-evidence", "MSA-1", "--again", listed["id"], expect=4)
    assert "was asked for it today already" in again.err


def test_a_request_says_that_its_mail_leaves_on_another_day(msa, monkeypatch):
    for name, value in {"SMTP_HOST": "127.0.0.1", "MAIL_FROM": "a@example.com", "EXTERNAL_MAIL": "send"}.items():
        monkeypatch.setenv(f"LONGSTOP_{name}", value)
    given = ("audit", "request-evidence", "MSA-1", "--to", "jane@acme.example", "--kind")
    assert "  A mail with the link goes to jane@acme.example." in msa(*given, "soc2-type-2").lines
    assert (
        "  A mail with the link goes to jane@acme.example on Mon 23 Nov 2026 08:30 UTC, for they are written to once a "
        "day."
    ) in msa(*given, "iso-27001").lines


def test_a_report_is_received_reviewed_and_accepted_and_the_next_is_due(msa, report):
    request = asked(msa)["id"]
    span = ("--covers-from", "2025-10-01", "--covers-until", "2026-09-30")
    taken = msa("audit", "receive", "MSA-1", report, "--request", request, *span, "--json").item
    assert (taken["state"], taken["result"], taken["documents"][0]["name"]) == ("received", "It is here.", "soc2.pdf")
    again = msa("audit", "receive", "MSA-1", report, "--request", request)
    assert "It is here already: the same file, byte for byte." in again.out
    assert msa("audit", "review", "MSA-1", request, "--json").item["state"] == "under_review"
    done = msa("audit", "accept", "MSA-1", request, "--json").item
    assert done["accepted_until"] == "2027-09-30"
    assert {name: number for name, number in done["deadlines"].items() if number} == {"new": 1, "done": 1}
    assert msa("audit", "list", "--open", "--json").items == []
    shown = msa("audit", "show", "MSA-1").out
    assert "SOC 2: 1 gap in twelve months: Thu 1 Oct 2026 to Sun 22 Nov 2026." in shown
    (following,) = msa("deadlines", "--kind", "evidence", "--until", "2027-12-31", "--json").items
    assert following["safe_on"] == "2027-09-30"


def test_what_came_by_itself_is_kept_by_its_kind_and_a_wrong_file_is_not(msa, report, tmp_path):
    link = "https://trust.acme.example/iso.pdf"
    msa("audit", "receive", "MSA-1", link, "--kind", "iso-27001")
    (one,) = msa("audit", "list", "--json").items
    assert (one["what"], one["documents"][0]["link"]) == ("ISO 27001 certificate", link)
    msa("audit", "receive", "MSA-1", link.replace("iso", "pen"), "--kind", "penetration-test")
    (first,) = msa("audit", "list", "MSA-1", "--limit", "1", "--json").items
    assert "These are the first 1. More of them: --limit N." in msa("audit", "list", "--limit", "1").out
    assert {first["id"]} < {one["id"] for one in msa("audit", "list", "MSA-1", "--json").items}
    assert "More of them" not in msa("audit", "list").out
    msa("audit", "list", "MSA-404", expect=3)
    wrong = tmp_path / "report.pdf"
    wrong.write_bytes(b"MZ a program")
    assert "This kind of file is not taken" in msa("audit", "receive", "MSA-1", wrong, "--kind", "other", expect=4).err
    msa("audit", "receive", "MSA-1", report, expect=4)
    msa("audit", "receive", "MSA-1", tmp_path / "nothing.pdf", "--kind", "other", expect=2)
    msa("audit", "receive", "MSA-1", report, "--kind", "soc3", expect=2)


def test_a_finding_is_owed_until_its_retest_passes(msa):
    said = msa("audit", "finding", "MSA-1", "--text", "Backups are never restored", "--severity", "high",
               "--remedy-by", "2027-01-29", "--retest-by", "2027-02-26")  # fmt: skip
    assert "MSA-1 has the finding f1. Deadlines: 2 new." in said.out
    msa("audit", "retest", "MSA-1", "f1", "--result", "Nothing was done", "--failed", expect=4)
    msa("audit", "retest", "MSA-1", "f1", "--result", "Nothing was done", "--failed", "--remedy-by", "2027-03-31",
        "--retest-by", "2027-04-30")  # fmt: skip
    shown = msa("audit", "show", "MSA-1").out
    assert "f1  high finding, open: Backups are never restored, by Wed 31 Mar 2027, tested again by Fri 30 Apr" in shown
    tried = msa("audit", "retest", "MSA-1", "f1", "--result", "Two restores were seen", "--dry-run")
    assert tried.out == "MSA-1 has a finding less (a trial: nothing is kept). Deadlines: 2 done.\n"
    passed = msa("audit", "retest", "MSA-1", "f1", "--result", "Two restores were seen", "--json").item
    assert (passed["findings"][0]["state"], passed["findings"][0]["is_passed"]) == ("closed", True)
    msa("audit", "retest", "MSA-1", "f2", "--result", "x", expect=3)


def test_rights_hold_here_as_well(msa):
    msa("audit", "request-evidence", "MSA-1", "--to", "jane@acme.example", "--as", "ben@example.com", expect=4)
    msa("audit", "show", "NONE-1", expect=3)
    request = asked(msa)["id"]
    msa("audit", "withdraw", "MSA-1", request, "--because", "It came by another way", "--as", "leo@example.com")
    msa("audit", "accept", "MSA-1", request, expect=4)
