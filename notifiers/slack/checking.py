"""Whether the bot may do what Longstop needs: its scopes stand in a header of every answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifiers.slack.client import Declined
from notifiers.slack.manifest import SCOPES

if TYPE_CHECKING:
    from notifiers.slack.client import SlackClient


@dataclass(frozen=True, slots=True)
class Workspace:
    """What the token opens; *missing* are scopes that the bot has not been given."""

    team: str
    missing: tuple[str, ...]


def workspace(client: SlackClient) -> Workspace | Declined:
    """Ask Slack whose token it is. Where the answer names no scopes none is taken to be missing."""
    answer = client.tell("auth.test")
    if isinstance(answer, Declined):
        return answer
    named = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), "")
    given = {one.strip() for one in named.split(",") if one.strip()}
    return Workspace(str(answer.data.get("team", "")), tuple(one for one in SCOPES if given and one not in given))
