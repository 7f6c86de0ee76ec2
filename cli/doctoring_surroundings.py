"""What a doctor looks at around Longstop: the address that people open, proxies before it, channels, backups."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from cli import bootstrap
from cli.examined import BAD, OK, WARNING, Examined
from engine.watcher.surroundings import BACKUPS, OLD, newest_backup_at
from notifiers.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from config.settings import Settings

_FOLDERS: Final = ("documents", "uploads", BACKUPS)
_BESIDE: Final = ("-wal", "-shm")
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def surroundings(settings: Settings, now: datetime) -> Iterator[Examined]:
    """Every check that needs neither a network nor a database."""
    yield from _unwritable(settings)
    yield _address(settings)
    yield _proxies(settings)
    yield _backup(settings, now)


def _unwritable(settings: Settings) -> Iterator[Examined]:
    """What stands in a data folder that can be written and cannot be written itself, or where the register lies."""
    places = [settings.data_dir / name for name in _FOLDERS]
    if file := bootstrap.sqlite_file(settings):
        places += [file, *(file.with_name(file.name + beside) for beside in _BESIDE)]
        places += [file.parent] if file.parent != settings.data_dir.resolve() else []
    for place in places:
        if os.path.exists(place) and not os.access(place, os.W_OK):  # noqa: PTH110 - Path raises below a closed folder
            yield Examined("rights", BAD, f"{place} cannot be written", "Give this user the right to write there.")


def _address(settings: Settings) -> Examined:
    address = urlsplit(settings.base_url)
    told = f"Links lead to {settings.base_url}"
    if address.path != settings.root_path:
        told = f"{told}, and pages are served under {settings.root_path or '/'}"
        return Examined("base url", BAD, told, "Give LONGSTOP_BASE_URL and LONGSTOP_ROOT_PATH the same path.")
    if address.hostname in _HERE and (settings.smtp_host or settings.host not in _HERE):
        return Examined(
            "base url", WARNING, f"{told}: nobody else's machine", "Set LONGSTOP_BASE_URL to what people open."
        )
    if address.hostname in _HERE and not settings.trusted_proxies and settings.port not in {0, address.port or 80}:
        told = f"{told}, and Longstop listens at port {settings.port}"
        return Examined("base url", WARNING, told, "Set LONGSTOP_BASE_URL to what people open.")
    if address.hostname not in _HERE and address.scheme == "http":
        return Examined("base url", WARNING, f"{told}, unencrypted", "Serve it by https, and say so in the address.")
    return Examined("base url", OK, told)


def _proxies(settings: Settings) -> Examined:
    if settings.root_path and not settings.trusted_proxies:
        remedy = "Name it in LONGSTOP_TRUSTED_PROXIES, or leave LONGSTOP_ROOT_PATH out."
        return Examined("proxies", WARNING, "A proxy serves Longstop under a path, and none is trusted", remedy)
    told = ", ".join(map(str, settings.trusted_proxies))
    return Examined("proxies", OK, f"trusted: {told}" if told else "none is trusted")


def _backup(settings: Settings, now: datetime) -> Examined:
    """The newest file counts, whoever made it."""
    made_at = newest_backup_at(settings.data_dir)
    if made_at is None:
        folder = settings.data_dir / BACKUPS
        return Examined("backup", WARNING, f"None lies in {folder}", "Make one with `longstop backup create`.")
    told = f"the newest is {counted((now - made_at).days, 'day')} old"
    if now - made_at > OLD:
        return Examined("backup", WARNING, told, "See why no newer one was made.")
    return Examined("backup", OK, told)
