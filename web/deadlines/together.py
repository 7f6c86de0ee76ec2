"""Answering several deadlines together, after a preview of what would become of each (INTERFACE.md P3, G3).

The preview runs the very operations and rolls them back, so it cannot differ. Each deadline stands or falls alone: what
one refuses stops no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.delivery.composing import facts_of, standing_of
from engine.incoming.as_shown import asks_of
from engine.operations import Verdict
from lifecycle.errors import LifecycleError
from notifiers.wording import label, row_lead, standing_line
from store.queries.entering import NotFound
from web.deadlines.acting import ChangedMeanwhile, FieldRefused, Given, acted, stood, stood_then, words_of
from web.frame.forms import whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.monitor import Work
    from engine.operations import Answered
    from store.queries import DeadlineRow
    from web.frame.forms import Form
    from web.frame.viewer import Viewer

MOST: Final = 200  # deadlines at once
#: What can be said of several at once, and its words.
CHOICES: Final = (
    ("ack", "Acknowledge"),
    ("snooze", "Snooze"),
    ("assign", "Assign"),
    ("verify", "Verify"),
    ("waive", "Waive"),
)
#: Those for which a form of several asks nothing more.
PLAIN: Final = frozenset({"ack", "verify"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one deadline, or would."""

    id: str
    revision: int
    stood: str
    on: date
    label: str
    what: str
    said: str
    is_good: bool


def answered(
    viewer: Viewer, ids: Sequence[str], operation: str, form: Form, *, is_dry_run: bool
) -> tuple[list[Outcome], Mapping[str, str]]:
    """What becomes of each, and what is wrong with a field of the form for all of them."""
    wrong: dict[str, str] = {}
    found = []
    with viewer.work(is_dry_run=is_dry_run) as work:
        for one in ids[:MOST]:
            if (row := seen(work, viewer, one)) is None:
                continue  # as if it had not been chosen
            then = stood_then(form.get(f"stood-{one}"))
            given = Given(form, whole(form.get(f"revision-{one}")), shown=then)
            what = answer(work, viewer, row, operation, given)
            if isinstance(what, FieldRefused):
                wrong[what.field] = words_of(what)
            is_good = not isinstance(what, LifecycleError) and what.result is not Verdict.STALE
            said = _words(what, row) if isinstance(what, LifecycleError) else what.said
            found.append(_told(work, row, said, is_good=is_good))
    return found, wrong


def seen(work: Work, viewer: Viewer, milestone_id: str) -> DeadlineRow | None:
    """A deadline by its id; None for one that is gone, or not for them to see."""
    try:
        return viewer.queries(work).milestone(milestone_id)
    except NotFound:
        return None


def answer(
    work: Work, viewer: Viewer, row: DeadlineRow, operation: str, given: Given
) -> Answered | LifecycleError:  # fmt: skip
    """Do it to one of them, alone: what was answered, or why nothing was done."""
    try:
        with work.savepoint():
            return acted(work, viewer, row, operation, given)
    except LifecycleError as error:
        return error


def chosen(viewer: Viewer, ids: Sequence[str]) -> list[Outcome]:
    """What was chosen, before anything is said of it."""
    with viewer.look() as work:
        queries = viewer.queries(work)
        rows = [queries.milestone(one) for one in ids[:MOST]]
        return [_told(work, row, "", is_good=True) for row in rows]


def _words(error: LifecycleError, row: DeadlineRow) -> str:
    """What is said of a refusal; where somebody was quicker also what they said."""
    if not isinstance(error, ChangedMeanwhile):
        return words_of(error)
    stands = standing_line(standing_of(row.milestone), row.agreement.time_zone)
    return " ".join(part for part in (error.sentence, stands, error.remedy) if part)


def _told(work: Work, row: DeadlineRow, said: str, *, is_good: bool) -> Outcome:
    facts = facts_of(work, row.agreement, row.milestone, with_why=False)
    return Outcome(
        id=row.milestone.id,
        revision=row.milestone.revision,
        stood=stood(row.milestone, asks_of(work, row.agreement, row.milestone)),
        on=row.milestone.safe_on,
        label=label(facts),
        what=row_lead(facts, work.today(row.agreement))[0],
        said=said,
        is_good=is_good,
    )
