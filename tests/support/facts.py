"""Fact sheets for tests of messages: W2 of the dates, told to its owner on 21 Nov 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from lifecycle.agreements.agreement import Money
from lifecycle.counting.derivation import Clause, DerivationStep, Sensitivity, Source
from lifecycle.days.periods import Period
from lifecycle.delivery import DeliveryKind
from lifecycle.milestones.milestone import MilestoneKind, MilestoneState
from notifiers.sheet import Deadline, FactSheet, NextStep, Recipient, Standing
from notifiers.wording import meanwhile_line

if TYPE_CHECKING:
    from collections.abc import Iterable

TODAY = date(2026, 11, 21)

STEPS = (
    DerivationStep(
        "term-end",
        date(2024, 2, 1),
        date(2027, 1, 31),
        text="1 Feb 2024 + 36 months - 1 day",
        source=Source.AGREEMENT,
        clause=Clause("2.1", 3),
    ),
    DerivationStep(
        "notice-before",
        date(2027, 1, 31),
        date(2026, 12, 2),
        text="60 days, the day of notice not counted",
        source=Source.AGREEMENT,
        clause=Clause("12.3", 9, "no later than sixty"),
    ),
    DerivationStep(
        "roll", date(2026, 12, 2), date(2026, 12, 2), text="Wednesday, open in DE-BE: no change", source=Source.RULE_SET
    ),
    DerivationStep(
        "receipt",
        date(2026, 12, 2),
        date(2026, 12, 1),
        text="courier: received the next business day",
        source=Source.AGREEMENT,
        clause=Clause("18.2"),
    ),
    DerivationStep("buffer", date(2026, 12, 1), date(2026, 11, 24), text="5 business days", source=Source.PLAYBOOK),
)


def deadline(kind: MilestoneKind = MilestoneKind.NOTICE, **changes: Any) -> Deadline:
    """The notice of Acme's hosting agreement, last safe day Tue 1 Dec 2026."""
    facts: dict[str, Any] = {
        "milestone_id": "k3v9q2",
        "agreement_id": "h7m2x4",
        "reference": "MSA-0042",
        "title": "Hosting MSA",
        "counterparty": "Acme Labs GmbH",
        "kind": kind,
        "cycle": "0",
        "is_deadline": True,
        "safe_on": date(2026, 12, 1),
        "target_on": date(2026, 11, 24),
        "nominal_on": date(2026, 12, 2),
        "latest_on": date(2026, 12, 2),
        "time_zone": "Europe/Berlin",
        "cutoff": time(17, 0),
        "then": Period(months=12),
        "then_on": date(2027, 2, 1),
        "over_on": date(2027, 1, 31),
        "value": Money(Decimal("240000.00"), "EUR"),
        "owner": "Dana Krüger",
        "backup": "Bela Novák",
        "clause": Clause("12.3", 9),
        "why": STEPS,
        "sensitivities": (Sensitivity("received", "sent, not received", 1), Sensitivity("plain", "clear days", -1)),
    }
    return Deadline(**(facts | changes))


def facts(*deadlines: Deadline, **changes: Any) -> FactSheet:
    """A step's message to the owner; *deadlines* default to one notice."""
    said: dict[str, Any] = {
        "delivery_id": "d-000001",
        "kind": DeliveryKind.STEP,
        "recipient": Recipient("dana@example.com", "Dana Krüger", "p-dana", "Europe/Berlin"),
        "today": TODAY,
        "composed_at": datetime(2026, 11, 21, 7, 30, tzinfo=UTC),
        "deadlines": deadlines or (deadline(),),
        "organisation": "Example SE",
        "stage": "-30d",
        "stage_number": 2,
        "stage_count": 4,
        "next_steps": (
            NextStep(date(2026, 11, 23), ("you", "the backup")),
            NextStep(date(2026, 11, 27), ("head of procurement",)),
        ),
    }
    return FactSheet(**(said | changes))


def digest(deadlines: Iterable[Deadline], **changes: Any) -> FactSheet:
    """A digest of *deadlines* to the same person."""
    return replace(facts(), kind=DeliveryKind.DIGEST, deadlines=tuple(deadlines), stage="", next_steps=(), **changes)


def away(link: str) -> FactSheet:
    """What the same person reads on their return: one deadline was done meanwhile, another was acknowledged."""
    at = datetime(2026, 11, 19, 9, 12, tzinfo=UTC)
    quiet = Standing(state=MilestoneState.ACKNOWLEDGED, by="kim@example.com", at=at, until_at=at + timedelta(days=5))
    done = Standing(state=MilestoneState.DONE, by="kim@example.com", at=at, on=at.date(), note="registered letter")
    still_open = deadline(milestone_id="a2", reference="MSA-0007", safe_on=date(2026, 12, 18), url=link)
    lines = [meanwhile_line(deadline(), done), meanwhile_line(still_open, quiet)]
    return digest([still_open], heading="While you were away", text="\n".join(lines))


#: Titles that people, spreadsheets and attackers have written.
HOSTILE = SimpleNamespace(
    header="Acme\r\nBcc: everybody@example.com\r\n\r\nHello",
    right_to_left="\u202eAcme\u202c \u05d0\u05d1\u05d2 \u2066MSA\u2069",
    emoji="\U0001f468\u200d\U0001f469\u200d\U0001f467 Acme \U0001f9ff" * 40,
    long="x" * 10_000,
    long_words="wort und Wörter " * 700,
    markup="<script>alert(1)</script> & {{ 7*7 }} {% for x in y %} <!--% if a %-->",
    control="Acme\x00\x07\x1b[31m\x85\u2028\ufeff\ufffe MSA",
    surrogate="Acme \ud83d MSA",
    encoded="=?utf-8?b?SGk=?=",
    slack="<!channel> <@U123> *bold*",
)
