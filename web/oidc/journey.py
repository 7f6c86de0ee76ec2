"""One way to the issuer and back: it begins and ends in the same browser, within ten minutes.

The browser keeps a random seed in a signed cookie. State, nonce and verifier follow from that seed and from the key of
the house: whoever reads the cookie cannot tell the verifier, and whoever plants an answer in a browser knows no state.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

COOKIE: Final = "longstop_oidc"
HOLDS: Final = timedelta(minutes=10)
_LONGEST: Final = 1500  # characters of the page that is wanted: browsers keep cookies of 4 kB


@dataclass(frozen=True, slots=True)
class Journey:
    """*wanted* is the page of ours to which it leads."""

    seed: str
    wanted: str
    begun_at: int  # seconds since 1970

    def state(self, key: str) -> str:
        """What the issuer gives back with its answer: it belongs to this browser."""
        return self._derived(key, "state")

    def nonce(self, key: str) -> str:
        """What stands in the token: it was made for this journey."""
        return self._derived(key, "nonce")

    def verifier(self, key: str) -> str:
        """What proves, when the code is changed for a token, that whoever brings it also asked for it (RFC 7636)."""
        return self._derived(key, "verifier")

    def _derived(self, key: str, purpose: str) -> str:
        told = f"longstop.oidc.{purpose}:{self.seed}".encode()
        return urlsafe_b64encode(hmac.new(key.encode(), told, sha256).digest()).rstrip(b"=").decode()


def begun(wanted: str, now: datetime) -> Journey:
    """A new journey."""
    return Journey(secrets.token_urlsafe(24), wanted if len(wanted) <= _LONGEST else "", int(now.timestamp()))


def kept(journey: Journey, key: str) -> str:
    """The journey as its browser keeps it."""
    return _signer(key).dumps([journey.seed, journey.wanted, journey.begun_at])


def read(cookie: str, key: str, state: str, now: datetime) -> Journey | None:
    """The journey that ends with *state*; None where this browser has begun no such one, or too long ago."""
    try:
        journey = Journey(*_signer(key).loads(cookie))
    except (BadData, TypeError):
        return None
    is_its_own = hmac.compare_digest(journey.state(key).encode(), state.encode())
    is_young = 0 <= int(now.timestamp()) - journey.begun_at <= HOLDS.total_seconds()
    return journey if is_its_own and is_young else None


def _signer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="longstop.oidc")
