"""What stands around the rows: room on the disk, a write-ahead log that shrinks again, backups that are not too old."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from engine.watcher.watching import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEAST_FREE: Final = 100 * 1024 * 1024  # bytes
BACKUPS: Final = "backups"  # the folder of backups in the data folder
OLD: Final = timedelta(days=2)
_LONGEST_WAL: Final = 1024 * 1024 * 1024  # bytes; SQLite empties it at about 4 MB
_MEGA: Final = 1024 * 1024


class Surroundings:
    """Looks around *data_dir*; *file* is the database where it lies in one."""

    def __init__(self, data_dir: Path, file: Path | None = None) -> None:
        self._data_dir, self._file = data_dir, file

    def __call__(self, now: datetime) -> Iterator[Finding]:
        """What must not be."""
        try:
            free = shutil.disk_usage(self._data_dir).free
        except OSError as error:
            yield Finding("disk", 1, f"The data folder cannot be asked: {error.strerror}.")
            return
        if free < LEAST_FREE:
            yield Finding("disk", 1, f"Only {free // _MEGA} MB are free in the data folder. Make room.")
        yield from self._wal()
        yield from self._backup(now)

    def _wal(self) -> Iterator[Finding]:
        wal = self._file.with_name(f"{self._file.name}-wal") if self._file else None
        size = wal.stat().st_size if wal and wal.exists() else 0
        if size > _LONGEST_WAL:
            told = f"The write-ahead log has {size // _MEGA} MB. A program that reads for long holds it up: end it."
            yield Finding("wal", 1, told)

    def _backup(self, now: datetime) -> Iterator[Finding]:
        """A house that makes backups has a fresh one; one that never made any is told so by the doctor."""
        newest_at = newest_backup_at(self._data_dir)
        if newest_at is not None and newest_at < now - OLD:
            told = f"The newest backup is of {newest_at:%Y-%m-%d}. See why no newer one was made."
            yield Finding("backup", 1, told)


def newest_backup_at(data_dir: Path) -> datetime | None:
    """When the newest backup was made, whoever made it; None where there is none."""
    folder = data_dir / BACKUPS
    made = [path.stat().st_mtime for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
    return datetime.fromtimestamp(max(made), UTC) if made else None
