"""Backups: one ZIP with the register, documents, playbooks, settings without secrets, and a manifest (INTERFACE O8).

1. Each night at the house's hour one is made; so many are kept.
2. What is made is looked at as a restored one would be: hashes, pages, the log's chain.
3. A restored register starts in shadow mode, for what it holds as due may have left meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from engine.new_file import BESIDE, asked_for, must_be_new, new_folder, put_new
from engine.watcher.ahead import SKEW
from engine.watcher.watching import watches
from engine.zones import day_at, instant
from store.backup import BackupDamaged, Due, copy_to, examine, wake
from store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.monitor import Monitor

DATABASE: Final = "longstop.db"
MANIFEST: Final = "manifest.json"
#: In a data folder: it was restored, and nothing leaves until somebody takes this file away.
RESTORED: Final = "restored-in-shadow-mode"
_SCHEMA: Final = "longstop/backup/1"
_FACT: Final = "backup_next_at"
_ABANDONED: Final = timedelta(days=1)  # no backup takes so long
_PIECE: Final = 1024 * 1024


class NotEmpty(StoreError):
    """A backup is restored only where nothing is."""

    code = "folder-not-empty"

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not empty.", remedy="Name a folder that is empty, or is not there yet.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where backups lie, what stands beside the register in them, when they are made and how many are kept."""

    folder: Path
    files: Callable[[], Mapping[str, Path | bytes]]
    at: time = time(2, 30)
    keep: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a backup holds."""

    made_at: datetime
    events: int
    head: str
    files: Mapping[str, str]  # name -> SHA-256


def nightly(monitor: Monitor) -> int:
    """Make a backup if its hour has come; 1 if it was made."""
    plan, at = plan_of(monitor), due_at(monitor)
    if plan is None or at is None or at > monitor.clock.now():
        return 0
    with monitor.look() as work:
        kept = work.keeping.fact(_FACT)
    if kept is not None and datetime.fromisoformat(kept) <= monitor.clock.now():  # else it is only planned anew
        create(monitor, plan)
    with monitor.work() as work:
        work.keeping.set_fact(_FACT, _next_at(monitor, plan, work.now).isoformat())
    return 1


def due_at(monitor: Monitor) -> datetime | None:
    """The house's hour; a new register notes at once when that is, and one whose clock was set back notes it anew."""
    plan = plan_of(monitor)
    if plan is None:
        return None
    with monitor.look() as work:
        kept = work.keeping.fact(_FACT)
        at = datetime.fromisoformat(kept) if kept else work.now
        return at if at <= _next_at(monitor, plan, work.now + SKEW) else work.now


def plan_of(monitor: Monitor) -> Plan | None:
    """Where backups lie; None for a process that makes none."""
    watching = watches(monitor)
    return watching.backups if watching else None


def create(monitor: Monitor, plan: Plan, out: Path | None = None) -> tuple[Path, Contents]:
    """Make one now, whole or not at all, at *out* or in the folder of all, where too old ones go.

    Raises FileThere where something lies at *out*, OSError of where it was to lie, also where that disk is full.
    """
    if out is not None:
        must_be_new(out)
    now = monitor.clock.now()
    target = out or plan.folder / f"longstop-{now:%Y%m%dT%H%M%SZ}.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    if out is None:
        _clear(plan.folder, now - _ABANDONED)
    with asked_for(target), TemporaryDirectory(dir=target.parent, prefix=BESIDE) as made:
        database, part = Path(made) / DATABASE, Path(made) / "part.zip"
        copy_to(monitor.database, database)
        position, head = examine(database)
        contents = _write(part, {DATABASE: database, **plan.files()}, made_at=now, head=(position, head))
        part.chmod(0o600)
        if out is None:
            part.replace(target)
        else:
            put_new(part, out)
    if out is None:
        for old in sorted(plan.folder.glob("longstop-*.zip"))[: -plan.keep]:
            if old != target:  # as it is among those of a clock that was ahead
                old.unlink()
    return target, contents


def verify(file: Path) -> Contents:
    """Whether every byte, page and link of the chain is as it was. Raises BackupDamaged, ChainBroken, OSError."""
    with TemporaryDirectory(prefix="longstop-") as made:
        return _unpacked(file, Path(made))


def restore(file: Path, into: Path, now: datetime) -> tuple[Contents, Due]:
    """Unpack a backup where nothing is, ready to be served in shadow mode.

    Raises NotEmpty, and BackupDamaged, ChainBroken, OSError, DatabaseFull, after which *into* is as it was.
    """
    if into.exists() and any(into.iterdir()):
        raise NotEmpty(into)
    told = "Nothing leaves until this file is taken away and `longstop serve` is started anew.\n"
    with asked_for(into), new_folder(into):
        # First of all: whoever breaks off a restore must not find a register that speaks.
        (into / RESTORED).write_text(told, encoding="utf-8")
        with TemporaryDirectory(dir=into, prefix=BESIDE) as made:
            contents = _unpacked(file, Path(made))
            due = wake(Path(made) / DATABASE, made_at=contents.made_at, now=now)
            for path in Path(made).iterdir():
                path.rename(into / path.name)
    return contents, due


def _clear(folder: Path, before_at: datetime) -> None:
    """Take away what is left of backups whose process was killed: each holds a whole register."""
    for left in folder.glob(f"{BESIDE}*"):
        with suppress(FileNotFoundError):  # another process was done with it in this moment
            if left.stat().st_mtime < before_at.timestamp():
                shutil.rmtree(left, ignore_errors=True)


def _next_at(monitor: Monitor, plan: Plan, now: datetime) -> datetime:
    name = monitor.house.time_zone
    today = day_at(now, name)
    at = instant(today, plan.at, name)
    # Instants are compared: by its local time an hour that comes twice would be ahead when it is over.
    return at if at > now else instant(today + timedelta(days=1), plan.at, name)


def _write(
    part: Path, files: Mapping[str, Path | bytes], *, made_at: datetime, head: tuple[int, str]
) -> Contents:  # fmt: skip
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if isinstance(content, Path):
                archive.write(content, name)
                hashes[name] = _hash(content)
            else:
                archive.writestr(name, content)
                hashes[name] = hashlib.sha256(content).hexdigest()
        contents = Contents(made_at=made_at, events=head[0], head=head[1], files=hashes)
        archive.writestr(MANIFEST, json.dumps(_document(contents), indent=1))
    return contents


def _unpacked(file: Path, into: Path) -> Contents:
    """Every file that the manifest names, checked by its hash; no other name is taken, none leads out of *into*."""
    try:
        with zipfile.ZipFile(file) as archive:
            contents = _read(json.loads(archive.read(MANIFEST)))
            for name, expected in contents.files.items():
                target = into / name
                if not target.resolve().is_relative_to(into.resolve()):
                    raise BackupDamaged(f"{name} leads out of it")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.touch(0o600)  # what was its owner's alone stays so
                with archive.open(name) as source, target.open("wb") as kept:
                    while piece := source.read(_PIECE):
                        kept.write(piece)
                if _hash(target) != expected:
                    raise BackupDamaged(f"{name} was changed")
    except zipfile.BadZipFile:
        raise BackupDamaged("it is no ZIP, or a part of one") from None
    except (zlib.error, EOFError, KeyError, ValueError, TypeError):
        raise BackupDamaged("its manifest or a file of it cannot be read") from None
    if examine(into / DATABASE) != (contents.events, contents.head):
        raise BackupDamaged("its log is another one")
    return contents


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _document(contents: Contents) -> dict[str, Any]:
    return {
        "schema": _SCHEMA,
        "made_at": contents.made_at.isoformat(),
        "events": contents.events,
        "head": contents.head,
        "files": dict(contents.files),
    }


def _read(document: dict[str, Any]) -> Contents:
    return Contents(
        made_at=datetime.fromisoformat(document["made_at"]),
        events=int(document["events"]),
        head=str(document["head"]),
        files={str(name): str(value) for name, value in document["files"].items()},
    )
