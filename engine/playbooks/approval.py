"""A playbook that would change many agreements holds only after a second person has applied it too (INTERFACE.md P18).

The first who applies proposes it: nothing changes but the log. Whoever applies the same content next, and is somebody
else, lets it hold. Another content is another proposal.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.errors import LifecycleError
from lifecycle.events import PlaybookProposed
from lifecycle.playbooks.canonical import canonical, sha256

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.playbooks.playbook import Playbook


class NeedsApproval(LifecycleError):
    """A second person has to apply it."""

    code = "needs-approval"

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"{', '.join(names)}: proposed. It concerns so many agreements that a second person has to apply it.",
            remedy="Ask somebody else who may apply playbooks to look at the plan, then to apply it.",
            command="longstop playbook plan",
        )


class Proposal(NamedTuple):
    """What somebody has proposed and a second person has not applied yet."""

    by: str
    playbook: Playbook


def proposal(work: Work, name: str) -> Proposal | None:
    """The proposal for the playbook *name*; None where there is none, or it holds by now."""
    kept = work.keeping.fact(f"proposed:{name}")
    said = json.loads(kept) if kept else {}
    if "doc" not in said:
        return None
    proposed = work.monitor.playbook_from(said["doc"])
    holds = any(one.name == name and sha256(one) == said["sha256"] for one in work.playbooks.values())
    return None if holds else Proposal(said["by"], proposed)


def is_approved(work: Work, new: Playbook, agreements: int) -> bool:
    """Whether it may hold now; if not, it is proposed from now on by whoever asks."""
    most = work.house.playbook_approval_over
    if not most or agreements <= most:
        return True
    name, content, kept = f"proposed:{new.name}", sha256(new), work.keeping.fact(f"proposed:{new.name}")
    proposal = json.loads(kept) if kept else {}
    if proposal.get("sha256") == content:
        return bool(proposal["by"].casefold() != work.actor.name.casefold())
    work.keeping.set_fact(name, json.dumps({"sha256": content, "by": work.actor.name, "doc": canonical(new)}))
    work.record(PlaybookProposed(playbook=new.name, sha256=content, agreements=agreements))
    return False
