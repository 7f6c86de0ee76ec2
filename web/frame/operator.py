"""What the operator's pages show that only the command line knows, handed in as values and questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.hooks import Hook
    from notifiers.slack.checking import Workspace
    from notifiers.slack.client import Declined


class HooksUnread(LifecycleError):
    """The file that describes the incoming webhooks cannot be read."""

    code = "hooks-unread"

    def __init__(self) -> None:
        super().__init__("The file of incoming webhooks cannot be read.", remedy="Ask your operator to look at it.")


class Webhooks(Protocol):
    """Programs that are told what happens, as documents; a key stands in the document of a change that made it."""

    def refuse(self, url: str, events: tuple[str, ...]) -> None:
        """Raises a leaf with the code ``usage`` for what is never called, or no event. May ask who a name is."""

    def add(
        self, work: Work, *, name: str, url: str, events: tuple[str, ...], may_see_restricted: bool
    ) -> dict[str, Any]:  # fmt: skip
        """Tell another program what happens from now on; *url* was not refused. Raises as ``refuse`` does."""

    def rotated(self, work: Work, name: str, *, drop_old: bool) -> dict[str, Any]:
        """Sign with a new key beside the old one, or with the newest alone. Raises NotFound."""

    def switched_on(self, work: Work, name: str) -> dict[str, Any]:
        """Tell it again, from where it stood. Raises NotFound."""

    def removed(self, work: Work, name: str) -> dict[str, Any]:
        """Tell it nothing any more, and forget its keys. Raises NotFound."""


def _nobody() -> None:
    """Slack is not set up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """*settings* are what is in force, secrets hidden. *slack* asks Slack what the bot may do; None: not set up.

    *is_shadow_set*: shadow mode is the settings' choice, which no page can end.
    """

    settings: Callable[[], Mapping[str, object]] = dict
    hooks: Callable[[], Mapping[str, Hook]] = dict  # the doors as their file describes them now
    slack: Callable[[], Workspace | Declined | None] = _nobody
    slack_mode: str = "off"
    is_shadow_set: bool = False
    webhooks: Webhooks | None = None  # without it they are made on the command line alone

    def doors(self) -> Mapping[str, Hook]:
        """The doors as their file describes them now. Raises HooksUnread, and what reading refuses."""
        try:
            return self.hooks()
        except OSError:
            raise HooksUnread from None
