"""What nobody has said, and what nobody would hear: agreements without people, plans, readers.

An agreement is looked at until it is over for good; while confidentiality survives it still needs somebody who answers
for it, but no plan to leave it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lifecycle.agreements.agreement import Agreement, exit_length
from lifecycle.agreements.status import OVER, Status
from lifecycle.findings.finding import Finding

CRITICAL: Final = "critical"  # the tag of what nobody should have to leave without a plan


@dataclass(frozen=True, slots=True)
class UnheardStep:
    """A step of a ladder that would reach nobody: its *stage*, and whom it asks."""

    reference: str
    stage: str
    asks: str


def silence_findings(
    agreements: Sequence[Agreement], left: Collection[str], unheard: Sequence[UnheardStep] = ()
) -> tuple[Finding, ...]:
    """What is silent about *agreements*; *left* are the ids of people who have left."""
    watched = [one for one in agreements if one.status is not Status.ENDED and not one.is_archived]
    found = [finding for one in watched for finding in (*_people(one, left), *_exit(one))]
    known = {one.reference for one in watched}
    return (*found, *(_unheard(one) for one in unheard if one.reference in known))


def _people(agreement: Agreement, left: Collection[str]) -> Iterator[Finding]:
    about = (agreement.reference,)
    if agreement.owner_id is None:
        yield Finding("no-owner", about, None, f"Nobody answers for {agreement.reference}.")
    elif agreement.owner_id in left:
        yield Finding("owner-left", about, None, f"The owner of {agreement.reference} has left.")
    if agreement.backup_id is None:
        yield Finding("no-backup", about, None, f"Nobody stands in for the owner of {agreement.reference}.")
    elif agreement.backup_id in left:
        yield Finding("backup-left", about, None, f"The backup of {agreement.reference} has left.")


def _exit(agreement: Agreement) -> Iterator[Finding]:
    is_critical = CRITICAL in {tag.casefold() for tag in agreement.tags}
    if is_critical and agreement.status not in OVER and exit_length(agreement) is None:
        text = f"{agreement.reference} is tagged critical, and nobody has planned how to leave it."
        yield Finding("no-exit-plan", (agreement.reference,), None, text)


def _unheard(step: UnheardStep) -> Finding:
    text = f"The step {step.stage} of {step.reference} asks {step.asks}, and reaches nobody."
    return Finding("asks-nobody", (step.reference,), None, text)
