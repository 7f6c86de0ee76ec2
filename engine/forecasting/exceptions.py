"""Silences and absences on paper: they end as time passes, and nobody sets a new one. Nothing is looked for there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lifecycle.people import Absence
    from lifecycle.playbooks.quiet import Silence
    from store.absences import Absences
    from store.findings import KeptFinding
    from store.silences import Silences


class PaperSilences:
    """Those in force, and to come."""

    def __init__(self, real: Silences) -> None:
        self._open = list(real.open())

    def open(self) -> list[Silence]:
        return self._open

    def next_end_at(self) -> datetime | None:
        return min((one.ends_at for one in self._open), default=None)

    def end(self, silence_id: str, at: datetime) -> None:
        del at
        self._open = [one for one in self._open if one.id != silence_id]


class PaperAbsences:
    """Those who are away, and who will be."""

    def __init__(self, real: Absences) -> None:
        self._open = list(real.open())

    def open(self) -> list[Absence]:
        return self._open

    def end(self, absence_id: str, at: datetime) -> None:
        del at
        self._open = [one for one in self._open if one.id != absence_id]


class PaperFindings:
    """None: a forecast says who is told when, and what a digest says of findings changes nothing of that."""

    def untold_of(self, owner_id: str | None) -> list[KeptFinding]:
        del owner_id
        return []

    def tell(self, ids: Sequence[str], at: datetime) -> None:
        """Nothing is told on paper, so that nothing is to be noted."""
