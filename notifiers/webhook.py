"""Calls to other programs: CloudEvents 1.0 in the body, Standard Webhooks around it (DELIVERY.md W1, W2).

The body is frozen and the id is the delivery's, so whoever is called twice can tell. The signature is of the attempt:
its time stands in it. While a key is changed there are two, the new one first.

Sources: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md,
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lifecycle.delivery import Accepted, NotSent, Refused, Scope
from notifiers.base import CannotTell, Frozen, OneWay
from notifiers.outgoing import NotAllowed, NotReached

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from lifecycle.delivery import SendResult
    from notifiers.base import FindResult, Outgoing
    from notifiers.outgoing import Answer, Caller
    from notifiers.sheet import Deadline, FactSheet

CONTENT_TYPE: Final = "application/cloudevents+json"
GONE: Final = 410
_TAKEN: Final = 2  # 2xx
_ELSEWHERE: Final = 3  # 3xx
_TOO_FAST: Final = frozenset({429, 503})
_LONGEST_WAIT: Final = 3600.0  # seconds that an endpoint may ask for
_PREFIX: Final = "whsec_"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Who is called, and the keys that sign, the newest first."""

    url: str
    secrets: tuple[str, ...]


class WebhookNotifier(OneWay):
    """Calls endpoints by their names; *endpoint* answers None for one that is off or unknown."""

    def __init__(
        self, caller: Caller, endpoint: Callable[[str], Endpoint | None], now: Callable[[], datetime]
    ) -> None:  # fmt: skip
        self._caller, self._endpoint, self._now = caller, endpoint, now

    @property
    def name(self) -> str:
        return "webhook"

    @property
    def can_find(self) -> bool:
        return False

    @property
    def shares_fate(self) -> bool:
        """Each endpoint is a server of its own; ``engine.delivery.endpoints`` watches them one by one."""
        return False

    def compose(self, facts: FactSheet) -> Frozen:
        """The deadlines of a message as one event."""
        data = {
            "kind": facts.kind.value,
            "heading": facts.heading,
            "text": facts.text,
            "stage": facts.stage,
            "urgency": facts.urgency,
            "is_escalation": facts.is_escalation,
            "deadlines": [_told(one, is_outsider=facts.is_outsider) for one in facts.deadlines],
        }
        kind = f"longstop.{facts.kind.value}.v1"
        body = cloud_event(facts.delivery_id, kind, facts.base_url, facts.composed_at, data)
        return Frozen(kind, body, CONTENT_TYPE)

    def send(self, outgoing: Outgoing, still_ours: Callable[[], bool]) -> SendResult:
        """Call. What was not answered is called again under the same id: at least once, never a doubt (K3)."""
        endpoint = self._endpoint(outgoing.address)
        if endpoint is None:
            return Refused(f"the webhook {outgoing.address} is off", Scope.ADDRESS)
        body = outgoing.frozen.body
        headers = {
            "Content-Type": outgoing.frozen.content_type,
            "User-Agent": "Longstop",
            **signed(endpoint.secrets, outgoing.delivery_id, int(self._now().timestamp()), body),
        }
        try:
            answer = self._caller.post(endpoint.url, body, headers, still_ours)
        except NotAllowed as error:
            return Refused(error.why, Scope.ADDRESS)
        except NotReached as error:
            return NotSent(error.why)
        return NotSent("lease lost") if answer is None else _result(answer)

    def find(self, outgoing: Outgoing, since_at: datetime) -> FindResult:  # noqa: ARG002 - the protocol's shape
        """An endpoint is not asked what it has."""
        return CannotTell("an endpoint cannot be asked")

    def close(self) -> None:
        """Nothing is kept open."""


def cloud_event(event_id: str, kind: str, source: str, at: datetime, data: dict[str, Any]) -> bytes:
    """One event as its bytes; keys in a fixed order, so that the same event is the same bytes."""
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": source or "/longstop",
        "type": kind,
        "time": at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": data,
    }
    return json.dumps(event, separators=(",", ":")).encode()


def signed(secrets: tuple[str, ...], delivery_id: str, at: int, body: bytes) -> dict[str, str]:
    """The headers of one attempt; *at* in seconds since 1970."""
    content = f"{delivery_id}.{at}.".encode() + body
    signatures = [
        base64.b64encode(hmac.new(key_of(one), content, hashlib.sha256).digest()).decode() for one in secrets
    ]  # fmt: skip
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }


def derived(house_key: str, name: str, seed: str) -> str:
    """An endpoint's secret, from the key of the house and what lies in the register."""
    return secret_of(hmac.digest(house_key.encode(), f"webhook\n{name}\n{seed}".encode(), "sha256"))


def key_of(secret: str) -> bytes:
    """The key within ``whsec_...``."""
    return base64.b64decode(secret.removeprefix(_PREFIX))


def secret_of(key: bytes) -> str:
    """A key as people copy it."""
    return _PREFIX + base64.b64encode(key).decode()


def _result(answer: Answer) -> SendResult:
    status = answer.status
    if status // 100 == _TAKEN:
        return Accepted(f"{status}")
    if status // 100 == _ELSEWHERE:
        return Refused(f"it answers {status}: redirects are not followed", Scope.ADDRESS)
    if status == GONE:
        return Refused("it answers 410: it wants no more", Scope.ADDRESS)
    wait = _patience(answer.headers.get("retry-after", "")) if status in _TOO_FAST else None
    return NotSent(f"it answers {status}", wait)


def _patience(text: str) -> float | None:
    """``Retry-After`` in seconds; its form as a date is left to our own patience."""
    try:
        return max(0.0, min(float(text), _LONGEST_WAIT))
    except ValueError:
        return None


def _told(one: Deadline, *, is_outsider: bool) -> dict[str, Any]:
    if is_outsider:
        return {"reference": one.reference, "safe_on": one.safe_on.isoformat()}
    return {
        "id": one.milestone_id,
        "reference": one.reference,
        "counterparty": one.counterparty,
        "kind": one.kind.value,
        "cycle": one.cycle,
        "revision": one.revision,
        "safe_on": one.safe_on.isoformat(),
        "target_on": one.target_on.isoformat(),
        "time_zone": one.time_zone,
        "owner": one.owner,
        "url": one.url,
    }
