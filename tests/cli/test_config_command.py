"""``longstop config``: what is in force, what there is, what is wrong; without touching a register."""

import pytest

from config.settings_docs import documented


def test_what_is_in_force_is_shown_and_secrets_are_not(empty, monkeypatch):
    monkeypatch.setenv("LONGSTOP_SMTP_HOST", "mail.example.com")
    monkeypatch.setenv("LONGSTOP_SMTP_USERNAME", "longstop")
    monkeypatch.setenv("LONGSTOP_SMTP_PASSWORD", "hunter2-hunter2")
    monkeypatch.setenv("LONGSTOP_MAIL_FROM", "longstop@example.com")
    shown = empty("config", "show", "--json").item
    assert shown["LONGSTOP_SMTP_HOST"] == "mail.example.com"
    assert shown["LONGSTOP_SMTP_PASSWORD"] == "***"
    assert shown["LONGSTOP_SECRET_KEY"] is None
    plain = empty("config", "show").out
    assert "hunter2" not in plain
    assert "LONGSTOP_DATA_DIR" in plain


def test_all_settings_are_told(empty):
    assert empty("config", "docs").out == documented()
    assert empty("config", "docs", "--json").item == {"markdown": documented()}


def test_nothing_wrong_is_said(empty):
    assert empty("config", "check").lines == ["Nothing is wrong."]
    assert empty("config", "check", "--json").items == []


def test_all_that_is_wrong_is_said_at_once(empty, monkeypatch):
    monkeypatch.setenv("LONGSTOP_PORT", "eighty")
    monkeypatch.setenv("LONGSTOP_SMTP_HOST", "mail.example.com")
    monkeypatch.setenv("LONGSTOP_SMTP_HOSTS", "mail.example.com")
    found = empty("config", "check", "--json", expect=5).items
    assert [(one["level"], one["name"]) for one in found] == [
        ("error", "LONGSTOP_PORT"),
        ("error", "LONGSTOP_SMTP_HOST"),
        ("warning", "LONGSTOP_SMTP_HOSTS"),
    ]
    assert "LONGSTOP_SMTP_HOST" in found[2]["remedy"]
    assert len(empty("config", "check", expect=5).lines) == 3


def test_the_file_of_hooks_is_read_as_well(empty, monkeypatch, tmp_path):
    path = tmp_path / "hooks.yaml"
    monkeypatch.setenv("LONGSTOP_HOOKS_FILE", str(path))
    (missing,) = empty("config", "check", "--json", expect=5).items
    assert missing["message"] == f"LONGSTOP_HOOKS_FILE names {path}, which cannot be read: No such file or directory."
    path.write_text("sign: {preset: documenso, verify: {secret_file: nowhere}}\nodd: 5\n")
    found = empty("config", "check", "--json", expect=5).items
    assert {one["name"] for one in found} == {"LONGSTOP_HOOKS_FILE"}
    assert f"{path}:1:49: The secret's file cannot be read." in [one["message"] for one in found]
    assert any(f"{path}:2:" in one["message"] for one in found)
    (tmp_path / "secret").write_text("long-enough\n")
    path.write_text("sign: {preset: documenso, verify: {secret_file: secret}}\n")
    assert empty("config", "check", "--json").items == []


def test_a_warning_alone_stops_nothing(empty, monkeypatch):
    monkeypatch.setenv("LONGSTOP_COLOUR", "red")
    assert empty("config", "check").out.startswith("warning: ")
    empty("config", "show")


def test_other_commands_do_not_start_with_wrong_settings(empty, monkeypatch):
    monkeypatch.setenv("LONGSTOP_PORT", "eighty")
    told = empty("deadlines", "--json", expect=2).document
    assert told["code"] == "settings"
    assert [one["pointer"] for one in told["errors"]] == ["LONGSTOP_PORT"]
    assert not empty.data_dir.exists()


@pytest.mark.parametrize("words", [("show",), ("docs",), ("check",), ("show", "--json"), ("check", "--json")])
def test_settings_are_looked_at_without_making_a_register(empty, words):
    empty("config", *words)
    assert not empty.data_dir.exists()
