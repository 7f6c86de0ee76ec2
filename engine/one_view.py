"""Many questions in one view of the rows: to open a view costs more than what most questions ask.

What a question may rely on is the same as in a view of its own. A view ends with the question that fails in it (on
PostgreSQL nothing more is answered there); the next one gets another.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from engine.monitor import Monitor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.monitor import Work


@contextmanager
def one_view(monitor: Monitor) -> Iterator[Monitor]:
    """The same house, all of whose looks are one; for questions that follow each other at once and write nothing."""
    glance = _Glance(**{one.name: getattr(monitor, one.name) for one in fields(Monitor)}, whole=monitor)
    try:
        yield glance
    finally:
        # Nothing was written, so how the view ends changes no answer; a database that is away tells the next question.
        with suppress(Exception):
            glance.views.close()


@dataclass(frozen=True, kw_only=True)
class _Glance(Monitor):
    whole: Monitor
    views: ExitStack = field(default_factory=ExitStack)
    works: list[Work] = field(default_factory=list)  # that of the open view

    @contextmanager
    def look(self) -> Iterator[Work]:
        """In the open view; one is opened where there is none."""
        if not self.works:
            self.works.append(self.views.enter_context(self.whole.look()))
        try:
            yield self.works[0]
        except BaseException:
            self.works.clear()
            with self.views.pop_all():  # it ends as a view of its own would, which says what was wrong
                raise
