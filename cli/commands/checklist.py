"""``longstop checklist``: named sets of obligations, and how one is laid upon an agreement."""

from __future__ import annotations
