"""A pack as it is written: one ZIP, file after file, the same bytes for the same content.

Every file is hashed, and every row of a file of rows as well, so that a changed row can be named. Nothing is held in
memory but what is being written. The manifest comes last; its hash is the pack's seal.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final

from engine.documents.plain import jsonable
from engine.evidence_pack.form import HASHES, MANIFEST, SEAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType
    from typing import Self

_BORN: Final = (1980, 1, 1, 0, 0, 0)  # the first day that a ZIP knows: no clock is written
_UNIX: Final = 3
_IN_MEMORY: Final = 1024 * 1024
_PIECE: Final = 1024 * 1024


class PackWriter:
    """One pack; use it in a ``with`` statement and end it with ``seal``."""

    def __init__(self, file: IO[bytes]) -> None:
        self._archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self.files: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    def file(self, name: str, content: bytes) -> None:
        """A file of its own."""
        with self._begun(name) as file:
            file.write(content)
        self._note(name, hashlib.sha256(content).hexdigest(), len(content))

    def rows(self, name: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """A file of one JSON document a line, and beside it the hashes of the lines; how many there are."""
        digest, size, number = hashlib.sha256(), 0, 0
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as hashes:
            with self._begun(name) as file:
                for row in rows:
                    line = line_of(row)
                    file.write(line)
                    hashes.write(f"{hashlib.sha256(line).hexdigest()}\n".encode())
                    digest.update(line)
                    size, number = size + len(line), number + 1
            self._note(name, digest.hexdigest(), size, rows=number)
            hashes.seek(0)
            self._copy(f"{HASHES}{name}", hashes)
        return number

    def seal(self, told: Mapping[str, Any]) -> str:
        """Write the manifest: *told*, then every file with its hash. The pack's seal is the manifest's own hash."""
        manifest = json.dumps(jsonable({**told, "files": self.files}), ensure_ascii=False, indent=1).encode()
        seal = hashlib.sha256(manifest).hexdigest()
        for name, content in ((MANIFEST, manifest), (SEAL, f"{seal}\n".encode())):
            with self._begun(name) as file:
                file.write(content)
        return seal

    def _copy(self, name: str, source: IO[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        with self._begun(name) as file:
            while piece := source.read(_PIECE):
                file.write(piece)
                digest.update(piece)
                size += len(piece)
        self._note(name, digest.hexdigest(), size)

    def _begun(self, name: str) -> IO[bytes]:
        info = zipfile.ZipInfo(name, date_time=_BORN)
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, _UNIX, 0o600 << 16
        return self._archive.open(info, "w", force_zip64=True)

    def _note(self, name: str, sha256: str, size: int, rows: int | None = None) -> None:
        self.files.append({"name": name, "sha256": sha256, "size": size, "rows": rows})


def line_of(row: Mapping[str, Any]) -> bytes:
    """A row as its line."""
    return json.dumps(jsonable(row), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
