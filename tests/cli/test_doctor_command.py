"""``longstop doctor``: each thing that is not in order, with its remedy."""

import os
from datetime import datetime, timedelta

import pytest

from tests.support import databases
from tests.support.cli import Longstop, run
from tests.support.databases import in_a_file
from tests.support.imap_server import ImapServer, bounce
from tests.support.rights import as_anybody
from tests.support.room import little_room
from tests.support.smtp_server import SmtpServer


def found(longstop, *words, expect=0):
    """The findings by check; of several the worst counts."""
    order = ["ok", "warning", "bad"]
    kept = {}
    for one in longstop("doctor", "--offline", *words, "--json", expect=expect).items:
        before = kept.get(one["check"])
        if before is None or order.index(one["state"]) > order.index(before["state"]):
            kept[one["check"]] = one
    return kept


def test_what_is_not_in_order_has_a_remedy(longstop):
    items = longstop("doctor", "--offline", "--json").items
    assert [one["check"] for one in items if one["state"] != "ok" and not one["remedy"]] == []
    assert {one["state"] for one in items} <= {"ok", "warning"}
    checks = {one["check"] for one in items}
    assert checks >= {"settings", "clock", "data folder", "disk", "holidays", "mail", "heartbeat", "base url"}
    assert checks >= {"proxies", "backup", "migrations", "database", "log", "jobs", "outbox"}


def test_people_read_the_same(longstop):
    told = longstop("doctor", "--offline").lines
    assert told[0].split() == ["Check", "State", "Detail", "Remedy"]
    assert any(line.startswith("log ") and " ok " in line for line in told)


def test_where_nothing_is_yet_nothing_is_made(empty):
    assert found(empty)["database"] == {
        "check": "database",
        "state": "warning",
        "detail": "There is no register yet",
        "remedy": "It is made at the first use.",
    }
    assert not empty.data_dir.exists()


@pytest.mark.parametrize(("form", "remedy"), [("9999_newer", "Start the newer Longstop"), ("0001", "db upgrade")])
def test_a_register_of_another_form_gets_the_remedy_that_helps(longstop, form, remedy):
    longstop.sql(f"UPDATE alembic_version SET version_num = '{form}'")
    told = found(longstop, expect=5)["migrations"]
    assert (told["state"], remedy in told["remedy"]) == ("bad", True)


def test_wrong_settings_are_all_that_can_be_said(empty, monkeypatch):
    monkeypatch.setenv("LONGSTOP_PORT", "eighty")
    [one] = empty("doctor", "--offline", "--json", expect=5).items
    assert (one["check"], one["state"]) == ("settings", "bad")
    assert "LONGSTOP_PORT" in one["detail"]


def test_a_rewritten_log_is_bad(longstop):
    longstop.sql("UPDATE events SET actor = 'nobody' WHERE position = 3", unguarded="events")
    assert "position 3" in found(longstop, expect=5)["log"]["detail"]


def test_a_kept_file_that_was_changed_or_is_gone_is_named(longstop, tmp_path):
    longstop("agreement", "add", "NDA-1", "--counterparty", "Acme", "--kind", "NDA", "--effective-on", "2026-01-01")
    for name in ("signed.pdf", "report.pdf"):
        (tmp_path / name).write_bytes(b"%PDF-1.7 " + name.encode())
        longstop("document", "add", "NDA-1", tmp_path / name)
    assert found(longstop)["documents"]["detail"] == "2 kept files as they came"
    kept = (longstop.data_dir / "documents").glob("*/*")
    signed, report = sorted(kept, key=lambda one: b"signed" not in one.read_bytes())
    signed.write_bytes(b"%PDF-1.7 forged")
    report.unlink()
    told = [one for one in longstop("doctor", "--offline", "--json", expect=5).items if one["check"] == "documents"]
    assert {(one["state"], one["detail"]) for one in told} == {
        ("bad", f"signed.pdf of NDA-1 is gone or was changed: {signed.name[:12]}"),
        ("bad", f"report.pdf of NDA-1 is gone or was changed: {report.name[:12]}"),
    }
    assert "longstop backup restore" in told[0]["remedy"]


def test_a_clock_that_was_set_back_is_bad(longstop):
    longstop.sql("UPDATE events SET at = at + 86400000000", unguarded="events")
    assert found(longstop, expect=5)["clock"]["detail"].startswith("The newest event is of ")


@in_a_file
def test_a_file_that_is_no_database_is_bad(empty):
    empty.data_dir.mkdir()
    (empty.data_dir / "longstop.db").write_bytes(b"this is no database" * 100)
    assert found(empty, expect=5)["database"]["state"] == "bad"


def test_a_key_that_others_can_read_is_bad(longstop):
    key = longstop.data_dir / "secret-key"
    key.write_text("x" * 64)
    key.chmod(0o644)
    assert "chmod 600" in found(longstop, expect=5)["rights"]["remedy"]
    key.chmod(0o600)
    assert "rights" not in found(longstop)


def test_a_key_that_is_gone_is_told_and_none_is_made_by_looking(longstop):
    key = longstop.data_dir / "secret-key"
    assert "secret key" not in found(longstop)
    key.unlink()
    told = found(longstop)["secret key"]
    assert (told["state"], "Put back the one" in told["remedy"]) == ("warning", True)
    assert not key.exists()


@pytest.mark.skipif(databases.is_postgres(), reason="the register lies in the folder")
@pytest.mark.parametrize(
    ("place", "mode", "check", "detail"),
    [
        ("", 0o000, "data folder", "{place} cannot be looked into"),
        ("", 0o500, "data folder", "{place} cannot be written"),
        ("longstop.db", 0o400, "rights", "{place} cannot be written"),
        ("backups", 0o500, "rights", "{place} cannot be written"),
        ("documents", 0o500, "rights", "{place} cannot be written"),
    ],
)
def test_what_this_user_may_not_write_is_told_and_no_backup_is_asked_for(
    longstop, monkeypatch, place, mode, check, detail
):
    whole = longstop.data_dir / place
    for folder in ("backups", "documents"):
        (longstop.data_dir / folder).mkdir(exist_ok=True)
    whole.chmod(mode)
    monkeypatch.setenv("LONGSTOP_DATA_DIR", str(longstop.data_dir))
    told = as_anybody(lambda: run("doctor", "--offline", "--json", now=longstop.now))
    whole.chmod(0o700)
    bad = {one["check"]: (one["detail"], one["remedy"]) for one in told.items if one["state"] == "bad"}
    assert bad[check][0] == detail.format(place=whole)
    assert [remedy for _, remedy in bad.values() if "backup" in remedy] == []


def test_a_register_without_an_admin_is_told(empty):
    empty("person", "add", "olga@example.com")
    assert "admin" in found(empty)["people"]["detail"]


def test_links_that_lead_to_nobody_elses_machine_are_told(longstop, monkeypatch):
    assert found(longstop)["base url"]["state"] == "ok"
    monkeypatch.setenv("LONGSTOP_HOST", "192.0.2.7")
    assert found(longstop)["base url"]["state"] == "warning"
    monkeypatch.setenv("LONGSTOP_BASE_URL", "http://longstop.example.com")
    assert "unencrypted" in found(longstop)["base url"]["detail"]
    monkeypatch.setenv("LONGSTOP_BASE_URL", "https://longstop.example.com")
    assert found(longstop)["base url"]["state"] == "ok"


def test_links_that_lead_to_another_port_of_this_machine_are_told(longstop, monkeypatch):
    monkeypatch.setenv("LONGSTOP_PORT", "8099")
    told = found(longstop)["base url"]
    assert (told["state"], told["detail"]) == (
        "warning",
        "Links lead to http://localhost:8080, and Longstop listens at port 8099",
    )
    monkeypatch.setenv("LONGSTOP_BASE_URL", "http://localhost:8099")
    assert found(longstop)["base url"]["state"] == "ok"


def test_a_restored_register_that_says_nothing_yet_is_told(longstop):
    assert "shadow mode" not in found(longstop)
    mark = longstop.data_dir / "restored-in-shadow-mode"
    mark.touch()
    told = found(longstop)["shadow mode"]
    assert (told["state"], str(mark) in told["remedy"]) == ("warning", True)


def test_a_server_that_does_not_answer_is_no_reason_to_restore(tmp_path):
    away = Longstop(tmp_path, url="postgresql://nobody@127.0.0.1:1/longstop")
    told = found(away, expect=5)["database"]
    assert ("does not answer" in told["detail"], "See that PostgreSQL runs" in told["remedy"]) == (True, True)


def test_a_data_folder_that_is_a_file_is_told_among_the_rest(empty):
    empty.data_dir.write_text("a file")
    told = found(empty, expect=5)
    assert told["data folder"]["detail"] == f"{empty.data_dir} is no folder"


@in_a_file
def test_a_database_below_a_file_cannot_be_opened(empty):
    empty.data_dir.write_text("a file")
    told = found(empty, expect=5)["database"]
    assert (told["state"], "File exists" in told["detail"]) == ("bad", True)


@in_a_file
def test_a_disk_without_room_for_the_register_is_told_as_what_it_is(longstop):
    with little_room():
        told = found(longstop, expect=5)["database"]
    assert (told["state"], told["detail"]) == (
        "bad", "The database has no room left; nothing of this change was kept."
    )  # fmt: skip


@in_a_file
def test_a_register_that_others_can_read_is_told(longstop):
    (longstop.data_dir / "longstop.db").chmod(0o644)
    longstop.data_dir.chmod(0o755)
    assert found(longstop)["rights"]["remedy"] == f"chmod 700 {longstop.data_dir}"
    longstop.data_dir.chmod(0o700)
    assert "rights" not in found(longstop)


@pytest.mark.parametrize(("address", "path"), [("", "/longstop"), ("/longstop", "")])
def test_links_that_lead_past_the_path_of_the_pages_are_told(longstop, monkeypatch, address, path):
    monkeypatch.setenv("LONGSTOP_BASE_URL", f"https://longstop.example.com{address}")
    monkeypatch.setenv("LONGSTOP_ROOT_PATH", path)
    told = found(longstop, expect=5)["base url"]
    assert (told["state"], told["detail"]) == (
        "bad",
        f"Links lead to https://longstop.example.com{address}, and pages are served under {path or '/'}",
    )


def test_a_proxy_that_nobody_trusts_is_told(longstop, monkeypatch):
    monkeypatch.setenv("LONGSTOP_ROOT_PATH", "/longstop")
    monkeypatch.setenv("LONGSTOP_BASE_URL", "http://localhost:8080/longstop")
    assert found(longstop)["proxies"]["state"] == "warning"
    monkeypatch.setenv("LONGSTOP_TRUSTED_PROXIES", "10.0.0.0/8")
    assert found(longstop)["proxies"] == {
        "check": "proxies", "state": "ok", "detail": "trusted: 10.0.0.0/8", "remedy": ""
    }  # fmt: skip


def test_the_age_of_the_newest_backup_is_told(longstop):
    assert found(longstop)["backup"]["state"] == "warning"
    folder = longstop.data_dir / "backups"
    folder.mkdir()
    copy = folder / "longstop.zip"
    copy.write_bytes(b"copy")
    now = datetime.fromisoformat(longstop("log", "verify", "--json").document["generated_at"])
    for days, told, state in ((1, "1 day", "ok"), (3, "3 days", "warning")):
        at = now - timedelta(days=days)
        os.utime(copy, (at.timestamp(), at.timestamp()))
        assert found(longstop)["backup"] | {"remedy": ""} == {
            "check": "backup", "state": state, "detail": f"the newest is {told} old", "remedy": ""
        }  # fmt: skip


def test_a_mail_server_is_asked_unless_we_are_offline(longstop, monkeypatch):
    with SmtpServer() as server:
        monkeypatch.setenv("LONGSTOP_SMTP_HOST", server.host)
        monkeypatch.setenv("LONGSTOP_SMTP_PORT", str(server.port))
        monkeypatch.setenv("LONGSTOP_MAIL_FROM", "longstop@example.com")
        told = _mail(longstop("doctor", "--json", expect=5))
        assert (told["state"], told["detail"]) == (
            "bad", f"127.0.0.1:{server.port} takes no mail: the server does not offer STARTTLS"
        )  # fmt: skip
        monkeypatch.setenv("LONGSTOP_SMTP_TLS", "none")
        assert _mail(longstop("doctor", "--json"))["detail"] == f"127.0.0.1:{server.port} is ready for mail"
    assert _mail(longstop("doctor", "--json", expect=5))["state"] == "bad"
    assert found(longstop)["mail"]["detail"].endswith("not asked")


def test_the_mailbox_of_what_comes_back_is_opened_and_nothing_in_it_is_changed(longstop, monkeypatch):
    with ImapServer() as server:
        server.mails.append(bounce("7k2m9qxw4tzb"))
        monkeypatch.setenv("LONGSTOP_BOUNCE_IMAP_URL", server.url)
        told = _bounces(longstop("doctor", "--json"))
        assert told == {
            "check": "bounces",
            "state": "ok",
            "detail": f"Bounces at 127.0.0.1:{server.port} can be read, with 1 mail",
            "remedy": "",
        }
        assert server.asked == ["CAPABILITY", "LOGIN", "EXAMINE", "LOGOUT"]
        assert found(longstop)["bounces"]["detail"].endswith("not asked")
        assert len(server.asked) == 4


@pytest.mark.parametrize(("wrong", "why"), [("password", "AUTHENTICATIONFAILED"), ("folder", "no such mailbox")])
def test_a_mailbox_that_cannot_be_read_is_told_with_what_to_look_at(longstop, monkeypatch, wrong, why):
    with ImapServer() as server:
        url = (
            server.url.replace("secret", "guessed") if wrong == "password" else server.url.replace("/Bounces", "/Gone")
        )
        monkeypatch.setenv("LONGSTOP_BOUNCE_IMAP_URL", url)
        answer = longstop("doctor", "--json", expect=5)
    told = _bounces(answer)
    assert (told["state"], why in told["detail"], "folder of LONGSTOP_BOUNCE_IMAP_URL" in told["remedy"]) == (
        "bad", True, True
    )  # fmt: skip
    assert "guessed" not in str(answer.items)


def test_a_mailbox_that_does_not_answer_is_told(longstop, monkeypatch):
    with ImapServer() as server:
        monkeypatch.setenv("LONGSTOP_BOUNCE_IMAP_URL", server.url)
    assert "cannot be read: ConnectionRefusedError" in _bounces(longstop("doctor", "--json", expect=5))["detail"]


def test_who_sends_mail_and_reads_none_of_what_comes_back_is_told(longstop, monkeypatch):
    assert "bounces" not in found(longstop)
    monkeypatch.setenv("LONGSTOP_SMTP_HOST", "mail.example.com")
    monkeypatch.setenv("LONGSTOP_MAIL_FROM", "longstop@example.com")
    assert (found(longstop)["bounces"]["state"], found(longstop)["mail"]["state"]) == ("warning", "ok")


@pytest.mark.parametrize("is_asked", [True, False])
def test_what_does_not_fit_together_is_told_when_asked(longstop, is_asked):
    longstop("agreement", "add", "MSA-1", "--counterparty", "Acme", "--kind", "MSA", "--effective-on", "2026-01-01",
             "--term", "2 years", "--renewal", "never", "--owner", "olga@example.com")  # fmt: skip
    longstop("agreement", "add", "SOW-1", "--counterparty", "Acme", "--kind", "SOW", "--effective-on", "2026-01-01",
             "--term", "5 years", "--renewal", "never", "--parent", "MSA-1", "--owner",
             "olga@example.com")  # fmt: skip
    words = ("--register",) if is_asked else ()
    told = [one for one in longstop("doctor", "--offline", *words, "--json").items if "SOW-1" in one["detail"]]
    assert any("outlives" in one["detail"] or "MSA-1" in one["detail"] for one in told) is is_asked


def _mail(answer):
    return _checked(answer, "mail")


def _bounces(answer):
    return _checked(answer, "bounces")


def _checked(answer, name):
    return next(one for one in answer.items if one["check"] == name)
