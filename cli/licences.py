"""What is typed about the licence of an asset."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cli.run import Run
    from lifecycle.agreements.agreement import Money
    from lifecycle.assets.asset import Licence


class TypedLicence(NamedTuple):
    """What was typed about a licence."""

    from_whom: str
    until: str
    fee: str
    fee_due: str
    fee_every: str


def licence_of(run: Run, known: Licence | None, said: TypedLicence) -> Licence | None:
    """The licence with what was said of it; what was not said stays."""
    from dataclasses import replace

    from cli.days import parse_length
    from lifecycle.assets.asset import Licence

    if not any(said):
        return known
    base = known or Licence()
    return replace(
        base,
        from_whom=said.from_whom or base.from_whom,
        ends_on=run.day(said.until, "--licence-until") if said.until else base.ends_on,
        fee=_amount(said.fee) if said.fee else base.fee,
        fee_due_on=run.day(said.fee_due, "--fee-due") if said.fee_due else base.fee_due_on,
        fee_every=parse_length(said.fee_every, "--fee-every") if said.fee_every else base.fee_every,
    )


def _amount(text: str) -> Money:
    """Raises UsageRefused."""
    from cli.errors import UsageRefused
    from engine.intake.money import money_said

    found = money_said(text)
    if found is None:
        raise UsageRefused(f"--licence-fee: {text!r} is no amount of money.", remedy="Write EUR 1,200.00.")
    return found
