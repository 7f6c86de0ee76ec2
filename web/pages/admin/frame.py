"""What all operator's pages share: who may see which part, and where the others are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lifecycle.rights import Act
from web.frame.rendering import go, show

if TYPE_CHECKING:
    from fastapi.responses import HTMLResponse, RedirectResponse

    from engine.monitor import Work
    from lifecycle.errors import LifecycleError
    from web.frame.viewer import Viewer

#: The parts, in their order, and who may see each.
PARTS: Final = (
    ("Health", "/admin/health", Act.ADMINISTER),
    ("Outbox", "/admin/outbox", Act.READ_LOG),
    ("Log", "/admin/log", Act.READ_LOG),
    ("People", "/admin/people", Act.ADMINISTER),
    ("Channels", "/admin/channels", Act.ADMINISTER),
    ("Preview", "/admin/preview", Act.ADMINISTER),
    ("Incoming", "/admin/incoming", Act.ADMINISTER),
    ("Tokens", "/admin/tokens", Act.ADMINISTER),
    ("Feeds", "/subscribe/all", Act.ADMINISTER),
    ("Backups", "/admin/backups", Act.ADMINISTER),
    ("Settings", "/admin/settings", Act.ADMINISTER),
)


def parts_for(viewer: Viewer) -> list[tuple[str, str]]:
    """The parts that somebody may see. Raises Forbidden where there is none."""
    viewer.require(Act.READ_LOG)
    return [(name, path) for name, path, act in PARTS if viewer.may(act)]


def page(viewer: Viewer, name: str, here: str, *, status: int = 200, **content: Any) -> HTMLResponse:  # noqa: ANN401
    """One part: the template ``admin-NAME.html``; *here* is the part's address."""
    return show(viewer, f"admin-{name}.html", status=status, parts=parts_for(viewer), here=here, **content)


def refused(viewer: Viewer, path: str, error: LifecycleError) -> RedirectResponse:
    """Back to *path*, with what was refused."""
    return go(viewer, path, f"{error.sentence} {error.remedy}".strip(), tone="bad")


def references(work: Work, ids: set[str]) -> dict[str, str]:
    """The references of agreements by id, in one question."""
    return {one.id: one.reference for one in work.agreements.many(sorted(ids)).values()}
