"""What everybody has to know about the house itself, on top of every page (INTERFACE.md P1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from web.frame.viewer import Visit


@dataclass(frozen=True, slots=True)
class Banner:
    """One sentence about the house; *tone* is its weight: note, warn, bad."""

    text: str
    tone: str


def banners(seen: Visit) -> tuple[Banner, ...]:
    """What is to be said to whoever looks, the gravest first."""
    found = []
    if seen.monitor.house.shadow_mode:
        found.append(Banner("Shadow mode: everything is composed and logged, nothing leaves.", "warn"))
    if seen.site.is_demo:
        found.append(Banner("Demo: everything here is invented, and nothing leaves this machine.", "note"))
    return tuple(found)
