"""The log of a pack, walked link by link.

Runs of events that are not in the pack are jumped over: what comes after them says whose hash it follows, and that
is as much as can be checked without them.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.evidence_pack import form
from engine.evidence_pack.damage import Damage
from lifecycle.chain import GENESIS, chain_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def payload_text(told: Mapping[str, Any]) -> str:
    """The payload of an event as it was hashed."""
    return str(told.get("payload_text") or json.dumps(told["payload"], ensure_ascii=False, separators=(",", ":")))


class Chain:
    """One walk; *told* is what the manifest says of the chain."""

    def __init__(self, told: Mapping[str, Any] | None) -> None:
        self._told = told or {}
        self._position: int | None = None  # the last that was seen
        self._hash: str | None = str(self._told.get("prev_hash", GENESIS))  # None: it is not known
        self._left_out = 0

    def follow(self, row: Mapping[str, Any]) -> Iterator[Damage]:
        """The next row of the file."""
        try:
            if "left_out_from" in row:
                yield from self._jump(int(row["left_out_from"]), int(row["left_out_until"]))
            else:
                yield from self._step(row)
        except (KeyError, TypeError, ValueError):
            yield Damage(form.EVENTS, f"after position {self._position}", "is no event")
            self._hash = None

    def end(self) -> Iterator[Damage]:
        """Whether it ends where the manifest says."""
        last = self._told.get("last_position")
        if self._position != last:
            yield Damage(form.EVENTS, "", f"ends at position {self._position}, the manifest says {last}")
        elif self._hash is not None and self._told and self._hash != self._told.get("hash"):
            yield Damage(form.EVENTS, f"position {last}", "is not the last link that the manifest names")
        if self._left_out != self._told.get("left_out", 0):
            yield Damage(form.EVENTS, "", f"leaves out {self._left_out} events, the manifest says otherwise")

    def _jump(self, from_position: int, until_position: int) -> Iterator[Damage]:
        yield from self._placed(from_position)
        self._left_out += until_position - from_position + 1
        self._position, self._hash = until_position, None

    def _step(self, row: Mapping[str, Any]) -> Iterator[Damage]:
        position, where = int(row["position"]), f"position {row['position']}"
        yield from self._placed(position)
        if self._hash is not None and row["prev_hash"] != self._hash:
            yield Damage(form.EVENTS, where, "does not follow from the event before")
        content = {**row, "at": datetime.fromisoformat(row["at"]), "payload": payload_text(row)}
        if chain_hash(content) != row["hash"]:
            yield Damage(form.EVENTS, where, "says something else than when it was hashed")
        self._position, self._hash = position, str(row["hash"])

    def _placed(self, position: int) -> Iterator[Damage]:
        expected = self._told.get("first_position", 1) if self._position is None else self._position + 1
        if position != expected:
            yield Damage(form.EVENTS, f"position {position}", f"stands where {expected} should stand")
