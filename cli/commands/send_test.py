"""``longstop send-test``: one message through a channel, now, to prove that the way is open."""

from __future__ import annotations
