"""Checklists at the command line: found by name, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from config.checklists import load_checklists
from lifecycle.checklist import At, Checklist, Every
from store.errors import NotFound

if TYPE_CHECKING:
    from cli.run import Run

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


def when(timing: At | Every) -> str:
    """``5 business days after effective``, ``every 1 year from effective``."""
    if isinstance(timing, Every):
        return f"every {timing.period} from {timing.anchor.value}"
    if timing.period.is_zero:
        return f"on {timing.anchor.value}"
    return f"{timing.period} {timing.direction.value} {timing.anchor.value}"


def document(checklist: Checklist) -> dict[str, Any]:
    """A checklist for ``--json``."""
    return {
        "name": checklist.name,
        "about": checklist.about,
        "items": [
            {
                "key": one.key,
                "kind": one.kind,
                "name": one.name,
                "when": when(one.timing),
                "owner": str(one.owner),
                "continues": one.continues,
                "evidence": one.evidence,
                "needs": list(one.needs),
            }
            for one in checklist.templates
        ],
    }
