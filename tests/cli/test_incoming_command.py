"""``longstop incoming``: calls from outside that wait for a person."""

import pytest

from engine.incoming.hearing import Heard
from engine.incoming.inbox import Kept
from lifecycle.events import Actor
from lifecycle.hooks import HookOperation
from store.codec import dumps

BODY = '{"document": "D-1", "signed": "2026-11-20"}'
HOOK = """documents: {verify: {scheme: secret_header, header: X-Secret, secret_file: secret}, operation: sign,
  fields: {reference: /document, signed_on: /signed}}
"""


@pytest.fixture
def called(longstop):
    """A call that nobody could make sense of when it came."""
    longstop("agreement", "add", "D-1", "--counterparty", "Acme")
    heard = Heard(hook="documents", operation=HookOperation.SIGN, body=BODY, why="It names no reference.")
    kept = dumps(Kept(Actor("hook:documents", "hook"), heard=heard)).replace("'", "''")
    longstop.sql(
        "INSERT INTO inbox (id, dedupe_key, source, received_at, payload, failures) "
        f"VALUES ('c1', 'hook:documents:1', 'hook:documents', 1795300000000000, '{kept}', 0)"
    )
    return longstop


def test_what_waits_is_listed_and_shown_with_its_body(called):
    (one,) = called("incoming", "list", "--json", "--exit-code", expect=10).items
    assert (one["id"], one["hook"], one["operation"], one["why"]) == (
        "c1",
        "documents",
        "sign",
        "It names no reference.",
    )
    assert "It names no reference." in called("incoming", "list").out
    assert called("incoming", "show", "c1", "--json").item["body"] == BODY
    assert BODY in called("incoming", "show", "c1").out
    called("incoming", "show", "c2", expect=3)


def test_it_is_done_once_the_file_says_where_its_values_stand(called, monkeypatch, tmp_path):
    assert called("incoming", "retry", "c1", "--json", expect=4).item["result"] == "kept"
    (tmp_path / "secret").write_text("long-enough")
    (tmp_path / "hooks.yaml").write_text(HOOK)
    monkeypatch.setenv("LONGSTOP_HOOKS_FILE", str(tmp_path / "hooks.yaml"))
    assert called("incoming", "retry", "c1", "--dry-run", "--json").item["said"] == "D-1 was signed on 2026-11-20."
    assert called("incoming", "retry", "c1", "--json").item["result"] == "applied"
    assert called("incoming", "list", "--json").items == []


def test_it_is_dropped_with_a_reason_by_who_administers(called):
    called("incoming", "drop", "c1", "--because", "a test", "--as", "leo@example.com", expect=4)
    called("incoming", "list", "--as", "leo@example.com", expect=4)
    said = called("incoming", "drop", "c1", "--because", "a test", "--as", "ada@example.com").out
    assert said == "Dropped by ada@example.com: a test\n"
    assert called("incoming", "list").out == "Nothing waits.\n"
