"""What the operator's pages show that only the command line knows, handed in as values and questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifecycle.hooks import Hook
    from notifiers.slack.checking import Workspace
    from notifiers.slack.client import Declined


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
