"""Who may import, what they have begun, and what they may take back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.importing.rights import must_be_let_in, sees
from engine.uploading.pending import pending
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from engine.uploading.pending import Pending
    from web.frame.viewer import Viewer

LONGEST_QUIET: Final = 14  # days (INTERFACE.md S8)


class AlreadyIn(LifecycleError):
    """It was taken in; what comes now is another import."""

    code = "overtaken"

    def __init__(self) -> None:
        super().__init__("This file is in the register already.", remedy="Begin a new import for another file.")


def may_import(viewer: Viewer) -> None:
    """Raises Forbidden unless they may register agreements, if only their own."""
    must_be_let_in(viewer.person)


def begun(viewer: Viewer, pending_id: str) -> Pending:
    """Their own import. Raises Forbidden, NotFound."""
    may_import(viewer)
    with viewer.look() as work:
        return pending(work, viewer.person.id, pending_id)


def must_be_open(one: Pending) -> None:
    """Raises AlreadyIn."""
    if one.is_imported:
        raise AlreadyIn


def is_quiet_day(on: date, today: date) -> bool:
    """Whether newcomers may be told from that day on alone."""
    return 0 <= (on - today).days <= LONGEST_QUIET


def own_batch(viewer: Viewer, work: Work, batch_id: str) -> Any:  # noqa: ANN401 - a row of the store
    """An import that they may take back: their own, or anybody's for who may change any agreement.

    Raises NotFound, Forbidden.
    """
    may_import(viewer)
    batch = work.keeping.batch(batch_id)
    if batch.actor != viewer.person.email:
        viewer.require(Act.REGISTER)
    return batch


def seen_of_batch(viewer: Viewer, work: Work, batch_id: str) -> frozenset[str]:
    """The references that an import has brought or changed, as they are now, of what they may see."""
    ids = [row.agreement_id for row in work.keeping.batch_rows(batch_id)]
    return frozenset(one.reference for one in work.agreements.many(ids).values() if sees(viewer.person, one))
