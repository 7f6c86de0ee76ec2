"""``longstop doctor``: is everything in order? Each finding with its remedy."""

from __future__ import annotations
