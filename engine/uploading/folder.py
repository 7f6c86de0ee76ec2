"""Where files wait that people bring in: a folder for each under a random id, which nobody but the house can read.

What a sender calls a file is a word to show; it never becomes a path. What is older than seven days goes.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from engine.uploading.pending import KEPT
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from datetime import datetime

FOLDER: Final = "uploads"
_ID: Final = re.compile(r"[0-9a-f]{32}")
_LONGEST_NAME: Final = 120


class UploadGone(LifecycleError):
    """The file is not there any more."""

    code = "upload-gone"

    def __init__(self) -> None:
        super().__init__("The file is not here any more.", remedy="Upload it again; what was said of it is remembered.")


class Uploads:
    """The folders of uploads under *data_dir*."""

    def __init__(self, data_dir: Path) -> None:
        """*data_dir* need not hold the folder yet."""
        self._folder = data_dir / FOLDER

    def add(self, content: bytes, now: datetime) -> str:
        """Keep a file; its id. What is too old goes with this."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sweep(now)
        upload_id = secrets.token_hex(16)
        (self._folder / upload_id).mkdir(mode=0o700)
        self.replace(upload_id, content)
        return upload_id

    def replace(self, upload_id: str, content: bytes) -> None:
        """Keep another file in its place; what was found in the old one goes."""
        folder = self._of(upload_id)
        for known in folder.iterdir():
            known.unlink()
        path = folder / "file"
        path.touch(mode=0o600)
        path.write_bytes(content)

    def file(self, upload_id: str) -> Path:
        """The file. Raises UploadGone."""
        path = self._of(upload_id) / "file"
        if not path.is_file():
            raise UploadGone
        return path

    def corrections(self, upload_id: str) -> Path:
        """Where the rows stand that failed; it need not be there."""
        return self._of(upload_id) / "corrections.xlsx"

    def note(self, upload_id: str, name: str, told: dict[str, Any]) -> None:
        """Keep a note beside the file, whole or not at all."""
        folder = self._of(upload_id)
        if folder.is_dir():
            new = folder / f"{name}.{secrets.token_hex(4)}.new"
            new.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
            new.replace(folder / f"{name}.json")

    def noted(self, upload_id: str, name: str) -> dict[str, Any] | None:
        """A note; None where there is none."""
        try:
            told: dict[str, Any] = json.loads((self._of(upload_id) / f"{name}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return told

    def forget(self, upload_id: str, name: str) -> None:
        """Drop a note."""
        (self._of(upload_id) / f"{name}.json").unlink(missing_ok=True)

    def drop(self, upload_id: str) -> None:
        """Drop a file and all that was found in it."""
        shutil.rmtree(self._of(upload_id), ignore_errors=True)

    def sweep(self, now: datetime) -> None:
        """Drop what has not been touched for seven days; *now* is an instant of the wall clock, as files have."""
        oldest = (now - KEPT).timestamp()
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            if _ID.fullmatch(folder.name) and folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)

    def _of(self, upload_id: str) -> Path:
        if not _ID.fullmatch(upload_id):
            raise UploadGone
        return self._folder / upload_id


def shown_name(name: str) -> str:
    """What a file is called, as it can be shown: without folders, without signs that do not print, and not too long."""
    last = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join(sign for sign in last if sign.isprintable()).strip()
    return clean[-_LONGEST_NAME:] or "file"
