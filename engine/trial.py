"""Trying first: the operation runs as it would, and its transaction is rolled back, so a trial cannot differ.

Files are no part of a transaction: a trial names what it would keep on the shelf, and writes none of it.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.shelf import Untouched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.monitor import Monitor, Work
    from lifecycle.events import Actor


class _Over(Exception):
    """The trial has seen all that it wanted."""


@contextmanager
def tried(monitor: Monitor, actor: Actor, *, is_dry_run: bool) -> Iterator[Work]:
    """A unit of work that is kept, or in a dry run rolled back after every reaction has answered."""
    if is_dry_run and monitor.shelf:
        monitor = replace(monitor, shelf=Untouched(monitor.shelf.folder))
    try:
        with monitor.work(actor) as work:
            work.is_tried = is_dry_run
            yield work
            if is_dry_run:
                work.settle()
                work.session.flush()  # what the database would refuse it refuses here too
                raise _Over  # noqa: TRY301 - the transaction's own way to end
    except _Over:
        return
