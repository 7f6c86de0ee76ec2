"""Settings: the three origins, secrets by file, everything wrong at once, nothing secret repeated."""

import stat
import sys
import threading
from datetime import time, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from config.settings import Settings, SettingsError, checked, read_settings, signing_key
from config.settings_values import Weekly
from lifecycle.delivery import Timings
from lifecycle.errors import LifecycleError
from tests.support.room import little_room

KEY = "k" * 40


@pytest.fixture
def read(tmp_path):
    """Read settings from a given environment and from nothing else."""

    def _read(environ=None, *, env_file="", secrets=None, prefix="LONGSTOP_"):
        (tmp_path / ".env").write_text(env_file)
        folder = tmp_path / "secrets"
        folder.mkdir(exist_ok=True)
        for name, text in (secrets or {}).items():
            (folder / name).write_text(text)
        given = {prefix + name: value for name, value in (environ or {}).items()}
        return read_settings(given, env_file=tmp_path / ".env", secrets_dir=folder)

    return _read


def errors_of(environ):
    with pytest.raises(SettingsError) as caught:
        read_settings(environ, env_file=Path("/nonexistent/.env"), secrets_dir=Path("/nonexistent"))
    return {problem.name: str(problem) for problem in caught.value.problems}


def problems_of(environ):
    nowhere = Path("/nonexistent")
    return [one.name for one in checked(environ, env_file=nowhere / ".env", secrets_dir=nowhere)]


def test_without_any_environment_the_defaults_hold(read):
    settings = read()
    assert (settings.host, settings.port, settings.send_at) == ("127.0.0.1", 8080, time(8, 30))
    assert settings.digest_at == Weekly(0, time(8, 30))
    assert settings.feed_refresh == timedelta(hours=6)
    assert settings.horizon_months == 60
    assert settings.senders == 8
    assert settings.timings == Timings()


def test_the_environment_wins_over_the_file_and_the_file_over_run_secrets(read):
    secrets = {"longstop_host": "secrets\n", "LONGSTOP_ORGANISATION": "secrets", "LONGSTOP_LOG_LEVEL": "debug\n"}
    settings = read({"HOST": "environ"}, env_file="LONGSTOP_HOST=file\nLONGSTOP_ORGANISATION=file\n", secrets=secrets)
    assert (settings.host, settings.organisation, settings.log_level) == ("environ", "file", "debug")


def test_an_empty_value_is_the_same_as_none(read):
    assert read({"PORT": "", "MAIL_FROM": "", "SLACK_RATE": ""}) == read()


def test_values_are_typed(read):
    settings = read(
        {
            "SEND_AT": "07:05",
            "DIGEST_AT": "Fri 16:00",
            "FEED_REFRESH": "90m",
            "TIME_ZONE": "Europe/Berlin",
            "SHADOW_MODE": "true",
            "TRUSTED_PROXIES": "10.0.0.0/8, ::1",
            "OUTGOING_ALLOW": "hooks.local,",
            "OIDC_ROLE_MAP": "Legal Team=legal, it=admin",
            "BASE_URL": "https://longstop.example.com/",
            "ROOT_PATH": "/longstop/",
        }
    )
    assert settings.send_at == time(7, 5)
    assert settings.digest_at == Weekly(4, time(16))
    assert settings.feed_refresh == timedelta(minutes=90)
    assert settings.time_zone == "Europe/Berlin"
    assert settings.shadow_mode is True
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"))
    assert settings.outgoing_allow == ("hooks.local",)
    assert settings.oidc_role_map == {"Legal Team": "legal", "it": "admin"}
    assert (settings.base_url, settings.root_path) == ("https://longstop.example.com", "/longstop")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "65536"),
        ("TIME_ZONE", "Europe/Berlinn"),
        ("TIME_ZONE", "../etc/passwd"),
        ("TIME_ZONE", "Europe"),
        ("SEND_AT", "24:00"),
        ("SEND_AT", "8:30"),
        ("SEND_AT", "1080"),
        ("DIGEST_AT", "monday 08:30"),
        ("DIGEST_AT", "mon"),
        ("FEED_REFRESH", "59m"),
        ("FEED_REFRESH", "8d"),
        ("LOG_LEVEL", "loud"),
        ("SHADOW_MODE", "perhaps"),
        ("BASE_URL", "longstop.example.com"),
        ("ROOT_PATH", "longstop"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b\r\nBcc: c@d"),
        ("TRUSTED_PROXIES", "proxy.local"),
        ("OIDC_ROLE_MAP", "legal"),
        ("OIDC_ROLE_MAP", "team=owner"),
        ("BACKUP_KEEP", "0"),
        ("SLACK_RATE", "0"),
        ("HORIZON_MONTHS", "-1"),
        ("SENDERS", "0"),
        ("SENDERS", "33"),
        ("HORIZON_MONTHS", "1201"),
        ("SESSION_DAYS", "999999999"),
        ("UPLOAD_MB", "99999999999999999999"),
        ("SLACK_RATE", "inf"),
        ("TIMINGS_LEASE", "inf"),
        ("TIMINGS_DOUBT", "1e15"),
        ("BASE_URL", "https://long stop.example.com"),
        ("BASE_URL", "https://longstop.example.com/?a=b"),
        ("BASE_URL", "https://me@longstop.example.com"),
        ("BASE_URL", "https://longstop.example.com:99999"),
        ("ROOT_PATH", "//elsewhere.example.com"),
        ("ROOT_PATH", "/long stop"),
        ("ROOT_PATH", "/a/../b"),
        ("HOST", "http://127.0.0.1"),
        ("HOST", "0.0.0.0:8080"),
        ("SMTP_PORT", "0"),
        ("SMTP_HOST", "mail.example.com:25"),
        ("MAIL_FROM", "a@example.com, b@example.com"),
        ("MAIL_DOMAIN", "longstop@example.com"),
        ("AUTH_HEADER", "X-Forwarded-Email:"),
        ("OUTGOING_ALLOW", "10.0.0.0/99"),
        ("OUTGOING_ALLOW", "https://hooks.local"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_remedy(name, value):
    with_it = {"LONGSTOP_MAIL_FROM": "longstop@example.com", "LONGSTOP_AUTH_TRUSTED_PROXIES": "::1"}
    errors = errors_of({**with_it, f"LONGSTOP_{name}": value})
    assert list(errors) == [f"LONGSTOP_{name}"]
    sentence, _, remedy = errors[f"LONGSTOP_{name}"].partition(", which cannot be used. ")
    assert sentence.startswith(f'LONGSTOP_{name} is "')
    assert remedy.startswith("Write ")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://me@host/db",
        "postgres://me@host/db",
        "postgresql+asyncpg://me@host/db",
        "postgresql://me:hunter@2@host/db",
        "postgresql://me:hunter2@host:port/db",
        "sqlite:longstop.db",
        "sqlite:/data/longstop.db",
        "sqlite:///",
        "sqlite+aiosqlite:///data/longstop.db",
        "/data/longstop.db",
    ],
)
def test_a_database_that_could_not_be_opened_stops_the_start(url):
    assert errors_of({"LONGSTOP_DATABASE_URL": url}) == {
        "LONGSTOP_DATABASE_URL": "LONGSTOP_DATABASE_URL is ***, which cannot be used. Write sqlite:///PATH or "
        "postgresql://USER:PASSWORD@HOST/NAME, an @ in the password as %40."
    }


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////data/longstop.db",
        "sqlite:///longstop.db",
        "postgresql://me@/register?host=/run/postgresql",
        "postgresql://me:hunter%402@db.example.com:5432/register?sslmode=require",
        "postgresql://me:hun/ter#2@db_1/register",
        "postgresql+psycopg://[::1]/register",
    ],
)
def test_a_database_is_named_as_its_library_takes_it(read, url):
    assert read({"DATABASE_URL": url}).database.get_secret_value() == url


def test_a_mailbox_that_nobody_could_open_is_refused():
    for url in ("imap.example.com", "imaps://imap.example.com", "imaps://me@imap.example.com/INBOX"):
        assert list(errors_of({"LONGSTOP_BOUNCE_IMAP_URL": url})) == ["LONGSTOP_BOUNCE_IMAP_URL"]


@pytest.mark.parametrize("host", ["localhost", "db_1", "192.0.2.7", "::", "fe80::1%eth0", "mail.example.com"])
def test_a_host_is_a_name_or_an_address(read, host):
    assert read({"HOST": host}).host == host


def test_playbooks_of_ones_own_that_are_not_there_stop_the_start(tmp_path):
    file = tmp_path / "a-file"
    file.touch()
    for place in (tmp_path / "nowhere", file):
        assert errors_of({"LONGSTOP_PLAYBOOK_DIR": str(place)}) == {
            "LONGSTOP_PLAYBOOK_DIR": f"LONGSTOP_PLAYBOOK_DIR names {place}, which is no folder that can be read. "
            "Make that folder and let this user read it, or leave LONGSTOP_PLAYBOOK_DIR out."
        }


def test_everything_wrong_is_said_at_once():
    environ = {"LONGSTOP_PORT": "x", "LONGSTOP_LOG_FORMAT": "xml", "LONGSTOP_SMTP_HOST": "mail.example.com"}
    assert errors_of(environ) == {
        "LONGSTOP_PORT": 'LONGSTOP_PORT is "x", which cannot be used. Write a whole number from 0 to 65535.',
        "LONGSTOP_LOG_FORMAT": 'LONGSTOP_LOG_FORMAT is "xml", which cannot be used. Write auto, console or json.',
        "LONGSTOP_SMTP_HOST": "LONGSTOP_SMTP_HOST is set without LONGSTOP_MAIL_FROM: mails need a sender. "
        "Set LONGSTOP_MAIL_FROM, or leave LONGSTOP_SMTP_HOST out.",
    }


def test_a_bad_secret_is_never_repeated():
    environ = {"LONGSTOP_SECRET_KEY": "hunter2", "LONGSTOP_DATABASE_URL": "mysql://me:hunter2@host/db"}
    with pytest.raises(SettingsError) as caught:
        read_settings(environ)
    assert "hunter2" not in str(caught.value)
    assert {problem.name for problem in caught.value.problems} == set(environ)


def test_settings_errors_are_of_the_family():
    with pytest.raises(LifecycleError) as caught:
        read_settings({"LONGSTOP_PORT": "x"})
    assert caught.value.code == "settings"
    assert "longstop config docs" in caught.value.remedy


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({"AUTH_HEADER": "X-User"}, "AUTH_TRUSTED_PROXIES"),
        ({"SLACK_MODE": "socket", "SLACK_BOT_TOKEN": "x"}, "SLACK_APP_TOKEN"),
        ({"SLACK_MODE": "http", "SLACK_BOT_TOKEN": "x"}, "SLACK_SIGNING_SECRET"),
        ({"OIDC_ISSUER": "https://id.example.com", "OIDC_CLIENT_ID": "x"}, "OIDC_CLIENT_SECRET"),
        ({"ADMIN_EMAIL": "a@example.com"}, "ADMIN_PASSWORD"),
        ({"SMTP_USERNAME": "me"}, "SMTP_PASSWORD"),
    ],
)
def test_a_setting_without_the_one_it_needs_is_refused(environ, missing):
    (error,) = errors_of({f"LONGSTOP_{name}": value for name, value in environ.items()}).values()
    assert f"without LONGSTOP_{missing}:" in error


ISSUER = {"LONGSTOP_OIDC_CLIENT_ID": "x", "LONGSTOP_OIDC_CLIENT_SECRET": "x"}


@pytest.mark.parametrize("library", ["authlib", "joserfc"])
def test_an_issuer_without_the_library_that_signs_in_by_it_is_refused(monkeypatch, library):
    given = ISSUER | {"LONGSTOP_OIDC_ISSUER": "https://id.example.com"}
    assert problems_of(given) == []
    monkeypatch.setitem(sys.modules, library, None)
    assert errors_of(given) == {
        "LONGSTOP_OIDC_ISSUER": "LONGSTOP_OIDC_ISSUER is set, and authlib, which signs in by it, is not here. "
        "Install longstop[oidc], or leave LONGSTOP_OIDC_ISSUER out."
    }
    assert problems_of({}) == []


@pytest.mark.parametrize(
    ("host", "allowed", "is_refused"),
    [
        ("id.example.com", "", True),
        ("10.0.0.1:8080", "10.0.0.2", True),
        ("keycloak:8080", "hooks.local,keycloak", False),
        ("localhost:8080", "", False),
        ("127.0.0.1", "", False),
        ("[::1]:9000", "", False),
    ],
)
def test_an_issuer_that_is_not_encrypted_is_one_of_this_machine_or_of_a_way_that_is_allowed(host, allowed, is_refused):
    given = ISSUER | {"LONGSTOP_OIDC_ISSUER": f"http://{host}/realms/a", "LONGSTOP_OUTGOING_ALLOW": allowed}
    assert problems_of(given) == ["LONGSTOP_OIDC_ISSUER"] * is_refused


def test_what_has_no_effect_without_an_issuer_is_said_and_stops_nothing(read, tmp_path):
    given = ISSUER | {"LONGSTOP_OIDC_ROLE_CLAIM": "roles"}
    assert read({name.removeprefix("LONGSTOP_"): value for name, value in given.items()}).oidc_client_id == "x"
    found = checked(given, env_file=tmp_path / ".env", secrets_dir=tmp_path)
    assert [(one.level, str(one)) for one in found] == [
        ("warning", f"{own} has no effect without {other}. Set {other}, or leave {own} out.")
        for own, other in (
            ("LONGSTOP_OIDC_CLIENT_ID", "LONGSTOP_OIDC_ISSUER"),
            ("LONGSTOP_OIDC_CLIENT_SECRET", "LONGSTOP_OIDC_ISSUER"),
            ("LONGSTOP_OIDC_ROLE_CLAIM", "LONGSTOP_OIDC_ROLE_MAP"),
        )
    ]


@pytest.mark.parametrize("value", ["de", "klingon"])
def test_a_setting_that_is_gone_stops_nothing_and_is_said(read, tmp_path, value):
    assert read({"LOCALE": value}) == read()
    (problem,) = checked({"LONGSTOP_LOCALE": value}, env_file=tmp_path / ".env", secrets_dir=tmp_path)
    assert (problem.level, problem.sentence) == (
        "warning",
        "LONGSTOP_LOCALE is no setting of Longstop any more and is ignored.",
    )


def test_a_secret_may_be_named_by_its_file(read, tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")
    assert read({"SECRET_KEY_FILE": str(tmp_path / "key")}).secret_key == SecretStr(KEY)
    assert read(env_file=f"LONGSTOP_SECRET_KEY_FILE={tmp_path / 'key'}").secret_key == SecretStr(KEY)


def test_a_secret_given_twice_is_an_error(tmp_path):
    (tmp_path / "key").write_text(KEY)
    errors = errors_of({"LONGSTOP_SECRET_KEY": KEY, "LONGSTOP_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert errors == {
        "LONGSTOP_SECRET_KEY": "Both LONGSTOP_SECRET_KEY and LONGSTOP_SECRET_KEY_FILE are set. Leave one of them out."
    }


def test_a_secret_file_that_is_not_there_is_an_error(tmp_path):
    errors = errors_of({"LONGSTOP_SMTP_PASSWORD_FILE": str(tmp_path / "nothing"), "LONGSTOP_PORT": "x"})
    assert set(errors) == {"LONGSTOP_SMTP_PASSWORD_FILE", "LONGSTOP_PORT"}
    assert "No such file" in errors["LONGSTOP_SMTP_PASSWORD_FILE"]


def test_a_slip_of_the_pen_is_a_warning_with_the_nearest_name(tmp_path):
    environ = {"LONGSTOP_SMPT_HOST": "x", "LONGSTOP_ZZZ": "x", "LONGSTOP_SECRET_KEY_FIEL": "x", "OTHER_PORT": "x"}
    found = checked(environ, env_file=tmp_path / ".env", secrets_dir=tmp_path)
    assert [(problem.level, problem.name) for problem in found] == [
        ("warning", "LONGSTOP_SECRET_KEY_FIEL"),
        ("warning", "LONGSTOP_SMPT_HOST"),
        ("warning", "LONGSTOP_ZZZ"),
    ]
    assert [problem.remedy for problem in found] == [
        "Did you mean LONGSTOP_SECRET_KEY_FILE?",
        "Did you mean LONGSTOP_SMTP_HOST?",
        "`longstop config docs` lists all settings.",
    ]


def test_a_warning_stops_nothing(read):
    assert read({"PROT": "1"}) == read()


def test_a_file_of_a_setting_that_is_no_secret_is_unknown(tmp_path):
    (problem,) = checked({"LONGSTOP_PORT_FILE": "x"}, env_file=tmp_path / ".env", secrets_dir=tmp_path)
    assert (problem.level, problem.name) == ("warning", "LONGSTOP_PORT_FILE")


def test_checked_says_errors_before_warnings(tmp_path):
    found = checked({"LONGSTOP_AAA": "1", "LONGSTOP_PORT": "x"}, env_file=tmp_path / ".env", secrets_dir=tmp_path)
    assert [problem.level for problem in found] == ["error", "warning"]


def test_the_environment_of_the_process_is_not_looked_at(read, monkeypatch):
    monkeypatch.setenv("LONGSTOP_PORT", "9999")
    assert read().port == 8080


def test_an_env_file_that_is_no_text_is_told_as_a_problem(tmp_path):
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    (problem,) = checked({}, env_file=tmp_path / ".env", secrets_dir=tmp_path / "none")
    assert (problem.level, problem.sentence) == ("error", ".env is no text in UTF-8.")


def test_a_secret_that_is_no_text_is_told_as_a_problem(tmp_path):
    (tmp_path / "longstop_smtp_password").write_bytes(b"\xff\xfe\x00")
    (problem,) = checked({}, env_file=tmp_path / ".env", secrets_dir=tmp_path)
    assert (problem.level, problem.name) == ("error", "LONGSTOP_SMTP_PASSWORD")
    assert problem.sentence.endswith("longstop_smtp_password, which cannot be read: it is no text.")


def test_the_env_file_is_not_interpolated(read, monkeypatch):
    monkeypatch.setenv("HOME", "leaked")
    assert read(env_file="LONGSTOP_ORGANISATION=${HOME}").organisation == "${HOME}"


def test_waits_out_of_proportion_are_refused():
    environ = {"LONGSTOP_TIMINGS_LEASE": "10", "LONGSTOP_TIMINGS_QUARANTINE": "59"}
    assert set(errors_of(environ)) == set(environ)
    shortened = {"LEASE": "3", "TIMEOUT": "1", "QUARANTINE": "4", "POLL": "0.1", "DOUBT": "30"}
    settings = read_settings({f"LONGSTOP_TIMINGS_{name}": value for name, value in shortened.items()})
    assert settings.timings == Timings(lease=3, timeout=1, quarantine=4, poll=0.1, doubt=30)


def test_a_calendar_that_there_is_not_stops_the_start(read):
    assert read({"CALENDAR": "DE-BE"}).calendar == "DE-BE"
    errors = errors_of({"LONGSTOP_CALENDAR": "DE-XX", "LONGSTOP_TIMINGS_LEASE": "1"})
    assert set(errors) == {"LONGSTOP_CALENDAR", "LONGSTOP_TIMINGS_LEASE"}
    assert "DE-XX" in errors["LONGSTOP_CALENDAR"]


def test_the_database_is_sqlite_in_the_data_folder_unless_given(read, tmp_path):
    assert read({"DATA_DIR": str(tmp_path)}).database.get_secret_value() == f"sqlite:///{tmp_path}/longstop.db"
    url = "postgresql://me:pw@db/longstop"
    assert read({"DATABASE_URL": url}).database.get_secret_value() == url


def test_settings_cannot_be_changed_and_do_not_show_secrets(read):
    settings = read({"SECRET_KEY": KEY, "SMTP_USERNAME": "me", "SMTP_PASSWORD": "hunter2hunter2"})
    with pytest.raises(ValidationError):
        settings.port = 1
    assert KEY not in repr(settings)
    assert "hunter2" not in repr(settings)


def test_the_key_is_made_once_and_for_its_owner_alone(read, tmp_path):
    settings = read({"DATA_DIR": str(tmp_path / "data")})
    key = signing_key(settings)
    assert len(key.get_secret_value()) >= 43
    assert signing_key(settings) == key
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret-key"]


def test_a_key_that_finds_no_room_is_named_and_leaves_nothing(read, tmp_path):
    settings = read({"DATA_DIR": str(tmp_path / "data")})
    with little_room(0), pytest.raises(OSError, match="secret-key"):
        signing_key(settings)
    assert list((tmp_path / "data").iterdir()) == []
    assert signing_key(settings)


def test_processes_that_start_together_agree_on_the_key(read, tmp_path):
    settings = read({"DATA_DIR": str(tmp_path / "data")})
    barrier, keys = threading.Barrier(8), []

    def start():
        barrier.wait()
        keys.append(signing_key(settings).get_secret_value())

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_given_key_is_not_written_down(read, tmp_path):
    settings = read({"DATA_DIR": str(tmp_path / "data"), "SECRET_KEY": KEY})
    assert signing_key(settings) == SecretStr(KEY)
    assert not (tmp_path / "data").exists()


def test_every_setting_has_a_meaning():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
