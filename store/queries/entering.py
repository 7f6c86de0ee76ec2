"""What pages read of those who come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.entering import Preferences, TokenRow
from store.errors import NotFound
from store.kept import KeptForm, SavedView

if TYPE_CHECKING:
    from store.unit_of_work import UnitOfWork

__all__ = ["KeptForm", "NotFound", "Preferences", "SavedView", "TokenRow", "preferences_of"]


def preferences_of(work: UnitOfWork, person_id: str) -> Preferences:
    """How somebody likes their pages."""
    return work.entering.preferences(person_id)
