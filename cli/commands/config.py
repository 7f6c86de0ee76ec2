"""``longstop config``: the settings in force, all that there are, and what is wrong with them."""

from __future__ import annotations
