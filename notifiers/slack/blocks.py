"""A fact sheet laid out for Slack (INTERFACE.md M2, M3).

Header, what is special, the lead line, fields, the reason, what happens next, and the buttons that are still possible.
A message that is shown anew after an answer says first who answered and when. Words come from ``notifiers.wording``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lifecycle.delivery import DeliveryKind
from lifecycle.milestones.deciding import choices
from lifecycle.milestones.milestone import LIVE, MilestoneState
from notifiers.slack import limits, parts
from notifiers.wording import action, is_marker, label, letter, standing_line, title_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notifiers.sheet import Deadline, FactSheet
    from notifiers.slack.parts import Block
    from notifiers.wording import Group, Letter, Row

ROWS: Final = 10  # of a digest
ACKNOWLEDGE, SNOOZE, DONE, DECIDE, ASSIGN, OPEN = "acknowledge", "snooze", "done", "decide", "assign", "open"


def message_blocks(facts: FactSheet) -> list[Block]:
    """The blocks of one message, within all of Slack's limits."""
    said = letter(facts)
    if len(facts.deadlines) == 1 and facts.kind in {DeliveryKind.STEP, DeliveryKind.CHANGED}:
        if facts.is_outsider:
            return [parts.section(said.heading)]
        return parts.fitted(list(_single(facts, facts.deadlines[0], said)))
    return parts.fitted(list(_listed(said)))


def buttons(facts: FactSheet, deadline: Deadline) -> list[Block]:
    """What can still be answered; a marker and what has ended can only be opened."""
    state = facts.standing.state if facts.standing else MilestoneState.OPEN
    value = parts.value_of(deadline.milestone_id, deadline.revision, facts.stage)
    about = label(deadline)
    made = [
        parts.button(name, action_id, value, about=about, is_primary=action_id == ACKNOWLEDGE)
        for name, action_id in _possible(facts, deadline, state)
    ]
    if parts.is_link(deadline.url):
        made.append(parts.button("Open", OPEN, value, url=deadline.url, about=about))
    return made


def _possible(facts: FactSheet, deadline: Deadline, state: MilestoneState) -> Iterator[tuple[str, str]]:
    if is_marker(deadline) or state not in LIVE:
        return
    has_it = state is MilestoneState.ACKNOWLEDGED or (facts.standing is not None and bool(facts.standing.by))
    if not has_it or state is MilestoneState.SNOOZED:
        yield "Acknowledge", ACKNOWLEDGE
    if facts.can_snooze:
        yield "Snooze", SNOOZE
    yield "Done", DONE
    if choices(deadline.kind):
        yield "Decide", DECIDE
    yield "Assign", ASSIGN


def summary(facts: FactSheet) -> str:
    """The message in one line, for a notification: what became of it, and the lead line while somebody has to act."""
    said, standing = letter(facts).heading, _standing(facts)
    if has_ended(facts) and not facts.is_outsider:
        return f"{label(facts.deadlines[0])}: {standing}"
    return " ".join(part for part in (standing, said) if part)


def has_ended(facts: FactSheet) -> bool:
    """Whether nobody has to act any more."""
    return facts.standing is not None and facts.standing.state not in LIVE


def _standing(facts: FactSheet) -> str:
    return standing_line(facts.standing, facts.recipient.time_zone) if facts.standing else ""


def _single(facts: FactSheet, deadline: Deadline, said: Letter) -> Iterator[Block]:
    is_over = has_ended(facts)
    yield parts.header(label(deadline) if is_over else title_line(deadline, facts.today, limits.HEADER))
    if standing := _standing(facts):
        yield parts.section(standing)
    if said.before:
        yield parts.lines(said.before)
    if not is_over:
        yield parts.section(said.heading)
    for paragraph in said.text:
        yield parts.section(paragraph)
    was_asked = (("Asked for", action(deadline)), ("Last safe day", said.day)) if is_over else ()
    yield from parts.facts((*was_asked, *said.fields))
    yield from parts.context(f"Why this day: {line}" if at == 0 else line for at, line in enumerate(said.why))
    yield from parts.context(said.unknown)
    if said.next and not is_over:
        yield parts.lines(said.next, title="What happens next")
    yield from parts.actions(buttons(facts, deadline))
    yield from parts.context([said.ending])


def _listed(said: Letter) -> Iterator[Block]:
    """Digests, incidents, tests."""
    yield parts.header(said.heading)
    for line in (*said.before, *said.text):
        yield parts.section(line)
    for group in _at_most(said.groups, ROWS):
        yield parts.title(group.title)
        for row in group.rows:
            yield parts.entry(row.day, f"({row.relative})  {row.text}. Owner: {row.owner}.", accessory=_link(row))
        yield from parts.context([f"and {group.more} more"] if group.more else [])
    yield from parts.context(said.unknown)
    if parts.is_link(said.url):
        yield from parts.actions([parts.button("Open", OPEN, "home", url=said.url)])
    yield from parts.context([said.ending])


def _link(row: Row) -> Block | None:
    return parts.button("Open", OPEN, row.url, url=row.url, about=row.text) if parts.is_link(row.url) else None


def _at_most(groups: tuple[Group, ...], room: int) -> Iterator[Group]:
    """The first *room* rows of all groups together; of each group how many are left out."""
    for group in groups:
        kept = group.rows[:room]
        room -= len(kept)
        yield replace(group, rows=kept, more=group.more + len(group.rows) - len(kept))
