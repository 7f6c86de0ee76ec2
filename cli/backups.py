"""What goes into a backup beside the register, and backups as documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.backups.making import Plan
from engine.watcher.surroundings import BACKUPS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.settings import Settings
    from engine.backups.making import Contents

_DOCUMENTS = "documents"


def plan(settings: Settings) -> Plan:
    """Where and when backups are made by these settings."""
    return Plan(
        folder=settings.data_dir / BACKUPS,
        files=lambda: _files(settings),
        at=settings.backup_at,
        keep=settings.backup_keep,
    )


def document(file: Path, contents: Contents) -> dict[str, Any]:
    """A backup as the command line tells it."""
    return {
        "file": str(file),
        "made_at": contents.made_at,
        "events": contents.events,
        "head": contents.head,
        "files": len(contents.files),
    }


def _files(settings: Settings) -> Mapping[str, Path | bytes]:
    """Documents, playbooks of the house's own, and the settings with their secrets as ***."""
    from config.settings_docs import shown

    found: dict[str, Path | bytes] = {"settings.json": json.dumps(shown(settings), indent=1, default=str).encode()}
    folders = {_DOCUMENTS: settings.data_dir / _DOCUMENTS, "playbooks": settings.playbook_dir}
    for name, folder in folders.items():
        if folder is not None and folder.is_dir():
            files = sorted(path for path in folder.rglob("*") if path.is_file())
            found |= {f"{name}/{path.relative_to(folder).as_posix()}": path for path in files}
    return found
