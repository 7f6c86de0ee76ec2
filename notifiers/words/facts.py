"""A fact of an agreement in words that fit into a line, whatever it is: for what was changed, before and after.

What the paper provides is said as everywhere else; days, amounts and names as the register keeps them.
"""

from __future__ import annotations

from typing import Any

from lifecycle.agreements.agreement import Money
from lifecycle.agreements.amending import said
from lifecycle.obligations.duties import Obligation
from lifecycle.terms.provisions import (
    EarlierOf,
    Ended,
    ForConvenience,
    Lasting,
    LaterOf,
    Notice,
    OpenEnded,
    Renewal,
    Restriction,
    Survival,
    Until,
    Upon,
)
from notifiers.words.days import amount
from notifiers.words.provided import (
    due_words,
    end_words,
    ended_words,
    leaving_words,
    notice_words,
    renewal_words,
    restriction_words,
    survival_words,
)
from notifiers.words.text import one_line


def fact_words(fact: Any) -> str | None:  # noqa: ANN401 - any value of an agreement
    """None where there is no fact."""
    if isinstance(fact, tuple) and fact:
        return "; ".join(fact_words(one) or "-" for one in fact)
    return _provided(fact) or said(fact)


def _provided(fact: Any) -> str:  # noqa: ANN401, PLR0911 - one answer per kind of fact
    match fact:
        case Lasting() | Until() | OpenEnded() | Upon() | EarlierOf() | LaterOf():
            return end_words(fact, None)
        case Renewal():
            return renewal_words(fact)
        case Notice():
            return notice_words(fact)
        case ForConvenience():
            return leaving_words(fact)
        case Survival():
            return survival_words(fact)
        case Restriction():
            return restriction_words(fact)
        case Ended():
            return ended_words(fact)
        case Obligation():
            return f"{one_line(fact.name, 60)} ({fact.kind.value}): {due_words(fact.due)}"
        case Money():
            return amount(fact)
        case _:
            return ""
