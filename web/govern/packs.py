"""An evidence pack on its way to whoever asked for it: written to a file of its own, noted, sent, and then gone."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from engine.evidence_pack import packing
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from engine.evidence_pack.asking import Asked
    from engine.evidence_pack.packing import Pack
    from web.frame.viewer import Viewer

SEAL: Final = "Longstop-Seal"
BROKEN: Final = "Longstop-Log-Broken-At"


class LogBroken(LifecycleError):
    """A pack of a log that is broken, which somebody has to want knowingly."""

    code = "log-broken"

    def __init__(self, position: int) -> None:
        super().__init__(
            f"The log is broken at position {position}. No pack was made yet.",
            remedy="Verify the chain on the page of the log to see how. The pack can be made all the same; it says so.",
        )


def sent(viewer: Viewer, asked: Asked, *, is_broken_taken: bool) -> FileResponse:
    """The pack, with its seal beside it; *is_broken_taken*: also of a broken log, whose first bad position is told.

    Raises SpanRefused, SearchRefused, LogBroken, OSError, and nothing is noted.
    """
    folder = Path(tempfile.mkdtemp(prefix="longstop-evidence-"))
    file = folder / "evidence.zip"
    try:
        pack = packing.export(viewer.monitor, asked, viewer.person, file)
        if not is_broken_taken:
            _must_be_of_a_whole_log(pack)
        packing.note(viewer.monitor, asked, pack, viewer.actor)
    except BaseException:
        _forget(file)
        raise
    name = f"evidence-{asked.from_on.isoformat()}-{asked.until_on.isoformat()}.zip"
    headers = {"Cache-Control": "no-store", SEAL: pack.seal}
    if pack.log_broken_at is not None:
        headers[BROKEN] = str(pack.log_broken_at)
    return FileResponse(
        file, media_type="application/zip", filename=name, headers=headers, background=BackgroundTask(_forget, file)
    )


def tried(viewer: Viewer, asked: Asked) -> Pack:
    """What a pack would hold; it is thrown away, and nothing is noted. Raises SpanRefused, SearchRefused, OSError."""
    with tempfile.TemporaryFile() as file:
        return packing.write(viewer.monitor, asked, viewer.person, file)


def _must_be_of_a_whole_log(pack: Pack) -> None:
    if pack.log_broken_at is not None:
        raise LogBroken(pack.log_broken_at)


def _forget(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.parent.rmdir()
