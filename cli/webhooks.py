"""Webhooks for the command line and the bootstrap: the channel, and what may be done to an endpoint."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from cli.errors import UsageRefused
from engine.clock import SystemClock
from engine.delivery.endpoints import FAILING, OFF
from engine.documents.webhooks import webhook_document
from engine.incidents import close_incident
from lifecycle.words import shown
from notifiers.outgoing import Caller, NotAllowed, NotReached
from notifiers.webhook import Endpoint, WebhookNotifier, derived
from store.endpoints import EndpointRow, Endpoints, Known
from store.errors import AlreadyThere
from store.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.settings import Settings
    from engine.monitor import Work
    from store.database import Database

_SEED: Final = 24  # bytes
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)  # as playbooks write it


def caller(settings: Settings) -> Caller:
    """Who calls, and where it may."""
    return Caller(allow=settings.outgoing_allow, timeout=settings.timings_timeout)


def channel(settings: Settings, database: Database) -> WebhookNotifier:
    """The channel: it looks an endpoint up by its name when it calls it."""
    return WebhookNotifier(caller(settings), lookup(settings, database), SystemClock().now)


def lookup(settings: Settings, database: Database) -> Callable[[str], Endpoint | None]:
    """From a name to an endpoint that is on, with the keys that sign."""

    def known(name: str) -> Endpoint | None:
        with database.reading() as connection:
            row = Endpoints(Session(connection)).find(name)
        return Endpoint(row.url, _secrets(settings, row)) if row is not None and row.is_on else None

    return known


@dataclass(frozen=True, slots=True)
class HouseWebhooks:
    """``web.frame.operator.Webhooks`` under these settings."""

    settings: Settings

    def refuse(self, url: str, events: tuple[str, ...]) -> None:
        _refuse(caller(self.settings), url, events)

    def add(
        self, work: Work, *, name: str, url: str, events: tuple[str, ...], may_see_restricted: bool
    ) -> dict[str, Any]:  # fmt: skip
        row = _added(work, name=name, url=url, events=events, may_see_restricted=may_see_restricted)
        return document(row, made_by=self.settings)

    def rotated(self, work: Work, name: str, *, drop_old: bool) -> dict[str, Any]:
        return document(rotated(work, name, drop_old=drop_old), made_by=None if drop_old else self.settings)

    def switched_on(self, work: Work, name: str) -> dict[str, Any]:
        return document(switched_on(work, name))

    def removed(self, work: Work, name: str) -> dict[str, Any]:
        row = work.endpoints.get(name)
        work.endpoints.remove(name)
        return document(row)


def add(  # noqa: PLR0913 - what an endpoint is made of
    work: Work, calls: Caller, *, name: str, url: str, events: tuple[str, ...], may_see_restricted: bool
) -> EndpointRow:
    """A new endpoint, which is told what happens from now on. Raises UsageRefused, AlreadyThere."""
    _refuse(calls, url, events)
    return _added(work, name=name, url=url, events=events, may_see_restricted=may_see_restricted)


def _added(
    work: Work, *, name: str, url: str, events: tuple[str, ...], may_see_restricted: bool
) -> EndpointRow:  # fmt: skip
    if not _NAME.fullmatch(name):
        remedy = "Use small letters, digits and hyphens, at most 40, such as erp."
        raise UsageRefused(f"{shown(name)} cannot be the name of a webhook.", remedy=remedy)
    if work.endpoints.find(name) is not None:
        raise AlreadyThere("webhook", name, remedy="Take another name, or remove that one.")
    known = Known(seeds=(_seed(),), events=events, may_see_restricted=may_see_restricted)
    position, _ = work.log.head()
    row = EndpointRow(name=name, url=url, position=position, is_on=True, known=known)
    work.endpoints.save(row)
    return row


def rotated(work: Work, name: str, *, drop_old: bool) -> EndpointRow:
    """A new key beside the newest one; or, once the other side knows it, that one alone. Raises NotFound."""
    row = work.endpoints.get(name)
    kept = row.known.seeds[:1]
    row = row.with_seeds(*kept) if drop_old else row.with_seeds(_seed(), *kept)
    work.endpoints.save(row)
    return row


def switched_on(work: Work, name: str) -> EndpointRow:
    """It is told again what happens from where it stood. Raises NotFound."""
    row = replace(work.endpoints.get(name), is_on=True, failing_since_at=None)
    work.endpoints.save(row)
    for kind in (FAILING, OFF):
        close_incident(work, kind=kind, subject=name, because="it was switched on again")
    return row


def document(row: EndpointRow, *, made_by: Settings | None = None) -> dict[str, Any]:
    """An endpoint as a document; its newest key only where it was just made, under these settings."""
    return webhook_document(row, secret=_secrets(made_by, row)[0] if made_by else None)


def _seed() -> str:
    return secrets.token_urlsafe(_SEED)


def _secrets(settings: Settings, row: EndpointRow) -> tuple[str, ...]:
    """The keys themselves, which lie nowhere. Raises OSError where the key of the house cannot be read or made."""
    from cli import bootstrap  # which makes the channel of this module

    key = bootstrap.key(settings)
    return tuple(derived(key, row.name, seed) for seed in row.known.seeds)


def _refuse(calls: Caller, url: str, events: tuple[str, ...]) -> None:
    _refuse_unknown(events)
    _refuse_private(calls, url)


def _refuse_private(calls: Caller, url: str) -> None:
    """Said at once where it leads nowhere that may be called; a name that is not known today may be tomorrow."""
    try:
        calls.place(url)
    except NotAllowed as error:
        remedy = "Give an https address on the public internet, or name it in LONGSTOP_OUTGOING_ALLOW."
        raise UsageRefused(f"{url} is not called: {error.why}.", remedy=remedy) from None
    except NotReached:
        return


def _refuse_unknown(events: tuple[str, ...]) -> None:
    from typing import get_args

    from lifecycle.events import Event

    names = {one.__name__ for one in get_args(Event)}
    for one in events:
        if one not in names:
            raise UsageRefused(f"There is no event {one}.", remedy="They stand in docs/events.md.")
