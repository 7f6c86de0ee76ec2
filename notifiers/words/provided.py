"""What the paper provides, each fact in words that fit into a line, with the place where it is written.

So ``36 months (cl. 2.1, p. 3), up to the day before the anniversary``, and ``60 days before the last day, by us, via
courier (takes 1 business day), to be received by then (cl. 12.3, p. 9)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from lifecycle.days.periods import Counting
from lifecycle.obligations.duties import TURNING_POINTS, Basis, Once, Recurrence
from lifecycle.terms.provisions import (
    Anchor,
    AppliesTo,
    CountsAs,
    EarlierOf,
    EndConvention,
    EndsAt,
    Lasting,
    LaterOf,
    OpenEnded,
    RenewalKind,
    Side,
    Until,
    Upon,
)
from lifecycle.terms.term_steps import ENDED
from lifecycle.words import spoken
from notifiers.words.days import day
from notifiers.words.text import one_line
from notifiers.words.why import clause_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecycle.agreements.agreement import ServedNotice
    from lifecycle.counting.derivation import Clause
    from lifecycle.obligations.duties import Due
    from lifecycle.terms.provisions import (
        DeliveryMethod,
        End,
        Ended,
        ForConvenience,
        Notice,
        Renewal,
        Restriction,
        Survival,
    )

_CONVENTIONS: Final[Mapping[EndConvention, str]] = {
    EndConvention.ANNIVERSARY: "up to the anniversary itself",
    EndConvention.DAY_BEFORE: "up to the day before the anniversary",
    EndConvention.EXPLICIT: "the stated day is the last",
    EndConvention.MONTH_END: "on to the end of the month",
    EndConvention.YEAR_END: "on to 31 December",
}
_COUNTS: Final[Mapping[CountsAs, str]] = {
    CountsAs.SENT: "to be sent by then",
    CountsAs.RECEIVED: "to be received by then",
    CountsAs.DEEMED: "to be deemed received by then",
}
_COUNTING: Final[Mapping[Counting, str]] = {
    Counting.PLAIN: "",
    Counting.INCLUSIVE: "the first day counted",
    Counting.CLEAR: "clear days",
}
_TERMS: Final[Mapping[AppliesTo, str]] = {
    AppliesTo.ALL: "",
    AppliesTo.INITIAL: "in the initial term",
    AppliesTo.RENEWALS: "in renewals",
}
_SIDES: Final[Mapping[Side, str]] = {Side.OURS: "by us", Side.THEIRS: "by them", Side.EITHER: "by either side"}
_BOUND: Final[Mapping[Side, str]] = {Side.OURS: "binds us", Side.THEIRS: "binds them", Side.EITHER: "binds both"}
_TO: Final[Mapping[EndsAt, str]] = {
    EndsAt.ANY_DAY: "to any day",
    EndsAt.MONTH_END: "to the end of a month",
    EndsAt.QUARTER_END: "to the end of a quarter",
    EndsAt.HALF_YEAR_END: "to the end of a half-year",
    EndsAt.YEAR_END: "to the end of a year",
    EndsAt.TERM_END: "to the end of a term",
}
_ANCHORS: Final[Mapping[Anchor, str]] = {
    Anchor.EXPIRY: "the last day of the term",
    Anchor.TERMINATION: "the day on which it ends",
    Anchor.EFFECTIVE: "the effective day",
    Anchor.EACH_DISCLOSURE: "each disclosure",
    Anchor.LAST_DISCLOSURE: "the last disclosure",
}
_BASES: Final[Mapping[Basis, str]] = {
    Basis.MONTH: "by calendar months",
    Basis.QUARTER: "by quarters",
    Basis.YEAR: "by calendar years",
}


def end_words(end: End, convention: EndConvention | None) -> str:
    """How long it runs; what nobody has stated is not said."""
    told = _end(end)
    has_length = not isinstance(end, OpenEnded | Upon)
    return f"{told}, {_CONVENTIONS[convention]}" if convention and has_length else told


def renewal_words(renewal: Renewal) -> str:
    """How the next term comes."""
    if renewal.kind is RenewalKind.NEVER:
        return _placed(["it does not renew"], renewal.clause)
    length = f"for {renewal.period}" if renewal.period else "for as long as the initial term"
    holder = _SIDES[renewal.holder] if renewal.kind is RenewalKind.BY_OPTION else ""
    most = "" if renewal.most is None else f"at most {renewal.most} times" if renewal.most != 1 else "once"
    kind = renewal.kind.value.replace("-", " ")
    return _placed([f"{kind} {length}", holder, most], renewal.clause)


def notice_words(notice: Notice) -> str:
    """By when notice about the renewal has to leave."""
    least = "at least " if notice.at_least else ""
    opens = f"at most {notice.opens}" if notice.opens else ""
    told = [f"{least}{notice.period} before the last day", opens, _SIDES[notice.side], _TERMS[notice.applies_to]]
    counting = _COUNTING[notice.counting] if notice.counting else ""
    return _placed([*told, counting, _way(notice.method, notice.counts_as)], notice.clause)


def leaving_words(leave: ForConvenience) -> str:
    """A right to leave without a reason."""
    since = f"not before {spoken(leave.not_before_on)}" if leave.not_before_on else ""
    length = f"{'at least ' if leave.at_least else ''}{leave.period}"
    told = [f"{_SIDES[leave.side]} on {length} of notice", _TO[leave.ends], since]
    counting = _COUNTING[leave.counting] if leave.counting else ""
    return _placed([*told, counting, _way(leave.method, leave.counts_as)], leave.clause)


def survival_words(survival: Survival) -> str:
    """What outlives the end, for how long."""
    length = f"{survival.period} from {_ANCHORS[survival.anchor]}" if survival.period else "for ever"
    beside = f"for ever: {', '.join(survival.indefinite_for)}" if survival.indefinite_for else ""
    return _placed([f"{survival.duty}: {length}", beside], survival.clause)


def restriction_words(one: Restriction) -> str:
    """What somebody may not do, for how long."""
    told = f"{one.kind}: {one.period} from {_ANCHORS[one.anchor]}"
    return _placed([told, _BOUND[one.binds]], one.clause)


def ended_words(ended: Ended) -> str:
    """When it ends, and why there is no further term."""
    return f"{spoken(ended.last_on)}: {ENDED[ended.how]}"


def doubt_words(notice: ServedNotice) -> str:
    """Why somebody may say that a notice does not end it on that day; nothing where nobody can."""
    who = "they" if notice.by == "us" else "we"
    if notice.opens_on is not None and notice.counts_on < notice.opens_on:
        return f"It may be given from {day(notice.opens_on)} on: {who} may say that it came too early."
    if notice.closes_on is not None and notice.counts_on > notice.closes_on:
        return (
            f"By the ordinary reading it had to count by {day(notice.closes_on)}: {who} may say that it came too late."
        )
    return ""


def due_words(due: Due) -> str:
    """When a duty is due."""
    match due:
        case Once(on=on):
            return spoken(on)
        case Recurrence():
            counted = _BASES.get(due.basis, f"from {spoken(due.anchor_on)}")
            later = "" if due.due_after.is_zero else f", {due.due_after} after each"
            return f"every {due.every}, {counted}{later}"
        case _:
            point = TURNING_POINTS[due.anchor]
            return f"on {point}" if due.period.is_zero else f"{due.period} {due.direction.value} {point}"


def _end(end: End) -> str:
    match end:
        case Lasting(period=period, from_on=from_on, clause=clause):
            return _placed([f"{period}{f' from {spoken(from_on)}' if from_on else ''}"], clause)
        case Until(day=day, beside=beside, clause=clause):
            return _placed([f"until {spoken(day)}", f"beside it {_end(beside)}" if beside else ""], clause)
        case OpenEnded(clause=clause):
            return _placed(["no last day"], clause)
        case Upon(what=what, on=on, clause=clause):
            return _placed([f"upon {one_line(what)}", spoken(on) if on else "not known yet"], clause)
        case EarlierOf(ends=ends):
            return f"the earlier of {' and '.join(map(_end, ends))}"
        case LaterOf(ends=ends):
            return f"the later of {' and '.join(map(_end, ends))}"
        case _:
            assert_never(end)


def _way(method: DeliveryMethod | None, counts_as: CountsAs | None) -> str:
    counts = _COUNTS[counts_as] if counts_as else ""
    if method is None:
        return counts
    takes = "" if method.receipt.is_zero else f"takes {method.receipt}"
    deemed = f"deemed received after {method.deemed}" if method.deemed else ""
    cutoff = f"until {method.cutoff:%H:%M}" if method.cutoff else ""
    inside = ", ".join(filter(None, (takes, deemed, cutoff, clause_words(method.clause))))
    told = f"via {one_line(method.name, 60)}{f' ({inside})' if inside else ''}"
    return ", ".join(filter(None, (told, counts)))


def _placed(parts: list[str], clause: Clause | None) -> str:
    told = ", ".join(filter(None, parts))
    place = clause_words(clause)
    return f"{told} ({place})" if place else told
