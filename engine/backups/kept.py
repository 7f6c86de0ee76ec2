"""The backups that lie in the house's folder, by name, and the last time that one was tried out.

To try one out is to unpack it elsewhere and look at every byte, page and link of it, as a restore does.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.backups import making as backups
from lifecycle.errors import LifecycleError
from store.codec import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.monitor import Monitor, Work

_FACT: Final = "backup_checked"


class NoBackup(LifecycleError):
    """There is no backup of this name in the house's folder, or no folder."""

    code = "not-found"

    def __init__(self, name: str = "") -> None:
        super().__init__(f"There is no backup {name}".rstrip() + ".", remedy="Make one, or look at the list again.")


class DiskRefused(LifecycleError):
    """The folder of backups, or the room beside it, cannot be used."""

    code = "disk-refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"The disk refused: {why}.", remedy="Look at the room and the rights of the data folder.")


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


def listed(monitor: Monitor) -> list[Kept]:
    """The backups in the folder, the newest first."""
    plan = backups.plan_of(monitor)
    if plan is None or not plan.folder.is_dir():
        return []
    found = [_kept(path) for path in plan.folder.glob("longstop-*.zip") if path.is_file()]
    return sorted(found, key=lambda one: (one.made_at, one.name), reverse=True)


def create(monitor: Monitor, *, is_dry_run: bool = False) -> Kept:
    """Make one now; a trial makes it elsewhere on the same disk and keeps nothing.

    Raises NoBackup where this process makes none, DiskRefused, DatabaseFull.
    """
    plan = backups.plan_of(monitor)
    if plan is None:
        raise NoBackup
    with _disk():
        if not is_dry_run:
            return _kept(backups.create(monitor, plan)[0])
        plan.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=plan.folder, prefix=".trial-") as elsewhere:
            return _kept(backups.create(monitor, replace(plan, folder=Path(elsewhere)))[0])


def file_of(monitor: Monitor, name: str) -> Path:
    """Where a backup lies; *name* is one of those that are listed, never a path. Raises NoBackup."""
    plan = backups.plan_of(monitor)
    if plan is None or name not in {one.name for one in listed(monitor)}:
        raise NoBackup(name)
    return plan.folder / name


def try_out(monitor: Monitor, name: str, *, is_dry_run: bool = False) -> Checked:
    """Restore it elsewhere, look at it, and note what was found; a trial notes nothing.

    Raises NoBackup, DiskRefused.
    """
    file = file_of(monitor, name)
    try:
        with _disk():
            contents = backups.verify(file)
        is_whole, said = True, f"{contents.events} events, {len(contents.files)} files"
    except DiskRefused:
        raise
    except LifecycleError as error:
        is_whole, said = False, error.sentence
    found = Checked(name=name, at=monitor.clock.now(), is_whole=is_whole, said=said)
    if not is_dry_run:
        with monitor.work() as work:
            work.keeping.set_fact(_FACT, dumps(found))
    return found


def last_check(work: Work) -> Checked | None:
    """What the last try found; None where none was made."""
    kept = work.keeping.fact(_FACT)
    return loads(kept, Checked) if kept else None


@contextmanager
def _disk() -> Iterator[None]:
    """What the system says of its disk, as an error of ours."""
    try:
        yield
    except OSError as error:
        raise DiskRefused(error.strerror or type(error).__name__) from None


def _kept(path: Path) -> Kept:
    stat = path.stat()
    return Kept(path.name, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))
