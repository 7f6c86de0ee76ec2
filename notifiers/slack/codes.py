"""What Slack answered, as what it means for a message (DELIVERY.md S2, S3).

By exception: what broke before the request was written certainly was not taken; what broke after it may have been. By
code: four tables. What is in none of them is a doubt, never a guess.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError

from lifecycle.delivery import InDoubt, NotSent, Refused, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

Trouble = NotSent | Refused | InDoubt

TOO_FAST: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
ADDRESS: Final = frozenset(
    {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "user_not_found",
        "users_not_found",
        "user_disabled",
        "cannot_dm_bot",
    }
)
ADDRESS_PREFIX: Final = "restricted_action"
CHANNEL: Final = frozenset(
    {"invalid_auth", "account_inactive", "token_revoked", "token_expired", "missing_scope", "not_authed"}
)
MESSAGE: Final = frozenset({"invalid_blocks", "msg_too_long", "no_text", "invalid_arguments", "metadata_too_large"})
#: A message that was posted cannot be shown anew any more.
GONE: Final = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "is_archived", "channel_not_found"}
)
NO_THREAD: Final = frozenset({"thread_not_found", "cannot_reply_to_message"})

PATIENCE: Final = 30.0  # seconds, where Slack asks for patience and does not say how long
_LONGEST: Final = 86_400.0
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,79}")


def of_exception(error: Exception) -> Trouble:
    """What a broken call means. *error* is anything but an answer of Slack."""
    name = type(error).__name__
    if isinstance(error, URLError) and not isinstance(error, HTTPError):
        return NotSent(f"Slack could not be reached: {type(error.reason).__name__}", is_unreachable=True)
    return InDoubt(f"the connection to Slack broke: {name}")


def of_answer(status: int, code: str, headers: Mapping[str, str]) -> Trouble:
    """What an answer that is no *ok* means."""
    if status == 429 or code in TOO_FAST:
        return NotSent("Slack asks for patience", retry_after(headers), is_too_fast=True)
    known = code if _CODE.fullmatch(code) else ""
    if known in ADDRESS or known.startswith(ADDRESS_PREFIX):
        return Refused(known, Scope.ADDRESS)
    if known in CHANNEL:
        return Refused(known, Scope.CHANNEL)
    if known in MESSAGE:
        return Refused(known, Scope.MESSAGE)
    return InDoubt(f"Slack answered {known or 'without a code'} (status {status})")


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds to wait, as Slack says; 30 where it says nothing that can be used, a day at most."""
    said = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        seconds = float(said)
    except ValueError:
        return PATIENCE
    return min(seconds, _LONGEST) if math.isfinite(seconds) and seconds >= 0 else PATIENCE
