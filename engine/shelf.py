"""Where files are kept: each once, named by the SHA-256 of its bytes, never changed, never half there.

A file is written beside its place, brought to the disk and then moved: what lies at its name is whole. One that no row
names, because the transaction was lost, is harmless and the same when it comes again.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lifecycle.errors import LifecycleError
from store.errors import NotFound

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.agreements.documents import Document


class FileDamaged(LifecycleError):
    """A kept file is gone, or is not what was kept."""

    code = "file-damaged"

    def __init__(self, sha256: str) -> None:
        super().__init__(
            f"The kept file {sha256[:12]} is gone or was changed.",
            remedy="Take it back from a backup.",
            command="longstop backup restore",
        )


class NotKeptHere(LifecycleError):
    """A document that is known, and whose file is not kept here."""

    code = "not-kept"

    def __init__(self, document: Document) -> None:
        where = document.link or document.held_by
        super().__init__(f"The file of {document.name} is not kept here: {where}.", remedy="Ask for it there.")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on the shelf; *size* in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of kept files."""

    folder: Path

    def put(self, content: bytes) -> Kept:
        """Keep these bytes; the same bytes are kept once. Raises OSError where the disk does not take them."""
        digest = hashlib.sha256(content).hexdigest()
        place = self._place(digest)
        if not place.is_file():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside = place.with_name(f".{digest[:12]}-{secrets.token_hex(4)}")
            try:
                with beside.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(place)
            finally:
                beside.unlink(missing_ok=True)
        return Kept(digest, len(content))

    def take(self, sha256: str) -> bytes:
        """The bytes of a kept file. Raises FileDamaged where they are not those that were kept."""
        try:
            content = self._place(sha256).read_bytes()
        except OSError:
            raise FileDamaged(sha256) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise FileDamaged(sha256)
        return content

    def is_whole(self, sha256: str) -> bool:
        """Whether the file is there as it was kept; it is read a piece at a time."""
        try:
            with self._place(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False

    def _place(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256


@dataclass(frozen=True, slots=True)
class Untouched(Shelf):
    """The same folder in a trial: what would be kept is named, and not written."""

    def put(self, content: bytes) -> Kept:
        """What ``Shelf.put`` would answer."""
        return Kept(hashlib.sha256(content).hexdigest(), len(content))


def kept_file(work: Work, agreement: Agreement, document_id: str) -> tuple[Document, bytes]:
    """A document of this agreement with its bytes. Raises NotFound, NotKeptHere, FileDamaged."""
    found = work.documents.get(document_id)
    if found.agreement_id != agreement.id:
        raise NotFound(
            "document",
            document_id,
            remedy="List those of the agreement.",
            command=f"longstop document list {agreement.reference}",
        )
    shelf = work.monitor.shelf
    if found.sha256 is None or shelf is None:
        raise NotKeptHere(found)
    return found, shelf.take(found.sha256)
