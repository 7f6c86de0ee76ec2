"""An evidence pack on its way to whoever asked for it: written to a file of its own, noted, sent, and then gone."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from engine.evidence_pack import packing

if TYPE_CHECKING:
    from engine.evidence_pack.asking import Asked
    from engine.evidence_pack.packing import Pack
    from web.frame.viewer import Viewer

SEAL: Final = "Longstop-Seal"


def sent(viewer: Viewer, asked: Asked) -> FileResponse:
    """The pack, with its seal beside it. Raises SpanRefused, SearchRefused, OSError, and nothing is noted."""
    folder = Path(tempfile.mkdtemp(prefix="longstop-evidence-"))
    file = folder / "evidence.zip"
    try:
        pack = packing.export(viewer.monitor, asked, viewer.person, file)
        packing.note(viewer.monitor, asked, pack, viewer.actor)
    except BaseException:
        _forget(file)
        raise
    name = f"evidence-{asked.from_on.isoformat()}-{asked.until_on.isoformat()}.zip"
    headers = {"Cache-Control": "no-store", SEAL: pack.seal}
    return FileResponse(
        file, media_type="application/zip", filename=name, headers=headers, background=BackgroundTask(_forget, file)
    )


def tried(viewer: Viewer, asked: Asked) -> Pack:
    """What a pack would hold; it is thrown away, and nothing is noted. Raises SpanRefused, SearchRefused, OSError."""
    with tempfile.TemporaryFile() as file:
        return packing.write(viewer.monitor, asked, viewer.person, file)


def _forget(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.parent.rmdir()
