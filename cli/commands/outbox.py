"""``longstop outbox``: what waits to leave; hold it, release it, try again."""

from __future__ import annotations
