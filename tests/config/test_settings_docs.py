"""The table of all settings, and what is in force."""

import json

from config.settings import read_settings
from config.settings_docs import documented, shown
from config.settings_model import Settings


def test_the_table_names_every_setting_with_default_and_meaning():
    page = documented()
    assert page.count("\n| `LONGSTOP_") == len(Settings.model_fields)
    assert "| `LONGSTOP_SEND_AT` | `08:30` | When messages leave, in the agreement's zone. |" in page
    assert "| `LONGSTOP_FEED_REFRESH` | `6h` |" in page
    assert "| `LONGSTOP_SHADOW_MODE` | `false` |" in page


def test_exactly_the_secrets_are_marked():
    marked = {line.split("`")[1] for line in documented().splitlines() if "` † |" in line}
    assert marked == {
        "LONGSTOP_DATABASE_URL",
        "LONGSTOP_SECRET_KEY",
        "LONGSTOP_HEARTBEAT_URL",
        "LONGSTOP_METRICS_TOKEN",
        "LONGSTOP_SMTP_PASSWORD",
        "LONGSTOP_BOUNCE_IMAP_URL",
        "LONGSTOP_SLACK_BOT_TOKEN",
        "LONGSTOP_SLACK_APP_TOKEN",
        "LONGSTOP_SLACK_SIGNING_SECRET",
        "LONGSTOP_OIDC_CLIENT_SECRET",
        "LONGSTOP_ADMIN_PASSWORD",
    }


def test_what_is_in_force_is_json_and_hides_secrets(tmp_path):
    environ = {
        "LONGSTOP_SECRET_KEY": "k" * 40,
        "LONGSTOP_TRUSTED_PROXIES": "10.0.0.0/8",
        "LONGSTOP_FEED_REFRESH": "90m",
    }
    in_force = shown(read_settings(environ, env_file=tmp_path / ".env", secrets_dir=tmp_path))
    assert "kkk" not in json.dumps(in_force)
    assert in_force["LONGSTOP_SECRET_KEY"] == "***"
    assert in_force["LONGSTOP_SMTP_PASSWORD"] is None
    assert in_force["LONGSTOP_TRUSTED_PROXIES"] == ["10.0.0.0/8"]
    assert in_force["LONGSTOP_FEED_REFRESH"] == "90m"
    assert in_force["LONGSTOP_PORT"] == 8080
    assert in_force["LONGSTOP_DIGEST_AT"] == "mon 08:30"
    assert set(in_force) == {f"LONGSTOP_{name.upper()}" for name in Settings.model_fields}
