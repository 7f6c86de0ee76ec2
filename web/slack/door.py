"""What a click, a form, a command in Slack does: one function behind both ways in (DELIVERY.md S7, S8).

``handle`` answers what Slack waits for, and says what is to be done after that answer. A click acts by the inbox, once;
a form is opened at once and acts when it is sent. What concerns one person alone is told to them in a window of theirs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import structlog

from engine.incoming.answers import Asked
from engine.incoming.inbox import Incoming, receive
from engine.incoming.links import Operation
from engine.incoming.listing import listed
from engine.incoming.results import Outcome, Result
from lifecycle.errors import LifecycleError
from lifecycle.events import Actor
from notifiers.slack import forms, home
from notifiers.slack.client import Declined
from web.slack.opening import form_for

if TYPE_CHECKING:
    from engine.monitor import Monitor
    from notifiers.slack.client import SlackClient
    from web.slack.people import Account, Accounts

log = structlog.get_logger(__name__)
Payload = Mapping[str, Any]
INTERACTION, COMMAND, EVENT = "interaction", "command", "event"
_CHANNEL: Final = "slack"
ELSEWHERE: Final = "This Longstop belongs to another workspace, or cannot ask its own right now. Nothing was changed."
_HEADINGS: Final[Mapping[Outcome, str]] = {
    Outcome.ALREADY: "It is so already",
    Outcome.NOTED: "Noted",
    Outcome.STALE: "Nothing was changed",
    Outcome.FORBIDDEN: "That is not possible",
    Outcome.UNKNOWN: "That is not possible",
    Outcome.REFUSED: "Nothing was changed",
    Outcome.KEPT: "Kept",
    Outcome.APPLIED: "Recorded",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What Slack is answered, and what is done after it has the answer."""

    body: Mapping[str, Any] | None = None
    after: Callable[[], None] | None = None


class SlackDoor:
    """See the module. Safe for many threads."""

    def __init__(self, monitor: Monitor, client: SlackClient, accounts: Accounts) -> None:
        """Open windows by *client*, after Slack has its answer; *accounts* are asked before, and must be quick."""
        self._monitor, self._client, self._accounts = monitor, client, accounts

    def handle(self, kind: str, payload: Payload) -> Reply:
        """Do what came in, and say what to answer.

        Raises DatabaseFull, DatabaseBusy and whatever a database that is down says: nothing was done, say so to Slack.
        """
        if kind == EVENT:
            return self._event(payload)
        if kind == COMMAND:
            return self._command(payload)
        match payload.get("type"):
            case "block_actions":
                return self._clicked(payload)
            case "view_submission":
                return self._submitted(payload)
            case _:
                return Reply()

    def _clicked(self, payload: Payload) -> Reply:
        action: Payload = next(iter(payload.get("actions") or ()), {})
        pressed = _pressed(action)
        if pressed is None:
            return Reply()
        trigger = str(payload.get("trigger_id") or "")
        if not self._accounts.is_ours(payload):
            return Reply(after=lambda: self._open(trigger, forms.notice("That is not possible", ELSEWHERE)))
        account = self._accounts.account(payload)
        operation, said = pressed
        if operation is not Operation.ACKNOWLEDGE:
            return Reply(after=lambda: self._open(trigger, form_for(self._monitor, account.person, operation, said)))
        asked = Asked(
            operation=operation,
            milestone_id=said["milestone"],
            revision=said["revision"],
            person_id=account.person.id if account.person else None,
            stage=said["stage"],
        )
        result = self._receive(account, asked, f"{action.get('action_ts', '')}:{action['action_id']}")
        if result.outcome is Outcome.APPLIED:
            return Reply()  # the message itself says so in a moment
        return Reply(after=lambda: self._open(trigger, _notice(result)))

    def _submitted(self, payload: Payload) -> Reply:
        """The form stays open at a mistake, and nothing typed is lost; else it says what became of it."""
        view = payload.get("view") or {}
        try:
            operation = Operation(view.get("callback_id", ""))
            said = _told(json.loads(view.get("private_metadata") or "null"))
        except ValueError:
            return Reply()
        if said is None:
            return Reply()
        if not self._accounts.is_ours(payload):
            return _replaced(forms.notice("That is not possible", ELSEWHERE))
        values = forms.values_of(view)
        account = self._accounts.account(payload)
        asked = Asked(
            operation=operation,
            milestone_id=said["milestone"],
            revision=said["revision"],
            person_id=account.person.id if account.person else None,
            stage=said["stage"],
            generation=said.get("generation"),
            asks=str(said.get("asks") or ""),
            values=self._with_address(values) if operation is Operation.ASSIGN else values,
        )
        typed = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
        result = self._receive(account, asked, f"{view.get('id', '')}:{operation.value}:{typed}")
        if result.outcome is Outcome.REFUSED:
            told = f"{result.said} {result.remedy}".strip()
            at_field = result.at_field or forms.MAIN_FIELD[operation.value]
            return Reply({"response_action": "errors", "errors": {at_field: told}})
        return _replaced(_notice(result))

    def _command(self, payload: Payload) -> Reply:
        if not self._accounts.is_ours(payload):
            return Reply(home.said(ELSEWHERE))
        person = self._accounts.account(payload).person
        if person is None or person.is_disabled:
            return Reply(home.said(home.UNKNOWN))
        search = str(payload.get("text") or "")
        try:
            with self._monitor.look() as work:
                found = listed(work, person, search, channel=_CHANNEL)
        except LifecycleError as error:
            if error.code == "usage":
                return Reply(home.said(f"{error.sentence} {error.remedy}"))
            raise
        return Reply(home.listed(found.deadlines, found.today, more=found.more, search=search))

    def _event(self, payload: Payload) -> Reply:
        if payload.get("type") == "url_verification":
            return Reply({"challenge": payload.get("challenge", "")})
        event = payload.get("event") or {}
        if event.get("type") != "app_home_opened" or event.get("tab", "home") != "home":
            return Reply()
        return Reply(after=lambda: self._publish(payload, str(event.get("user") or "")))

    def _publish(self, payload: Payload, user: str) -> None:
        person = self._accounts.person(user) if self._accounts.is_ours(payload) else None
        view = home.home_of_nobody()
        if person is not None and not person.is_disabled:
            with self._monitor.look() as work:
                found = listed(work, person, channel=_CHANNEL)
            view = home.home(found.deadlines, found.today, more=found.more)
        self._noted(self._client.tell("views.publish", user_id=user, view=view))

    def _receive(self, account: Account, asked: Asked, what: str) -> Result:
        key = f"slack:{account.team}:{account.user}:{what}"
        actor = Actor(account.told_as, "slack")
        return receive(self._monitor, Incoming(key=key, source="slack", actor=actor, what=asked))

    def _with_address(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """The address of the account that was picked."""
        return {**values, "to": self._accounts.email(values.get("to", ""))}

    def _open(self, trigger: str, view: Mapping[str, Any]) -> None:
        self._noted(self._client.tell("views.open", trigger_id=trigger, view=view))

    def _noted(self, told: object) -> None:
        if isinstance(told, Declined):
            log.warning("slack did not show a window", code=told.code)


def _pressed(action: Payload) -> tuple[Operation, dict[str, Any]] | None:
    """What a button of ours asks for; None for another's, and for one that only opens a page."""
    try:
        operation = Operation(action.get("action_id", ""))
        said = _told(json.loads(action.get("value") or "null"))
    except ValueError:
        return None
    return None if said is None or operation is Operation.NOT_ME else (operation, said)


def _told(said: Any) -> dict[str, Any] | None:  # noqa: ANN401 - whatever JSON holds
    """Which deadline a button or a form is about, as of which revision, told at which stage."""
    if not isinstance(said, dict) or not isinstance(said.get("milestone"), str):
        return None
    if not isinstance(said.get("revision"), int):
        return None
    return {**said, "stage": str(said.get("stage") or "")}


def _notice(result: Result) -> Mapping[str, Any]:
    return forms.notice(_HEADINGS[result.outcome], result.said, result.remedy)


def _replaced(view: Mapping[str, Any]) -> Reply:
    return Reply({"response_action": "update", "view": view})
