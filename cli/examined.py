"""One thing that a doctor looked at, and what was found."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, BAD = "ok", "warning", "bad"


@dataclass(frozen=True, slots=True)
class Examined:
    """One check; *remedy* is empty where nothing is to be done."""

    check: str
    state: str
    detail: str
    remedy: str = ""
