"""The keys and patterns of playbook files.

The reader and the JSON schema for editors are made of the same tables, so they cannot disagree.
"""

from __future__ import annotations

from typing import Final

MOST_STAGES: Final = 40
MOST_STEPS: Final = 20
MOST_REPEATS: Final = 20
# The keys of every mapping, and which of them must be there; the JSON schema is made of the same tables.
PLAYBOOK_KEYS: Final = {
    "playbook": True,
    "match": False,
    "buffer": False,
    "quiet": False,
    "priority": False,
    "ladder": True,
}
MATCH_KEYS: Final = dict.fromkeys(
    ("kind", "milestone", "tags", "counterparty_tags", "jurisdiction", "team", "value"), False
)  # fmt: skip
TAG_KEYS: Final = {"any": False, "all": False, "none": False}
QUIET_KEYS: Final = {"hours": False, "weekends": False, "holidays": False}
STAGE_KEYS: Final = {"name": False, "at": True, "urgency": False, "require": False, "steps": True}
STEP_KEYS: Final = {"ask": True, "after": False, "via": False, "repeat": False}
REPEAT_KEYS: Final = {"every": True, "times": True}
NAME: Final = r"[a-z0-9][a-z0-9-]{0,59}"
STAGE_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9 _-]{0,59}"
BUSINESS_DAYS: Final = r"[1-9][0-9]{0,2}bd"
BUFFER: Final = r"0d|[1-9][0-9]{0,2}b?d"
HOURS: Final = r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]"
VALUE: Final = r"(>=|<=|>|<|=) ?([0-9]{1,15}(?:\.[0-9]{1,4})?) ?([A-Z]{3})"
