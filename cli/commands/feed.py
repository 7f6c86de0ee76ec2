"""``longstop feed``: deadlines as a calendar file."""

from __future__ import annotations
