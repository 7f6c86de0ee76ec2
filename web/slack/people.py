"""Whose click it is: somebody of our workspace, by the address that Slack knows of them, looked up now.

What Slack said is believed for ten minutes. Where it says nothing the click is kept as that of an account that nobody
knows, which can only acknowledge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.access.naming import named_person
from notifiers.slack.client import Said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.monitor import Monitor
    from lifecycle.people import Person
    from notifiers.slack.client import SlackClient

_BELIEVED: Final = 600.0  # seconds
_NAME_LIMIT: Final = 80


@dataclass(frozen=True, slots=True)
class Account:
    """Who did something in Slack. *name* is their handle, as far as Slack told."""

    team: str
    user: str
    name: str
    person: Person | None

    @property
    def told_as(self) -> str:
        """Who the log says it was."""
        return self.person.email if self.person else f"{self.name} (Slack {self.user}, not linked)"


class Accounts:
    """Accounts of the one workspace in which the bot lives."""

    def __init__(self, monitor: Monitor, client: SlackClient) -> None:
        self._monitor, self._client = monitor, client
        self._team = ""
        self._emails: dict[str, tuple[float, str]] = {}

    def is_ours(self, payload: Mapping[str, Any]) -> bool:
        """Whether something was done in our workspace, by one of its people. False too while Slack cannot be asked."""
        if not self._team:
            told = self._client.ask("auth.test")
            self._team = str(told.data.get("team_id", "")) if isinstance(told, Said) else ""
        teams = {_id(payload.get("team")) or payload.get("team_id"), _member(payload).get("team_id")} - {None, ""}
        return bool(self._team) and teams == {self._team}

    def account(self, payload: Mapping[str, Any]) -> Account:
        """Who did it."""
        member = _member(payload)
        user = str(member.get("id") or payload.get("user_id") or "")
        name = str(member.get("username") or member.get("name") or payload.get("user_name") or user)
        return Account(self._team, user, name[:_NAME_LIMIT], self.person(user))

    def person(self, user: str) -> Person | None:
        """The person behind an account, None where the register knows none."""
        email = self.email(user)
        if not email:
            return None
        with self._monitor.look() as work:
            return named_person(work, email)

    def email(self, user: str) -> str:
        """The address of an account; "" where Slack tells none."""
        known = self._emails.get(user)
        if known is not None and known[0] > self._monitor.clock.elapsed():
            return known[1]
        told = self._client.ask("users.info", user=user)
        if not isinstance(told, Said):
            return ""
        found = told.data.get("user", {})
        is_usable = found.get("team_id") == self._team and not found.get("deleted") and not found.get("is_bot")
        email = str(found.get("profile", {}).get("email") or "") if is_usable else ""
        self._emails[user] = (self._monitor.clock.elapsed() + _BELIEVED, email)
        return email


def _id(team: Any) -> str:  # noqa: ANN401 - a payload's own
    return str(team.get("id", "")) if isinstance(team, dict) else ""


def _member(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    user = payload.get("user")
    return user if isinstance(user, dict) else {}
