"""The backups that lie in the house's folder, by name, and the last time that one was tried out.

To try one out is to unpack it elsewhere and look at every byte, page and link of it, as a restore does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from engine import backups
from engine.watcher.watching import watches
from lifecycle.errors import LifecycleError
from store.codec import dumps, loads

if TYPE_CHECKING:
    from pathlib import Path

    from engine.backups import Plan
    from engine.monitor import Monitor, Work

_FACT: Final = "backup_checked"


class NoBackup(LifecycleError):
    """There is no backup of this name in the house's folder, or no folder."""

    code = "not-found"

    def __init__(self, name: str = "") -> None:
        super().__init__(f"There is no backup {name}".rstrip() + ".", remedy="Make one, or look at the list again.")


class Kept(NamedTuple):
    """A backup in the folder. *size* in bytes."""

    name: str
    size: int
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found when a backup was tried out."""

    name: str
    at: datetime
    is_whole: bool
    said: str


def plan_of(monitor: Monitor) -> Plan | None:
    """Where backups lie; None for a process that makes none."""
    watching = watches(monitor)
    return watching.backups if watching else None


def listed(monitor: Monitor) -> list[Kept]:
    """The backups in the folder, the newest first."""
    plan = plan_of(monitor)
    if plan is None or not plan.folder.is_dir():
        return []
    found = [_kept(path) for path in plan.folder.glob("longstop-*.zip") if path.is_file()]
    return sorted(found, key=lambda one: (one.made_at, one.name), reverse=True)


def create(monitor: Monitor) -> Kept:
    """Make one now. Raises NoBackup where this process makes none, OSError, DatabaseFull."""
    plan = plan_of(monitor)
    if plan is None:
        raise NoBackup
    file, _ = backups.create(monitor, plan)
    return _kept(file)


def file_of(monitor: Monitor, name: str) -> Path:
    """Where a backup lies; *name* is one of those that are listed, never a path. Raises NoBackup."""
    plan = plan_of(monitor)
    if plan is None or name not in {one.name for one in listed(monitor)}:
        raise NoBackup(name)
    return plan.folder / name


def try_out(monitor: Monitor, name: str) -> Checked:
    """Restore it elsewhere, look at it, and note what was found. Raises NoBackup, OSError."""
    file = file_of(monitor, name)
    try:
        contents = backups.verify(file)
        is_whole, said = True, f"{contents.events} events, {len(contents.files)} files"
    except LifecycleError as error:
        is_whole, said = False, error.sentence
    with monitor.work() as work:
        found = Checked(name=name, at=work.now, is_whole=is_whole, said=said)
        work.keeping.set_fact(_FACT, dumps(found))
    return found


def last_check(work: Work) -> Checked | None:
    """What the last try found; None where none was made."""
    kept = work.keeping.fact(_FACT)
    return loads(kept, Checked) if kept else None


def _kept(path: Path) -> Kept:
    stat = path.stat()
    return Kept(path.name, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))
