"""Who may import, and what they have begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.uploading.pending import pending
from lifecycle.rights import RIGHTS, Act, Right

if TYPE_CHECKING:
    from engine.uploading.pending import Pending
    from web.frame.viewer import Viewer


def may_import(viewer: Viewer) -> None:
    """Raises Forbidden unless they may register agreements, if only their own."""
    if RIGHTS[Act.REGISTER][viewer.person.role] not in {Right.YES, Right.OWN}:
        viewer.require(Act.REGISTER)


def begun(viewer: Viewer, pending_id: str) -> Pending:
    """Their own import. Raises Forbidden, NotFound."""
    may_import(viewer)
    with viewer.look() as work:
        return pending(work, viewer.person.id, pending_id)
