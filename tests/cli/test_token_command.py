"""``longstop token`` and ``longstop person password``: how programs and people are let in."""

import hashlib

import pytest

from engine.access.passwords import Hashing

CREATE = ("token", "create", "--for", "olga@example.com", "--scope", "act,read")


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def kept_password(longstop, name="olga"):
    where = f"(SELECT id FROM people WHERE email = '{name}@example.com')"
    found = longstop.sql(f"SELECT password_hash FROM credentials WHERE person_id = {where}")
    return found[0][0] if found else None


def test_a_token_is_told_once_and_kept_as_a_digest(longstop):
    made = longstop(*CREATE, "--expires", "+30d", "--name", "dashboard", "--json").item
    assert (made["result"], made["scopes"], made["expires_on"]) == ("created", ["read", "act"], "2026-12-22")
    assert longstop.sql("SELECT digest FROM tokens") == [(digest(made["token"]),)]
    listed = longstop("token", "list", "--json")
    assert made["token"] not in listed.out
    assert [(one["email"], one["name"], one["used_on"]) for one in listed.items] == [
        ("olga@example.com", "dashboard", None)
    ]


def test_a_token_is_revoked_once(longstop):
    made = longstop(*CREATE, "--expires", "+30d", "--json").item
    assert longstop("token", "revoke", made["id"], "--json").item["result"] == "revoked"
    assert longstop("token", "revoke", made["id"], "--json").item["result"] == "was revoked already"
    assert longstop("token", "list", "--json").items[0]["revoked_at"] == "2026-11-22T09:00:00Z"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--scope", "fly", "--expires", "+30d"), "token-refused"),
        (("--scope", "read", "--expires", "-1d"), "token-refused"),
        (("--scope", "read", "--expires", "+900d"), "token-refused"),
    ],
)
def test_a_token_that_cannot_be_is_refused(longstop, words, code):
    told = longstop("token", "create", "--for", "olga@example.com", *words, "--json", expect=4).document
    assert told["code"] == code
    assert longstop("token", "list", "--json").items == []


def test_everybody_makes_and_sees_their_own_tokens_and_an_admin_all(longstop):
    longstop(*CREATE, "--expires", "+30d", "--as", "olga@example.com")
    told = longstop(*CREATE, "--expires", "+30d", "--as", "ben@example.com", "--json", expect=4).document
    assert told["code"] == "forbidden"
    assert longstop("token", "list", "--json", "--as", "ben@example.com").items == []
    assert len(longstop("token", "list", "--json", "--as", "ada@example.com").items) == 1


def test_a_trial_makes_no_token(longstop):
    longstop(*CREATE, "--expires", "+30d", "--dry-run")
    assert longstop("token", "list", "--json").items == []


def test_a_password_is_made_up_and_shown_once(longstop):
    shown = longstop("person", "password", "olga@example.com", "--generate", "--json").item["password"]
    assert len(shown) >= 12
    assert Hashing().is_right(kept_password(longstop), shown)
    assert shown not in longstop("log", "verify", "--json").out


def test_a_password_is_the_first_line_of_a_file(longstop, tmp_path):
    file = tmp_path / "password"
    file.write_text("wide open meadows\nand more\n")
    assert longstop("person", "password", "olga@example.com", "--file", file, "--json").item["password"] is None
    assert Hashing().is_right(kept_password(longstop), "wide open meadows")


def test_a_password_file_that_is_not_there_is_wrong_usage(longstop):
    told = longstop("person", "password", "olga@example.com", "--file", "no-file", "--json", expect=2).document
    assert told["detail"] == "--file: no-file cannot be read."


def test_nobody_is_asked_for_a_password_without_a_terminal(longstop):
    told = longstop("person", "password", "olga@example.com", expect=2)
    assert "--generate" in told.err
    assert kept_password(longstop) is None


def test_a_short_password_is_refused(longstop, tmp_path):
    file = tmp_path / "password"
    file.write_text("short\n")
    told = longstop("person", "password", "olga@example.com", "--file", file, "--json", expect=4).document
    assert told["code"] == "password-refused"


def test_nobody_sets_another_ones_password_but_an_admin(longstop):
    words = ("person", "password", "olga@example.com", "--generate", "--as")
    assert longstop(*words, "ben@example.com", "--json", expect=4).document["code"] == "forbidden"
    longstop(*words, "ada@example.com")
    longstop(*words, "olga@example.com")
