"""``longstop log``: prove that nobody has rewritten the permanent log."""

from __future__ import annotations
