"""The log of a pack, row by row: events with all that their hash is made of, and runs that are only counted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.evidence_pack.chain import payload_text
from store.queries.evidence_log import Shown, log_between

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Row

    from engine.evidence_pack.contents import Contents

_EVENT: Final = ("position", "type", "actor", "channel", "agreement_id", "milestone_id")


def log_rows(contents: Contents, ends: LogEnds) -> Iterator[dict[str, Any]]:
    """The log of the span without a gap; runs of events that are not in this pack are said, not told."""
    work, span, silent = contents.work, contents.span, list[int]()
    assets = frozenset(one.id for one in work.assets.covered_by(contents.ids))
    shown = Shown(contents.chosen, assets, contents.asked.is_narrowed, contents.sees_all)
    for row in log_between(work, span.from_at, span.until_at):
        ends.note(row)
        if shown.has(row):
            yield from _left_out(silent)
            yield event_row(row)
            silent = []
        else:
            ends.left_out += 1
            silent = [silent[0] if silent else row.position, row.position]
    yield from _left_out(silent)


@dataclass(slots=True)
class LogEnds:
    """Where the log of a pack begins and ends, and how many of its events are only counted."""

    first: Row[Any] | None = None
    last: Row[Any] | None = None
    left_out: int = 0

    def note(self, row: Row[Any]) -> None:
        """The next row of the log."""
        self.first = self.first or row
        self.last = row

    def document(self) -> dict[str, Any] | None:
        """The chain for the manifest; None where nothing happened."""
        if self.first is None or self.last is None:
            return None
        return {
            "first_position": self.first.position,
            "prev_hash": self.first.prev_hash,
            "last_position": self.last.position,
            "hash": self.last.hash,
            "left_out": self.left_out,
        }


def event_row(row: Row[Any]) -> dict[str, Any]:
    """An event with all that its hash is made of, to the microsecond and to the letter."""
    told = {
        **{name: getattr(row, name) for name in _EVENT},
        "at": row.at.isoformat(timespec="microseconds"),
        "payload": json.loads(row.payload),
        "prev_hash": row.prev_hash,
        "hash": row.hash,
    }
    return told if payload_text(told) == row.payload else {**told, "payload_text": row.payload}


def _left_out(silent: Sequence[int]) -> Iterator[dict[str, Any]]:
    if silent:
        yield {"left_out_from": silent[0], "left_out_until": silent[-1]}
