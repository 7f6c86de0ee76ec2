"""The provisions of an agreement, with what a row says laid over them.

Ends, renewal, notice and survival hang together: a stated day may settle the convention, an agreement without an end
has nothing to renew, so that notice means leaving. Only the parts that a row speaks of are made anew; what columns
cannot say (several notices, the earlier of two ends) stays as it is until a row contradicts it.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from engine.intake.clauses_of_terms import (
    NOTICE_FIELDS,
    RENEWAL_FIELDS,
    SURVIVAL_FIELDS,
    leaving,
    notice_of,
    renewal_of,
    said_of_notice,
    said_of_renewal,
    said_of_survival,
    survival_of,
)
from engine.intake.complaints import Complaint, remark
from engine.intake.ends import ASSUMED_END, END_FIELDS, FirstDays, end_of, said_of_end
from engine.intake.texts import CLEARED
from lifecycle.counting.derivation import Clause
from lifecycle.terms.leaving_days import SET_DAYS
from lifecycle.terms.provisions import Provisions
from lifecycle.terms.terms import End, EndsAt, ForConvenience, Lasting, Notice, OpenEnded, RenewalKind, Until

PROVIDED_FIELDS: Final = frozenset((*END_FIELDS, *RENEWAL_FIELDS, *NOTICE_FIELDS, *SURVIVAL_FIELDS))
ASSUMABLE: Final = frozenset({ASSUMED_END, "renewal", "survival_from"})
UNSTATED: Final = frozenset({ASSUMED_END, "renewal"})  # of an agreement of which nothing is known
_NOTHING: Final = Provisions()


class Known(NamedTuple):
    """What is known so far: the provisions, which of their facts nobody stated, and the days they are counted from."""

    provisions: Provisions = _NOTHING
    assumed: frozenset[str] = UNSTATED
    days: FirstDays | None = None


UNKNOWN: Final = Known()
_NO_DAYS: Final = FirstDays(None, None)


class Provided(NamedTuple):
    """Provisions, the facts of them that nobody stated, and what is wrong."""

    provisions: Provisions
    assumed: frozenset[str]
    complaints: tuple[Complaint, ...] = ()


def said_of(known: Known) -> dict[str, Any]:
    """What a row would say so that ``provide`` gives these provisions; for export, and to lay a row over it."""
    kept, assumed, _ = known
    return {
        **said_of_end(kept.end, kept.convention, is_assumed=ASSUMED_END in assumed),
        **said_of_renewal(kept.renewal, kept.end, is_assumed="renewal" in assumed),
        **said_of_notice(_notice(kept)),
        **_said_of_ends(kept, assumed),
        **said_of_survival(kept.survivals[0] if kept.survivals else None, is_anchor_assumed="survival_from" in assumed),
    }


def provide(said: Mapping[str, Any], clauses: Mapping[str, Clause], days: FirstDays, known: Known) -> Provided:
    """Lay what a row *said* over what is *known*."""
    now = {name: value for name, value in said.items() if name in PROVIDED_FIELDS}
    if known is UNKNOWN:
        # Only a day beside a length asks which days they are counted from: all other rows that say the same are one.
        counted = days if "last_on" in now and "term" in now else _NO_DAYS
        return _first_provided(tuple(now.items()), tuple(clauses.items()), counted)
    return _provided(now, clauses, days, known)


@lru_cache(maxsize=4096)
def _first_provided(
    said: tuple[tuple[str, Any], ...], clauses: tuple[tuple[str, Clause], ...], days: FirstDays
) -> Provided:
    return _provided(dict(said), dict(clauses), days, UNKNOWN)


def _provided(said: Mapping[str, Any], clauses: Mapping[str, Clause], days: FirstDays, known: Known) -> Provided:
    if not clauses and _says_nothing_new(said, days, known):
        return Provided(known.provisions, known.assumed)
    merged = _merged(said, known)
    ends = _speaks(said, clauses, END_FIELDS) or _was_unsettled(known.provisions)
    renews = ends or _speaks(said, clauses, RENEWAL_FIELDS)
    making = _Making(known, merged, clauses)
    if ends:
        making.end(days)
    if renews:
        making.renewal()
    if renews or _speaks(said, clauses, NOTICE_FIELDS):
        making.notice()
        making.no_renewal()
    if _speaks(said, clauses, SURVIVAL_FIELDS):
        making.survival()
    kept = replace(known.provisions, **making.changes) if making.changes else known.provisions
    return Provided(kept, frozenset(making.assumed), tuple(making.complaints))


class _Making:
    """Provisions in the making: each step knows what the steps before it have changed."""

    def __init__(self, known: Known, merged: Mapping[str, Any], clauses: Mapping[str, Clause]) -> None:
        self.kept = known.provisions
        self.assumed = set(known.assumed)
        self.merged = merged
        self.clauses = clauses
        self.changes: dict[str, Any] = {}
        self.complaints: list[Complaint] = []

    def end(self, days: FirstDays) -> None:
        made = end_of(self.merged, days, self.clauses)
        self.changes["end"] = _keeping(made.end, self.kept.end)
        self.changes["convention"] = made.convention
        self._settle(ASSUMED_END, made.assumed, made.complaints)

    def renewal(self) -> None:
        made = renewal_of(self.merged, self._end, self.clauses.get("renewal"), self.kept.renewal)
        self.changes["renewal"] = made.value
        self._settle("renewal", made.assumed, made.complaints)

    def notice(self) -> None:
        kept = self.kept
        known = _notice(kept)
        leaves = kept.for_convenience[1:] if isinstance(known, ForConvenience) else kept.for_convenience
        base = known if isinstance(known, Notice) else None
        made = notice_of(self.merged, self.clauses.get("notice_period"), base)
        self.complaints += made.complaints
        ends: EndsAt | None = self.merged.get("notice_ends")
        ends = None if ends is EndsAt.TERM_END else ends  # which is what a notice not to renew does
        earliest_on: date | None = self.merged.get("earliest_end_on")
        if made.value is None or (ends is None and not self._only_leaving):
            notices = (*(() if made.value is None else (made.value,)), *kept.notices[1:])
            self.complaints += _of_staying(made.value, earliest_on)
        else:
            notices = kept.notices[1:]
            was = known if isinstance(known, ForConvenience) else None
            leave = leaving(made.value, ends or EndsAt.ANY_DAY, was, not_before_on=earliest_on)
            leaves = (leave, *leaves)
            self.complaints += _of_leaving(made.value, ends)
        self.changes |= {"notices": notices, "for_convenience": leaves}

    def no_renewal(self) -> None:
        """What is said to have no end has no next term: that is asked only where a notice does not say what it ends."""
        if self._only_leaving and ("notice_period" not in self.merged or "notice_ends" in self.merged):
            self.assumed.discard("renewal")

    def survival(self) -> None:
        survivals = self.kept.survivals
        made = survival_of(self.merged, self.clauses.get("survival"), survivals[0] if survivals else None)
        self.changes["survivals"] = (*(() if made.value is None else (made.value,)), *survivals[1:])
        self._settle("survival_from", made.assumed, made.complaints)

    @property
    def _end(self) -> End:
        end: End = self.changes.get("end", self.kept.end)
        return end

    @property
    def _only_leaving(self) -> bool:
        """It has no end, by what is stated, and so nothing that a notice could keep from renewing."""
        renewal = self.changes.get("renewal", self.kept.renewal)
        return _only_leaving(self._end, renewal.kind, self.assumed)

    def _settle(self, name: str, assumed: tuple[str, ...], complaints: tuple[Complaint, ...]) -> None:
        self.assumed.discard(name)
        self.assumed.update(assumed)
        self.complaints += complaints


def _says_nothing_new(said: Mapping[str, Any], days: FirstDays, known: Known) -> bool:
    """Whether an export of what is known would say the same: then all of it stays, also what no column says."""
    if known.provisions is _NOTHING or (days != known.days and _was_unsettled(known.provisions)):
        return False
    was = said_of(known)
    return all(was.get(name, CLEARED) == value for name, value in said.items())


def _merged(said: Mapping[str, Any], known: Known) -> dict[str, Any]:
    was = {} if known.provisions is _NOTHING else said_of(known)
    if "last_on" in said and "end_convention" not in said:
        was.pop("end_convention", None)  # another day may state another convention
    if "renewal" in said and said["renewal"] is not CLEARED and said["renewal"].period is not None:
        was.pop("renewal_term", None)  # the length that stands in its place
    return {name: value for name, value in (was | dict(said)).items() if value is not CLEARED}


def _speaks(said: Mapping[str, Any], clauses: Mapping[str, Clause], fields: tuple[str, ...]) -> bool:
    return any(name in said or name in clauses for name in fields)


def _was_unsettled(kept: Provisions) -> bool:
    """A stated day beside a length: another first day may reconcile them."""
    return isinstance(kept.end, Until) and kept.end.beside is not None


def _keeping(end: End, was: End) -> End:
    """*end* with what no column says: the day that a known length is counted from, the clause."""
    if isinstance(end, Lasting) and isinstance(was, Lasting) and end.period == was.period:
        return replace(end, from_on=end.from_on or was.from_on, clause=end.clause or was.clause)
    if isinstance(end, Until) and isinstance(was, Until) and end.clause is None:
        return replace(end, clause=was.clause)
    if isinstance(end, OpenEnded) and isinstance(was, OpenEnded):
        return end if end.clause else was
    return end


def _notice(kept: Provisions) -> Notice | ForConvenience | None:
    """What the notice column is about: the first notice, else the first right to leave."""
    found: tuple[Notice | ForConvenience, ...] = kept.notices or kept.for_convenience
    return found[0] if found else None


def _only_leaving(end: End, renewal: RenewalKind, assumed: AbstractSet[str]) -> bool:
    return isinstance(end, OpenEnded) and ASSUMED_END not in assumed and renewal is RenewalKind.NEVER


def _said_of_ends(kept: Provisions, assumed: AbstractSet[str]) -> dict[str, Any]:
    """The days to which a right to leave ends it, where that does not follow from the rest, and the first of them."""
    leave = _notice(kept)
    if not isinstance(leave, ForConvenience):
        return {}
    earliest = {} if leave.not_before_on is None else {"earliest_end_on": leave.not_before_on}
    is_unsaid = "renewal" in assumed and _only_leaving(kept.end, kept.renewal.kind, assumed)
    follows = leave.ends is EndsAt.ANY_DAY and is_unsaid
    return earliest if follows else {"notice_ends": leave.ends, **earliest}


def _of_staying(notice: Notice | None, earliest_on: date | None) -> Iterator[Complaint]:
    if notice is not None and earliest_on is not None:
        message = "This is kept of a right to leave alone, and the notice is one not to renew: it is left out."
        yield remark(
            "earliest_end_on", "earliest_end_of_renewal", message, "Write any-day, or what days, under notice_ends."
        )


def _of_leaving(notice: Notice, ends: EndsAt | None) -> Iterator[Complaint]:
    if ends is None:
        message = f"It has no end and does not renew: taken as leaving at any time on {notice.period} of notice."
        yield remark("notice_period", "notice_to_terminate", message, "Check it.")
    if notice.opens is not None and ends in SET_DAYS:
        message = "How early notice may be given is kept of a notice not to renew alone: this is left out."
        yield remark("notice_opens", "opens_without_renewal", message, "Write it under note, and leave not before it.")
    elif notice.opens is not None:
        message = "Notice that may end it on any day moves no day by how early it may be given: this is left out."
        yield remark("notice_opens", "opens_without_renewal", message)
