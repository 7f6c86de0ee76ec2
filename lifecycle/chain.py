"""How the permanent log hangs together: each event is hashed together with the hash of the one before it.

Whoever has the rows can walk the chain, with a database or without one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

#: What stands before the first event.
GENESIS: Final = "0" * 64
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_encoded: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def chain_hash(row: Mapping[Any, Any]) -> str:
    """The hash of an event. *row* has its columns: ``at`` an aware instant, ``payload`` the text as it is kept."""
    micros = (row["at"] - _EPOCH) // _MICROSECOND
    content = [
        row["prev_hash"], row["position"], micros, row["type"], row["actor"], row["channel"], row["agreement_id"],
        row["milestone_id"], row["payload"],
    ]  # fmt: skip
    return hashlib.sha256(_encoded(content).encode()).hexdigest()
