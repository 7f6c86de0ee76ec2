"""``longstop db``: bring the database to the state that this version needs."""

from __future__ import annotations
