"""What everybody has to know about the house itself, on top of every page (INTERFACE.md P1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lifecycle.rights import Act, may
from web.frame.words import instant

if TYPE_CHECKING:
    from web.frame.viewer import Visit

_DOWN: Final = {
    "slack": "Slack is down: e-mail is used instead.",
    "email": "E-mail does not leave: what waits is sent when it does again.",
}
_DEMO: Final = (
    ("People", "/demo"),
    ("Mail", "/demo/mail"),
    ("Slack", "/demo/slack"),
    ("Clock", "/demo/clock"),
)
_OTHER: Final = "The channel {name} is down."


@dataclass(frozen=True, slots=True)
class Banner:
    """One sentence about the house; *tone* is its weight: note, warn, bad."""

    text: str
    tone: str
    links: tuple[tuple[str, str], ...] = ()  # words, and the address to which they lead


def banners(seen: Visit) -> tuple[Banner, ...]:
    """What is to be said to whoever looks, the gravest first."""
    found = []
    paused_since = seen.house.paused_since
    if paused_since is not None:
        since = instant(paused_since, seen.zone)
        found.append(Banner(f"Messages are paused since {since}. Tell your operator.", "bad"))
    found += [Banner(_DOWN.get(name, _OTHER).format(name=name), "warn") for name in sorted(seen.house.down)]
    if seen.monitor.house.shadow_mode:
        found.append(Banner("Shadow mode: everything is composed and logged, nothing leaves.", "warn"))
    if seen.house.setup_step and seen.person is not None and may(seen.person.role, Act.ADMINISTER):
        path = f"/setup/{seen.house.setup_step}"
        if not seen.path.startswith("/setup"):
            found.append(Banner("The first run is not finished.", "note", (("Go on", path),)))
    if seen.site.is_demo:
        found.append(Banner("Demo: everything here is invented, and nothing leaves this machine.", "note", _DEMO))
    return tuple(found)
