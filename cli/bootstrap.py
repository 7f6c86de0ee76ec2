"""The only module that knows every package: from settings to an engine, and the first start of a register.

A channel is one module in ``notifiers`` and one line in ``_notifiers``.
"""

from __future__ import annotations

import os
import random
import sys
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cli import backups, first_run, webhooks
from config.holiday_calendars import business_calendar
from config.laws import lookup
from config.logging import configure_logging
from config.playbooks import load_playbooks
from config.settings import checked, has_signing_key, read_settings, signing_key
from engine.backups.making import RESTORED
from engine.clock import SystemClock, VirtualClock
from engine.delivery import shadow
from engine.incoming.links import Links
from engine.monitor import House, Monitor
from engine.playbooks.versions import ensure_shipped
from engine.shelf import Shelf
from engine.watcher.surroundings import Surroundings
from engine.watcher.watching import Watching
from lifecycle.playbooks.canonical import from_canonical
from store.database import open_database
from store.errors import StoreError
from store.migrate import is_current, must_not_be_newer, upgrade
from store.queries.health import is_made

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from typing import TextIO

    from cli.main import Given
    from config.settings import SettingProblem, Settings
    from lifecycle.playbooks.playbook import Playbook
    from notifiers.base import Notifier
    from notifiers.email import MailSettings
    from notifiers.mailbox import MailboxSettings


class OlderDatabase(StoreError):
    """The database was made by an older version of Longstop."""

    code = "other-database"

    def __init__(self) -> None:
        super().__init__(
            "The database has the form of an older version of Longstop.",
            remedy="Make a backup with that version, then bring it here: `longstop db upgrade`.",
        )


def settings(given: Given) -> Settings:
    """What is configured, and the log that goes with it. Raises SettingsError with everything that is wrong."""
    found = read_settings(_environment(given))
    level = "error" if given.is_quiet else "debug" if given.is_verbose else "warning"
    configure_logging(form=found.log_format, level=level)
    return found


def settings_of(given: Mapping[str, str]) -> Settings:
    """Settings from *given* alone, by their names without prefix; nothing of this machine's reaches them."""
    nowhere = Path(os.devnull)
    prefixed = {f"LONGSTOP_{name}": value for name, value in given.items()}
    return read_settings(prefixed, env_file=nowhere, secrets_dir=nowhere)


def settings_problems(given: Given) -> list[SettingProblem]:
    """Everything that is wrong with what is configured, errors first."""
    return checked(_environment(given))


def assembled(
    settings: Settings, *, wake: Callable[[], None] = lambda: None, stream: TextIO | None = None
) -> Monitor:  # fmt: skip
    """The engine, on the database of *settings*; *stream* is where the console channel writes (stderr).

    Raises OSError where the data folder cannot be made, or the key in it.
    """
    notifiers = _notifiers(settings, stream or sys.stderr)
    house = _house(settings)
    if file := sqlite_file(settings):
        file.parent.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database.get_secret_value())
    return Monitor(
        database=database,
        clock=SystemClock(),
        random=random.SystemRandom(),
        calendars=business_calendar,
        playbook_from=from_canonical,
        notifiers={**notifiers, "webhook": webhooks.channel(settings, database)},
        house=house,
        wake=wake,
        laws=lookup,
        watching=_watching(settings),
        links=Links(key(settings), house.base_url),
        shelf=Shelf(settings.data_dir / "documents"),
    )


def sqlite_file(settings: Settings) -> Path | None:
    """The file of the database, whether or not it is there yet; None where it is no file."""
    kind, is_file, path = settings.database.get_secret_value().partition("sqlite:///")
    return Path(path) if is_file and not kind else None


def key(settings: Settings) -> str:
    """What signs links and forms. Raises OSError where it cannot be made."""
    return signing_key(settings).get_secret_value()


def has_key(settings: Settings) -> bool:
    """Whether there is a key already: the next start would make none."""
    return has_signing_key(settings)


def ready(monitor: Monitor, settings: Settings) -> None:
    """Make the register at its first use. Raises OlderDatabase, NewerDatabase."""
    if is_current(monitor.database):
        return
    if is_made(monitor.database):
        must_not_be_newer(monitor.database)
        raise OlderDatabase
    first_start(monitor, settings)


def first_start(monitor: Monitor, settings: Settings) -> tuple[str | None, str]:
    """Bring the database to this version, take in the playbooks that ship, and give the register its name.

    So is the first admin whom the settings name. What shadow mode held is looked at now that it is over. The revisions
    before and after. Raises NewerDatabase, YamlRefused, PasswordRefused.
    """
    changed = upgrade(monitor.database)
    with monitor.work() as work:
        ensure_shipped(work, playbooks(settings))
        if work.keeping.fact("instance") is None:
            work.keeping.set_fact("instance", str(uuid.uuid4()))
        first_run.admin_of_settings(work, settings)
        shadow.release(work)
    return changed


def closed(monitor: Monitor) -> None:
    """Let go of channels and database."""
    for notifier in monitor.notifiers.values():
        notifier.close()
    monitor.database.close()


def playbooks(settings: Settings) -> tuple[Playbook, ...]:
    """The playbooks that ship and those of the folder. Raises YamlRefused with all their errors."""
    return load_playbooks(settings.playbook_dir)


def standing_at(monitor: Monitor, day: date) -> Monitor:
    """The same engine under a clock that stands at noon of *day*, UTC: that day almost everywhere."""
    from datetime import UTC, datetime, time

    return replace(monitor, clock=VirtualClock(datetime.combine(day, time(12), UTC)))


def _environment(given: Given) -> dict[str, str]:
    environ = dict(os.environ)
    if given.data_dir is not None:
        environ["LONGSTOP_DATA_DIR"] = str(given.data_dir)
    return environ


def _house(settings: Settings) -> House:
    return House(
        organisation=settings.organisation,
        time_zone=settings.time_zone,
        calendar=settings.calendar or "SAT_SUN",
        send_at=settings.send_at,
        digest_weekday=settings.digest_at.weekday,
        digest_at=settings.digest_at.at,
        horizon_months=settings.horizon_months,
        base_url=settings.base_url,
        senders=settings.senders,
        shadow_mode=settings.shadow_mode or (settings.data_dir / RESTORED).exists(),
        external_mail=settings.external_mail,
        copy_in_doubt=settings.mail_in_doubt,
        post_in_doubt=settings.slack_in_doubt,
        room=("slack", settings.slack_channel) if settings.slack_channel else None,
        playbook_approval_over=settings.playbook_approval_over,
        mail_calendar=settings.mail_calendar,
        channels=_order(settings),
        timings=settings.timings,
    )


def _watching(settings: Settings) -> Watching:
    """What a process that schedules watches the house with."""
    from jobs.heartbeat import Heartbeat

    url = settings.heartbeat_url.get_secret_value() if settings.heartbeat_url else ""
    return Watching(
        surroundings=Surroundings(settings.data_dir, sqlite_file(settings)),
        heartbeat=Heartbeat(url) if url else None,
        backups=backups.plan(settings),
        canaries={"slack": settings.slack_channel} if settings.slack_mode != "off" and settings.slack_channel else {},
    )


def _notifiers(settings: Settings, stream: TextIO) -> Mapping[str, Notifier]:
    """The channels that are configured; the console is always there, so that what was written for it can leave."""
    from notifiers.console import ConsoleNotifier

    found: dict[str, Notifier] = {"console": ConsoleNotifier(stream, as_json=settings.log_format == "json")}
    if settings.smtp_host:
        found["email"] = _email(settings)
    if settings.slack_mode != "off":
        found["slack"] = _slack(settings)
    return found


def _order(settings: Settings) -> tuple[str, ...]:
    """In which order people are tried who have chosen none."""
    there = (("slack", settings.slack_mode != "off"), ("email", bool(settings.smtp_host)))
    return tuple(name for name, is_there in there if is_there) or ("console",)


def _slack(settings: Settings) -> Notifier:
    from notifiers.slack.notifier import SlackNotifier, SlackSettings

    return SlackNotifier(
        SlackSettings(
            token=settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else "",
            api_url=settings.slack_api_url,
            rate=settings.slack_rate,
            timeout=settings.timings_timeout,
        )
    )


def _email(settings: Settings) -> Notifier:
    from notifiers.email import EmailNotifier

    return EmailNotifier(mail_settings(settings))


def mail_settings(settings: Settings) -> MailSettings:
    """How mail leaves; only where there is a mail server."""
    from email.utils import parseaddr

    from notifiers.email import MailSettings

    domain = settings.mail_domain or parseaddr(settings.mail_from)[1].rpartition("@")[2]
    bounces = settings.bounce_imap_url.get_secret_value() if settings.bounce_imap_url else ""
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
    return MailSettings(
        host=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_username,
        password=password,
        tls=settings.smtp_tls,
        mail_from=settings.mail_from,
        reply_to=settings.mail_reply_to,
        domain=domain,
        redact_subject=settings.mail_redact_subject,
        timeout=settings.timings_timeout,
        bounce_address=(parseaddr(settings.bounce_address)[1] or f"bounce@{domain}") if bounces else "",
        bounces=_bounces(bounces, settings.timings_timeout) if bounces else None,
    )


def _bounces(url: str, timeout: float) -> MailboxSettings:
    from notifiers.mailbox import mailbox_at

    return mailbox_at(url, timeout=timeout)
