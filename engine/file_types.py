"""What a file is, told from its first bytes and never from its name.

Evidence comes as documents, tables, pictures and plain text. What can act by itself (pages with scripts, programs,
documents with macros) is none of these and is refused. Sources of the signatures: ISO 32000 7.5.2 (PDF), RFC 2083
(PNG), ITU T.81 B.1.1 (JPEG), ECMA-376 part 2 (Office), OASIS OpenDocument 1.3 part 2 (ODF).
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import Final

from lifecycle.errors import LifecycleError

#: What may come, as people read it.
ACCEPTED: Final = "PDF, Word, Excel, PowerPoint, OpenDocument, PNG, JPEG, plain text or CSV"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_PARTS: Final = (
    ("word/", f"{_OFFICE}wordprocessingml.document"),
    ("xl/", f"{_OFFICE}spreadsheetml.sheet"),
    ("ppt/", f"{_OFFICE}presentationml.presentation"),
)
_OPEN: Final = "application/vnd.oasis.opendocument."
_OPEN_KINDS: Final = frozenset({"text", "spreadsheet", "presentation", "graphics"})
_PDF_WITHIN: Final = 1024  # bytes before its head that readers put up with
_ENTRIES_MOST: Final = 10_000
#: What the library says of archives that are none, or no whole ones.
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f")


class FileRefused(LifecycleError):
    """A file that is not taken for what it is."""

    code = "unsupported-media-type"


class FileEmpty(LifecycleError):
    """A file without a byte."""

    code = "file-empty"

    def __init__(self) -> None:
        super().__init__("The file is empty.", remedy="Choose the file again; it may still have been on its way.")


def media_type_of(content: bytes) -> str:
    """The media type of what a file holds. Raises FileEmpty, FileRefused."""
    if not content:
        raise FileEmpty
    found = _by_signature(content) or _packed(content) or _text(content)
    if found is None:
        raise FileRefused(
            "This kind of file is not taken; what it holds counts, not its name.", remedy=f"Send {ACCEPTED}."
        )
    return found


def _by_signature(content: bytes) -> str | None:
    if b"%PDF-" in content[: _PDF_WITHIN + 5]:
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return None


def _packed(content: bytes) -> str | None:
    """The kind of an office document; its list of parts is read, and nothing is unpacked but a line that says it."""
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            names = packed.namelist()
            if len(names) > _ENTRIES_MOST or any(_can_act(name) for name in names):
                return None
            if "[Content_Types].xml" in names:
                return next((kind for part, kind in _PARTS if any(name.startswith(part) for name in names)), None)
            return _open_document(packed, names)
    except _DAMAGED:
        return None


def _can_act(name: str) -> bool:
    low = name.casefold()
    return low.endswith("vbaproject.bin") or low.startswith(("basic/", "scripts/"))


def _open_document(packed: zipfile.ZipFile, names: list[str]) -> str | None:
    """An OpenDocument says what it is in its first part, unpacked."""
    first = packed.infolist()[0] if names else None
    if first is None or first.filename != "mimetype" or first.file_size > len(_OPEN) + 40:
        return None
    said = packed.read(first).decode("ascii", "replace")
    kind = said.removeprefix(_OPEN)
    return said if said.startswith(_OPEN) and kind in _OPEN_KINDS else None


def _text(content: bytes) -> str | None:
    """Plain text in UTF-8; what begins like a page or a drawing is none."""
    try:
        said = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if not _CONTROLS.isdisjoint(content) or said.lstrip().startswith(("<", "#!", "MZ")):
        return None
    return "text/plain"
