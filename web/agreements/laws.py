"""Rule sets by the names under which lawyers know them; short names are for files, programs and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

RULES: Final[Mapping[str, str]] = {
    "us-contract": "US contract law",
    "frcp-6a": "US federal court rules (FRCP 6(a))",
    "england-contract": "English contract law",
    "cpr-2.8": "English court rules (CPR 2.8)",
    "bgb": "German Civil Code (BGB)",
    "eu-1182-71": "EU Regulation 1182/71",
    "isda": "ISDA definitions",
}


def rule_words(name: str) -> str:
    """``German Civil Code (BGB)`` for ``bgb``."""
    return RULES.get(name, name)
