"""Answering several deadlines together, after a preview of what would become of each (INTERFACE.md P3, G3).

The preview runs the very operations and rolls them back, so it cannot differ. Each deadline stands or falls alone: what
one refuses stops no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.delivery.composing import facts_of
from engine.operations import Verdict
from lifecycle.errors import LifecycleError
from notifiers.wording import action, capital, label
from web.deadlines.acting import FieldRefused, Given, acted, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.monitor import Work
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
            try:
                row = viewer.queries(work).milestone(one)
            except LifecycleError as error:
                if error.code != "not-found":
                    raise
                continue  # gone, or not for them to see: as if it had not been chosen
            revision = form.get(f"revision-{one}")
            given = Given(form, int(revision) if revision.isdigit() else None)
            found.append(_one(work, viewer, row, operation, given, wrong))
    return found, wrong


def chosen(viewer: Viewer, ids: Sequence[str]) -> list[Outcome]:
    """What was chosen, before anything is said of it."""
    with viewer.look() as work:
        queries = viewer.queries(work)
        rows = [queries.milestone(one) for one in ids[:MOST]]
        return [_told(work, row, "", is_good=True) for row in rows]


def _one(  # noqa: PLR0913, PLR0917 - whom, what, and how it is asked
    work: Work, viewer: Viewer, row: DeadlineRow, operation: str, given: Given, wrong: dict[str, str]
) -> Outcome:
    try:
        with work.savepoint():
            answer = acted(work, viewer, row, operation, given)
    except FieldRefused as error:
        wrong[error.field] = words_of(error)
        return _told(work, row, words_of(error), is_good=False)
    except LifecycleError as error:
        return _told(work, row, words_of(error), is_good=False)
    return _told(work, row, answer.said, is_good=answer.result is not Verdict.STALE)


def _told(work: Work, row: DeadlineRow, said: str, *, is_good: bool) -> Outcome:
    facts = facts_of(work, row.agreement, row.milestone, with_why=False)
    return Outcome(
        id=row.milestone.id,
        revision=row.milestone.revision,
        on=row.milestone.safe_on,
        label=label(facts),
        what=capital(action(facts)),
        said=said,
        is_good=is_good,
    )
