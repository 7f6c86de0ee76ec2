"""Whether a pack is what was made: file by file, row by row, link by link, without a database.

1. The manifest is the one that was sealed; with the seal that was told when the pack was made, nobody forged it.
2. Every file is there and is what the manifest says; nothing else is there.
3. Every row is what was written: a changed, missing or added one is named.
4. Every event follows from the one before it, and says what it said when it was hashed.
5. Kept files, playbooks and documents are what the rows and the log say of them.

All that is wrong is found, not only the first of it. What is unreadable is damage, never an error.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final

from engine.evidence_pack import form
from engine.evidence_pack.chain import Chain
from engine.evidence_pack.cross_checks import CrossChecks
from engine.evidence_pack.damage import Damage
from engine.evidence_pack.lines import changed_lines
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PIECE: Final = 1024 * 1024
_MANIFEST_MOST: Final = 64 * 1024 * 1024  # bytes
_UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


class NoPack(LifecycleError):
    """A file that is no evidence pack at all, or whose manifest cannot be read."""

    code = "found-wrong"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"This is no evidence pack: {why}.",
            remedy="Name a ZIP that was exported here.",
            command="longstop evidence export",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found. *manifest* is what the pack says of itself, *seal* the hash of it."""

    manifest: Mapping[str, Any]
    seal: str
    damages: tuple[Damage, ...]
    rows: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.damages

    @property
    def log_broken_at(self) -> int | None:
        """Where the log was broken already when the pack was made; the pack is whole all the same."""
        position = self.manifest.get("log_broken_at")
        return position if isinstance(position, int) else None


def verify(file: Path, *, seal: str = "") -> Verified:
    """Look at everything. Raises NoPack, OSError where the file cannot be opened."""
    try:
        with zipfile.ZipFile(file) as archive:
            text = _manifest_text(archive)
            return _Pack(archive, _manifest(text), hashlib.sha256(text).hexdigest()).verified(seal.strip().lower())
    except zipfile.BadZipFile:
        raise NoPack("it is no ZIP") from None


def _manifest_text(archive: zipfile.ZipFile) -> bytes:
    try:
        if archive.getinfo(form.MANIFEST).file_size > _MANIFEST_MOST:
            raise NoPack("its manifest is too large")
        return archive.read(form.MANIFEST)
    except KeyError:
        raise NoPack("it has no manifest") from None
    except _UNREADABLE:
        raise NoPack("its manifest cannot be read") from None


def _manifest(text: bytes) -> dict[str, Any]:
    try:
        read = json.loads(text)
        files = {str(one["name"]): (str(one["sha256"]), one["rows"]) for one in read["files"]}
    except (ValueError, TypeError, KeyError):
        raise NoPack("its manifest cannot be read") from None
    if read.get("schema") != form.SCHEMA:
        raise NoPack(f"its form is {read.get('schema')!r}, not {form.SCHEMA}")
    return {**read, "files": files}


class _Pack:
    """One pack while it is looked at."""

    def __init__(self, archive: zipfile.ZipFile, manifest: dict[str, Any], seal: str) -> None:
        self._archive = archive
        self._manifest = manifest
        self._seal = seal
        self._files: dict[str, tuple[str, int | None]] = manifest["files"]
        self._rows: dict[str, int] = {}
        self._chain = Chain(manifest.get("chain"))
        self._checks = CrossChecks(manifest)

    def verified(self, seal: str) -> Verified:
        damages = [*self._of_seal(seal), *self._of_names()]
        for name in self._there():
            damages += self._of_file(name)
        damages += [*self._chain.end(), *self._checks.end()]
        return Verified(manifest=self._manifest, seal=self._seal, damages=tuple(damages), rows=self._rows)

    def _of_seal(self, seal: str) -> Iterator[Damage]:
        try:
            kept = self._archive.read(form.SEAL).decode().strip()
        except (KeyError, *_UNREADABLE):
            kept = ""
        if kept != self._seal:
            yield Damage(form.MANIFEST, "", "is not the manifest that was sealed")
        if seal and seal != self._seal:
            yield Damage(form.MANIFEST, "", "does not have the seal that you were told: the pack is another one")

    def _of_names(self) -> Iterator[Damage]:
        names = self._archive.namelist()
        for name in sorted(set(names) - set(self._files) - {form.MANIFEST, form.SEAL}):
            yield Damage(name, "", "was added: the manifest does not name it")
        for name in sorted(set(self._files) - set(names)):
            yield Damage(name, "", "is missing")
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Damage(name, "", "stands there twice")

    def _there(self) -> list[str]:
        names = set(self._archive.namelist())
        return [name for name in self._files if name in names]

    def _of_file(self, name: str) -> Iterator[Damage]:
        """What is wrong with a file: its rows by name where there are any, else the file as a whole."""
        expected, rows = self._files[name]
        try:
            found = list(self._of_rows(name, rows)) if rows is not None else []
            actual = self._hash(name)
        except _UNREADABLE as error:
            yield Damage(name, "", f"cannot be read to its end ({type(error).__name__})")
            return
        yield from found
        if actual != expected and not found:
            yield Damage(name, "", "was changed")
        self._checks.note_file(name, actual)

    def _hash(self, name: str) -> str:
        digest = hashlib.sha256()
        with self._archive.open(name) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
        return digest.hexdigest()

    def _of_rows(self, name: str, rows: int | None) -> Iterator[Damage]:
        hashes = f"{form.HASHES}{name}"
        if hashes in self._archive.namelist():
            with self._archive.open(name) as file, self._archive.open(hashes) as expected:
                yield from changed_lines(name, file, expected)
        number = 0
        with self._archive.open(name) as file:
            for number, row in enumerate(_documents(file), 1):
                yield from self._of_row(name, number, row)
        self._rows[name] = number
        if number != rows:
            yield Damage(name, "", f"has {number} rows, the manifest says {rows}")

    def _of_row(self, name: str, number: int, row: dict[str, Any] | None) -> Iterator[Damage]:
        if row is None:
            yield Damage(name, f"row {number}", "cannot be read")
            return
        if name == form.EVENTS:
            yield from self._chain.follow(row)
        self._checks.note_row(name, row)


def _documents(file: IO[bytes]) -> Iterator[dict[str, Any] | None]:
    """The rows of a file; None for one that is no document."""
    for line in file:
        try:
            read = json.loads(line)
        except (ValueError, RecursionError):
            read = None
        yield read if isinstance(read, dict) else None
