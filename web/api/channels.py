"""``channels`` and ``shadow``: the ways out, tried with a message; what is held while nothing may leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Response
from pydantic import Field

from engine.delivery import shadow
from engine.watcher.telling import told
from lifecycle.rights import Act
from notifiers.slack.checking import Workspace
from store.queries.outbox import Messages
from web.api.answers import Pages, done_apart, item, items, some
from web.api.bodies import Body, Nothing, Text
from web.api.caller import Administers, Reads
from web.api.messages import document
from web.api.routing import get, post
from web.operating import ways
from web.operating.shadows import ended

if TYPE_CHECKING:
    from fastapi import APIRouter

    from web.api.caller import Caller

_MOST = 10_000  # the oldest messages that are held


class Test(Body):
    """Where to; else to whoever asks."""

    to: Annotated[Text, Field(max_length=320)] = ""


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/channels", _listed, "Channel", many=True)
    post(made, "/channels/{name}/test", _test, "ChannelTest")
    post(made, "/channels/slack/ask", _ask_slack, "SlackAsked")
    get(made, "/shadow", _shadow, "Shadow")
    get(made, "/shadow/held", _held, "Held", many=True)
    post(made, "/shadow/end", _end, "ShadowEnded")


def _listed(caller: Reads, asked: Pages) -> Response:
    """Those that are there, and those that could be, with what they need."""
    caller.require(Act.ADMINISTER)
    page, following = some(ways.named(caller), str, asked)
    with caller.look() as work:
        down = told(work, caller.site.intervals).down
    return items(caller, "channels", [_channel(caller, one, is_down=one in down) for one in page], following)


def _channel(caller: Caller, name: str, *, is_down: bool) -> dict[str, Any]:
    there = caller.monitor.notifiers
    return {
        "name": name,
        "is_there": name in there,
        "is_down": is_down,
        "needs": None if name in there else ways.NEEDS.get(name),
    }


def _test(caller: Administers, name: str, said: Test | None = None) -> Response:
    """One message, now; it is not tried again, and what became of it is the answer."""
    caller.require(Act.ADMINISTER)

    def act() -> dict[str, Any]:
        address = (said.to if said else "") or caller.person.email
        found = ways.tried(caller, name, address, is_dry_run=caller.is_dry_run)
        state = "pending" if found.lease_token else found.state.value
        return {"id": found.id, "channel": found.channel, "to": found.address, "state": state, "why": found.why}

    return done_apart(caller, "send-test", act)


def _ask_slack(caller: Administers, said: Nothing | None = None) -> Response:
    """One call of Slack: whose token it is, and what the bot may not do. A trial asks as well: it changes nothing."""
    del said
    caller.require(Act.ADMINISTER)

    def act() -> dict[str, Any]:
        found = caller.site.operator.slack()
        is_in = isinstance(found, Workspace)
        return {
            "is_set_up": found is not None,
            "is_in": is_in,
            "team": found.team if isinstance(found, Workspace) else None,
            "missing": found.missing if isinstance(found, Workspace) else (),
            "why": found.trouble.why if found is not None and not isinstance(found, Workspace) else None,
        }

    return done_apart(caller, "slack-asked", act)


def _shadow(caller: Reads) -> Response:
    """Whether nothing leaves, and whose choice that is."""
    caller.require(Act.ADMINISTER)
    return item(caller, "shadow", _standing(caller))


def _standing(caller: Caller) -> dict[str, Any]:
    return {"is_on": caller.monitor.house.shadow_mode, "is_set": caller.site.operator.is_shadow_set}


def _held(caller: Reads, asked: Pages) -> Response:
    """What is held, and why it would not leave any more; nothing is said of agreements that are not seen."""
    caller.require(Act.ADMINISTER)
    with caller.look() as work:
        held = Messages(work, caller.person).held_because(shadow.WHY, _MOST)
        page, following = some(held, lambda one: f"{one.created_at.isoformat()} {one.id}", asked)
        rows = [{**document(work, caller, one), "unwanted": why or None} for one, why in shadow.judged(work, page)]
        return items(caller, "held", rows, following)


def _end(caller: Administers, said: Nothing | None = None) -> Response:
    """What was held is looked at: what still matters leaves. What the settings say only the settings end."""
    del said
    caller.require(Act.ADMINISTER)

    def act() -> dict[str, Any]:
        number = ended(caller, is_dry_run=caller.is_dry_run)
        return {"looked_at": number, "begins_anew": number is None, "is_dry_run": caller.is_dry_run}

    return done_apart(caller, "shadow-ended", act)
