"""Trying before keeping: the operation runs, what it would move is looked at, and all of it is rolled back (G3).

What is kept must be what was looked at: a form carries the mark of what it said and of the version that it spoke of.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.forecasting.supposing import Picture, compare, picture
from lifecycle.errors import LifecycleError
from web.agreements.said import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.forecasting.supposing import Difference
    from engine.intake.findings import Finding
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from web.frame.viewer import Viewer

AHEAD: Final = timedelta(days=365)  # how far messages are compared
_NOT_SAID: Final = frozenset({"form_token", "step", "mark"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of an attempt: the agreement as it would be, or is; what would move; what was remarked."""

    agreement: Agreement
    difference: Difference | None
    remarks: tuple[Finding, ...]


def mark_of(texts: Mapping[str, str], version: int) -> str:
    """What a form said, and of which version, as a short mark."""
    said = {name: text.strip() for name, text in texts.items() if name not in _NOT_SAID}
    told = json.dumps([said, version], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def tried(
    viewer: Viewer,
    before: Callable[[Work], Agreement | None],
    change: Callable[[Work, Agreement | None], tuple[Agreement, tuple[Finding, ...]]],
    *,
    is_kept: bool,
) -> Tried:
    """Do *change* to what *before* finds; kept, or looked at and rolled back. Raises FormRefused for what is refused.

    What *before* raises goes through: who may not see an agreement finds nothing.
    """
    with viewer.work(is_dry_run=not is_kept) as work:
        was = before(work)
        until_on = viewer.today + AHEAD
        old = picture(work, was, until_on) if was is not None and not is_kept else None
        try:
            made, remarks = change(work, was)
            work.settle()
        except LifecycleError as error:
            raise refusal(error) from None
        made = work.agreements.get(made.id)
        if is_kept:
            return Tried(agreement=made, difference=None, remarks=remarks)
        new = picture(work, made, until_on)
        difference = compare(work, old or Picture(agreement=made, rows=(), items=()), new)
        return Tried(agreement=made, difference=difference, remarks=remarks)
