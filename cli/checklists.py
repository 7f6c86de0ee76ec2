"""Checklists at the command line: found by name, and laid over the one who was meant."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from cli.errors import UsageRefused
from config.checklists import load_checklists
from store.agreements import key_of
from store.errors import NotFound
from store.queries.counterparty_lists import counterparties_seen

if TYPE_CHECKING:
    from cli.run import Run
    from engine.monitor import Work
    from lifecycle.obligations.checklist import Checklist

OWN: Final = "checklists"  # playbooks lie beside this folder, which would be no playbooks


def known(run: Run) -> tuple[Checklist, ...]:
    """The checklists that ship and those in ``checklists`` of the playbooks' folder. Raises YamlRefused."""
    folder = run.settings.playbook_dir
    return load_checklists(folder / OWN if folder else None)


def named(run: Run, name: str) -> Checklist:
    """One of them. Raises NotFound."""
    for one in known(run):
        if one.name == name:
            return one
    raise NotFound("checklist", name, remedy="List them with `longstop checklist list`.")


def must_be_no_counterparty(run: Run, work: Work, reference: str) -> None:
    """Raises UsageRefused where what stands in an agreement's place is the name of a counterparty."""
    if work.agreements.find(reference) is None and work.counterparties.id_of(reference) is not None:
        seen = counterparties_seen(work, run.person(work), named=reference)
        if any(key_of(one.name) == key_of(reference) for one in seen):
            raise UsageRefused(
                f"{reference} is a counterparty, and no agreement.",
                remedy=f"Say --counterparty {shlex.quote(reference)}.",
            )
