"""Checklists at the command line: found by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.checklists import load_checklists
from store.errors import NotFound

if TYPE_CHECKING:
    from cli.run import Run
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
