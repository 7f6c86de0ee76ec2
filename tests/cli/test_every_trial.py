"""``--dry-run`` of every command that has it: it is done as it would be, said to be a trial, and nothing is kept."""

import pytest

from tests.cli.test_every_command import EVERY, options
from tests.support.cli import Longstop
from tests.support.tried import WHY, House

#: What is asked of each command, in a house in which it can be done; several ways are several rows.
ASKED = [
    ("import", "FILES/book.csv"),
    ("import", "--undo", "BATCH"),
    ("import", "--template", "FILES/empty.xlsx"),
    ("agreement", "add", "NEW-1", "--counterparty", "Beta", "--effective-on", "2026-01-01", "--term", "1 year"),
    ("agreement", "amend", "ACME-7", "--set", "notice_period=90 days", *WHY),
    ("agreement", "archive", "BETA-1", *WHY),
    ("agreement", "request-signature", "DRAFT-1", "--sign-by", "+14d"),
    ("agreement", "sign", "DRAFT-1", "--on", "2026-11-20"),
    ("agreement", "abandon", "DRAFT-1", *WHY),
    ("agreement", "give-notice", "ACME-7", "--sent-on", "today", "--by", "us"),
    ("agreement", "revoke-notice", "LEFT-1", *WHY),
    ("agreement", "renew", "OPT-1", "--for", "12 months"),
    ("agreement", "terminate", "ACME-7", "--last-on", "2027-01-15", *WHY),
    ("obligation", "add", "ACME-7", "--name", "Review", "--due", "2027-03-31"),
    ("obligation", "amend", "ACME-7", "o1", "--due", "2027-05-31", *WHY),
    ("obligation", "end", "ACME-7", "o1", *WHY),
    ("disclosure", "add", "BETA-1", "--what", "Roadmap", "--to", "Beta"),
    ("disclosure", "request-return", "BETA-1", "d1", "--by", "+30d"),
    ("disclosure", "withdraw", "BETA-1", "d1", *WHY),
    ("asset", "add", "Map data", "--kind", "data", "--ownership", "third-party", "--licence-until", "2027-06-30"),
    ("asset", "amend", "Code", "--note", "Escrowed", *WHY),
    ("asset", "retire", "Code", *WHY),
    ("contact", "add", "Acme Labs", "--name", "legal", "--email", "jo@acme.example"),
    ("contact", "remove", "Acme Labs", "--name", "compliance"),
    ("document", "add", "BETA-1", "FILES/proof.pdf"),
    ("audit", "right", "BETA-1", "--every", "1 year", "--first-due", "2027-06-30"),
    ("audit", "end-right", "ACME-7", "a1", *WHY),
    ("audit", "finding", "ACME-7", "--text", "Keys are shared", "--remedy-by", "+60d"),
    ("audit", "retest", "ACME-7", "f1", "--result", "Two restores were seen"),
    ("audit", "request-evidence", "ACME-7", "--to", "jo@acme.example", "--due", "2026-12-12"),
    ("audit", "receive", "ACME-7", "FILES/proof.pdf", "--request", "REPORT"),
    ("audit", "review", "ACME-7", "SEEN"),
    ("audit", "accept", "ACME-7", "SEEN", "--until", "2027-12-31"),
    ("audit", "withdraw", "ACME-7", "REPORT", *WHY),
    ("exit", "plan", "ACME-7", "--template", "exit-bpo", "--exit-on", "2028-01-31"),
    ("exit", "start", "EXIT-1", *WHY),
    ("exit", "stop", "EXIT-2", *WHY),
    ("exit", "test", "EXIT-1", "--due", "2027-06-01"),
    ("finding", "accept", "BETA-1", "no-backup", *WHY),
    ("finding", "reopen", "OPT-1", "no-backup", *WHY),
    ("ack", "ACME-7", "notice"),
    ("snooze", "ACME-7", "notice", "--until", "+5d"),
    ("undo", "OPT-1", "option"),
    ("done", "ACME-7", "notice", "--evidence", "FILES/proof.pdf"),
    ("decide", "ACME-7", "notice", "renew"),
    ("waive", "ACME-7", "audit", *WHY),
    ("assign", "ACME-7", "notice", "--to", "mia@example.com"),
    ("reopen", "DONE-1", "notice", *WHY),
    ("verify", "ACME-7", "notice"),
    ("accept", "ACME-7", "notice"),
    ("pin", "ACME-7", "notice", "--on", "2026-11-27", *WHY),
    ("playbook", "apply", "FILES/rules.yaml"),
    ("checklist", "apply", "nda-onboarding", "BETA-1"),
    ("feed", "create", "--for", "olga@example.com", "--todo"),
    ("feed", "change", "FEED", "--detail", "busy"),
    ("feed", "rotate", "FEED"),
    ("feed", "revoke", "FEED"),
    ("person", "add", "zoe@example.com"),
    ("person", "role", "olga@example.com", "legal"),
    ("person", "password", "olga@example.com", "--generate"),
    ("person", "disable", "olga@example.com", "--to", "leo@example.com"),
    ("person", "enable", "kim@example.com"),
    ("person", "absence", "olga@example.com", "--until", "2026-12-24", "--delegate", "ben@example.com"),
    ("token", "create", "--for", "olga@example.com", "--scope", "read", "--expires", "+30d"),
    ("token", "revoke", "TOKEN"),
    ("silence", "add", "acme", "--until", "+5d", *WHY),
    ("silence", "end", "SILENCE"),
    ("webhook", "add", "board", "http://127.0.0.1:9/x"),
    ("webhook", "rotate", "erp"),
    ("webhook", "on", "erp"),
    ("webhook", "remove", "erp"),
    ("incoming", "retry", "c1"),
    ("incoming", "drop", "c1", *WHY),
    ("send-test", "console", "--to", "olga@example.com"),
    ("outbox", "retry", "--all"),
    ("outbox", "hold", "--all", *WHY),
    ("outbox", "release", "HELD"),
    ("evidence", "export", "--from", "2026-01-01", "--until", "2026-12-31", "--out", "FILES/pack.zip"),
    ("db", "upgrade"),
]
#: What says in words of its own that nothing was done.
SAID = ("(a trial: nothing is kept)", "(a trial: nothing is sent)", "would be", "is at")
#: Keys that open something, or would.
OPENS = ("todo_url", "token", "secret", "password")


@pytest.fixture(scope="module")
def house(staffed, tmp_path_factory):
    """No test here may change it, or it fails."""
    folder = tmp_path_factory.mktemp("trials")
    with pytest.MonkeyPatch.context() as around:
        around.setenv("LONGSTOP_OUTGOING_ALLOW", "127.0.0.1")
        around.setenv("LONGSTOP_HOOKS_FILE", str(folder / "files" / "hooks.yaml"))
        yield House(Longstop(folder / "data", like=staffed), folder / "files")


def test_every_command_that_can_be_tried_is_tried_here():
    tried = {words for words in EVERY if "--dry-run" in options(words)}
    assert {words for words in tried if not any(asked[: len(words)] == words for asked in ASKED)} == set()


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_a_trial_is_done_said_and_not_kept(house, asked):
    told = house.longstop(*house.words(asked), "--dry-run")
    document = house.longstop(*house.words(asked), "--dry-run", "--json").document
    before, house.known = house.known, house.state()
    assert house.known == before
    assert any(words in told.out for words in SAID)
    item = document.get("item", {})
    assert {name: item[name] for name in OPENS if item.get(name)} == {}
    assert "/feeds/" not in str(item.get("url"))
