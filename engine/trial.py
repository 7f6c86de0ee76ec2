"""Trying first: the operation runs as it would, and its transaction is rolled back, so a trial cannot differ."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.monitor import Monitor, Work
    from lifecycle.events import Actor


class _Over(Exception):
    """The trial has seen all that it wanted."""


@contextmanager
def tried(monitor: Monitor, actor: Actor, *, is_dry_run: bool) -> Iterator[Work]:
    """A unit of work that is kept, or in a dry run rolled back after every reaction has answered."""
    try:
        with monitor.work(actor) as work:
            yield work
            if is_dry_run:
                work.settle()
                work.session.flush()  # what the database would refuse it refuses here too
                raise _Over  # noqa: TRY301 - the transaction's own way to end
    except _Over:
        return
