"""People at the command line: what is checked before they are kept, and how they are told."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from cli.errors import UsageRefused
from engine.zones import zone
from lifecycle.people import is_address
from lifecycle.rights import Act, require

if TYPE_CHECKING:
    from cli.run import Run
    from engine.monitor import Work
    from engine.operations.leaving import Counts
    from lifecycle.people import Person


def checked_email(text: str) -> str:
    """A mail address. Raises UsageRefused."""
    if not is_address(text.strip()):
        raise UsageRefused(f"EMAIL: {text!r} is no mail address.", remedy="Write it like olga@example.com.")
    return text.strip()


def checked_zone(text: str) -> str:
    """A zone's IANA name, or nothing. Raises UsageRefused."""
    if not text:
        return ""
    try:
        return str(zone(text))
    except (KeyError, ValueError, OSError):
        raise UsageRefused(f"--time-zone: there is no {text!r}.", remedy="Write it like Europe/Berlin.") from None


def checked_hour(text: str) -> time:
    """An hour of the day. Raises UsageRefused."""
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise UsageRefused(f"--send-at: {text!r} is no hour.", remedy="Write it like 07:30.") from None


def may_be_away(actor: Person | None, person: Person) -> None:
    """Everybody says for themselves when they are away, an admin for all. Raises Forbidden."""
    if actor is not None and actor.id != person.id:
        require(actor, Act.ADMINISTER)


def tell_handed_over(run: Run, handed: Counts, to: Person | None) -> None:
    """What has gone to somebody else."""
    if handed.said and to is not None and not run.as_json:
        run.terminal.line(f"Handed over to {to.label}: {handed.said}.")


def tell_unsaid_role(run: Run, person: Person) -> None:
    """What somebody may do of whom no role was said, and how they may do more."""
    if not run.as_json:
        run.terminal.note(
            "A viewer reads, and answers what they are asked. To let them change what they own: "
            f"`longstop person role {person.email} contributor`."
        )


def tell_nobodys(run: Run, work: Work, left: Person) -> None:
    """How many open deadlines nobody answers for, now that somebody has left: of agreements, and assigned to them."""
    from notifiers.wording import counted
    from store.queries.deadlines import Deadlines, Wanted

    number = Deadlines(work, person=run.person(work), today=run.today).number(Wanted(owner_id=left.id))
    if number and not run.as_json:
        theirs = counted(number, "open deadline")
        run.terminal.note(f"Nobody answers now for {theirs} of {left.label}: `longstop deadlines owner:nobody`.")
