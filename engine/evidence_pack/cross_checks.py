"""What files of a pack say of one another: a kept file of its hash, the log of a document, the manifest of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.evidence_pack import form
from engine.evidence_pack.damage import Damage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class CrossChecks:
    """What is noted while the files are read, and compared at the end."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self._manifest = manifest
        self._files: dict[str, str] = {}
        self._documents: dict[str, tuple[str | None, bool]] = {}
        self._logged: dict[str, str | None] = {}
        self._playbooks: dict[str, str] = {}
        self._agreements = 0

    def note_file(self, name: str, sha256: str) -> None:
        """A file with the hash that it really has."""
        if name.startswith((form.DOCUMENTS, form.PLAYBOOKS)):
            self._files[name] = sha256

    def note_row(self, name: str, row: Mapping[str, Any]) -> None:
        """A row that could be read."""
        match name:
            case form.REGISTER:
                self._agreements += 1
            case form.DOCUMENT_ROWS:
                self._documents[str(row.get("id"))] = (row.get("sha256"), row.get("is_there") is not False)
            case form.PLAYBOOK_ROWS:
                self._playbooks[f"{form.PLAYBOOKS}{row.get('playbook')}.{row.get('version')}.json"] = str(
                    row.get("sha256")
                )
            case form.EVENTS if row.get("type") == "DocumentAdded" and isinstance(row.get("payload"), dict):
                self._logged[str(row["payload"].get("document_id"))] = row["payload"].get("sha256")
            case _:
                pass

    def end(self) -> Iterator[Damage]:
        """What does not fit."""
        yield from self._of_documents()
        yield from self._of_playbooks()
        told = self._manifest.get("agreements")
        included = told.get("included") if isinstance(told, dict) else None
        if included != self._agreements:
            yield Damage(form.MANIFEST, "", f"says {included} agreements, the register has {self._agreements}")

    def _of_documents(self) -> Iterator[Damage]:
        for document_id, (sha256, _) in self._documents.items():
            if document_id in self._logged and self._logged[document_id] != sha256:
                yield Damage(form.DOCUMENT_ROWS, f"document {document_id}", "has another hash than the log says")
        for kept in dict.fromkeys(sha256 for sha256, is_there in self._documents.values() if sha256 and is_there):
            yield from self._of_kept(f"{form.DOCUMENTS}{kept}", kept)

    def _of_playbooks(self) -> Iterator[Damage]:
        for name, sha256 in self._playbooks.items():
            yield from self._of_kept(name, sha256)

    def _of_kept(self, name: str, sha256: str) -> Iterator[Damage]:
        actual = self._files.get(name)
        if actual != sha256:
            yield Damage(name, "", "is missing" if actual is None else "is not the file that was kept")
