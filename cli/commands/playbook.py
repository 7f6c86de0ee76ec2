"""``longstop playbook``: the rules; what they are, what is wrong with them, what a change would do."""

from __future__ import annotations
