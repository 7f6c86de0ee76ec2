"""Whether a request is Slack's (https://docs.slack.dev/authentication/verifying-requests-from-slack).

The signature is over the bytes as they came, and compared in constant time; what is older than five minutes is not
taken, so that nobody sends it again later.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_TOLERANCE: Final = 300  # seconds
_DIGITS: Final = 12


def is_from_slack(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether *body* was signed with *secret* lately. A timestamp that is no number is nobody's."""
    stamp = headers.get("x-slack-request-timestamp", "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= _DIGITS):
        return False
    if abs(now.timestamp() - int(stamp)) > _TOLERANCE:
        return False
    own = "v0=" + hmac.digest(secret.encode(), b"v0:" + stamp.encode() + b":" + body, "sha256").hex()
    given = headers.get("x-slack-signature", "")
    return hmac.compare_digest(own.encode(), given.encode())
