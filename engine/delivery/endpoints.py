"""How an endpoint does: one that wants no more is switched off, one that fails for long is told of (DELIVERY.md W2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.incidents import close_incident, open_incident
from lifecycle.delivery import Accepted, InDoubt, NotSent, Refused

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.delivery import SendResult
    from store.endpoints import EndpointRow

FAILING: Final = "webhook_failing"
OFF: Final = "webhook_off"
_TOLD_AFTER: Final = timedelta(days=1)
_OFF_AFTER: Final = timedelta(days=5)


def answered(work: Work, name: str, result: SendResult) -> None:
    """An endpoint has answered, or has not."""
    endpoint = work.endpoints.find(name)
    if endpoint is None or not endpoint.is_on:
        return
    match result:
        case Accepted():
            if endpoint.failing_since_at is not None:
                work.endpoints.save(replace(endpoint, failing_since_at=None))
            close_incident(work, kind=FAILING, subject=name, because="it answers again")
        case Refused(why, _):
            _switch_off(work, endpoint, why)
        case NotSent(why, _) | InDoubt(why):
            _failed(work, endpoint, why)


def _failed(work: Work, endpoint: EndpointRow, why: str) -> None:
    since_at = endpoint.failing_since_at or work.now
    if endpoint.failing_since_at is None:
        work.endpoints.save(replace(endpoint, failing_since_at=since_at))
    if work.now - since_at >= _OFF_AFTER:
        _switch_off(work, endpoint, f"it has not answered for {_OFF_AFTER.days} days: {why}")
    elif work.now - since_at >= _TOLD_AFTER:
        text = f"The webhook {endpoint.name} has not answered since {since_at:%Y-%m-%d %H:%M}Z: {why}."
        open_incident(work, kind=FAILING, subject=endpoint.name, text=text)


def _switch_off(work: Work, endpoint: EndpointRow, why: str) -> None:
    work.endpoints.save(replace(endpoint, is_on=False))
    text = (
        f"The webhook {endpoint.name} was switched off: {why}. "
        f"Switch it on again where Longstop runs: `longstop webhook on {endpoint.name}`."
    )
    open_incident(work, kind=OFF, subject=endpoint.name, text=text)
