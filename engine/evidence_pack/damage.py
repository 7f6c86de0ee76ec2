"""What is wrong with a pack."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was made: in which *file*, *where* in it ("" for all of it), and what."""

    file: str
    where: str
    text: str

    @property
    def said(self) -> str:
        """As a line."""
        return f"{self.file}{f', {self.where}' if self.where else ''}: {self.text}"
