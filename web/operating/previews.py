"""Messages as they would read: of every kind for an admin, and one of a ladder for whoever sees its agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engine.delivery.previewing import step_at
from engine.delivery.recipients import Told, resolve
from engine.delivery.specimens import Specimen, places, specimen
from engine.operations.outcomes import SILENT
from lifecycle.playbooks.ladder import is_silent
from store.queries import Queries
from store.queries.entering import NotFound
from store.queries.search import NOTHING
from web.agreements.missing import Missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.playbooks.ladder import PlannedStep
    from store.deliveries import Body
    from web.frame.viewer import Viewer


class Asked(NamedTuple):
    """What is previewed. *days* are the open deadlines of the agreement, *steps* the places on the ladder."""

    agreement: Agreement
    milestone: Milestone
    kind: Specimen
    channel: str
    days: list[Milestone]
    steps: list[str]
    place: str


def asked_for(viewer: Viewer, work: Work, said: Mapping[str, str]) -> Asked | None:
    """What is asked for, the rest as it is nearest; None in a register without a deadline. Raises NotFound."""
    seen = Queries.of(work, person=viewer.person)
    agreement = seen.agreement(said["reference"].strip()) if said.get("reference") else None
    found = seen.agreements(NOTHING) if agreement is None else iter([agreement])
    for one in found:
        days = [row for row in seen.milestones_of(one) if row.is_live and row.is_deadline]
        if days:
            milestone = next((row for row in days if row.id == said.get("deadline")), days[0])
            return _chosen(viewer, said, days, (one, milestone), places(work, one, milestone))
    if agreement is not None:
        raise NotFound("open deadline", agreement.reference, remedy="Choose another agreement.")
    return None


def composed(viewer: Viewer, work: Work, asked: Asked) -> Body:
    """The message as whoever looks would read it."""
    told = Told(viewer.person, asked.channel, viewer.person.email)
    return specimen(work, asked.kind, told, about=(asked.agreement, asked.milestone), place=asked.place)


def step_of(work: Work, agreement: Agreement, milestone: Milestone, place: str) -> PlannedStep:
    """A step of a ladder by its place, else its first. Raises Missing, NotFound."""
    chosen = place or next(iter(places(work, agreement, milestone)), "")
    if not chosen:
        why = SILENT if is_silent(milestone) else "No playbook tells anybody of it."
        raise Missing("message of this deadline", why)
    return step_at(work, agreement, milestone, chosen)


def told_at(work: Work, about: tuple[Agreement, Milestone], step: PlannedStep, *, to: str, channel: str) -> Told:
    """Which of a step's recipients is meant, by id or address and by channel; else its first. Raises Missing.

    Nobody else's message is composed.
    """
    agreement, milestone = about
    for one in resolve(work, step.audience, step.channels, agreement=agreement, milestone=milestone):
        if to in {"", one.person.id if one.person else one.address} and channel in {"", one.channel}:
            return one
    raise Missing("such recipient", "Look at the messages again.")


def _chosen(
    viewer: Viewer, said: Mapping[str, str], days: list[Milestone], about: tuple[Agreement, Milestone], steps: list[str]
) -> Asked:
    """The choices that can be made; what cannot is the first that can."""
    there = list(viewer.monitor.notifiers)
    channel = said.get("channel", "")
    kind = Specimen(said["kind"]) if said.get("kind") in set(Specimen) else Specimen.STEP
    if kind is Specimen.STEP and not steps:
        kind = Specimen.CHANGED
    place = said.get("place", "")
    return Asked(
        agreement=about[0], milestone=about[1], kind=kind, channel=channel if channel in there else there[0], days=days,
        steps=steps, place=place if place in steps else next(iter(steps), ""),
    )  # fmt: skip
