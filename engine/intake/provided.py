"""The provisions of an agreement, with what a row says laid over them.

Ends, renewal, notice and survival hang together: a stated day may settle the convention, an agreement without an end has
nothing to renew, so that notice means leaving. Only the parts that a row speaks of are made anew; what columns cannot say
(several notices, the earlier of two ends) stays as it is until a row contradicts it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from engine.intake.cells import CLEARED
from engine.intake.clauses_of_terms import (
    NOTICE_FIELDS,
    RENEWAL_FIELDS,
    SURVIVAL_FIELDS,
    SaidPart,
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
from lifecycle.agreement import Provisions
from lifecycle.derivation import Clause
from lifecycle.terms import ForConvenience, Lasting, Notice, OpenEnded, RenewalKind, Until

PROVIDED_FIELDS: Final = frozenset((*END_FIELDS, *RENEWAL_FIELDS, *NOTICE_FIELDS, *SURVIVAL_FIELDS))
ASSUMABLE: Final = frozenset({ASSUMED_END, "renewal", "survival_from"})
UNSTATED: Final = frozenset({ASSUMED_END, "renewal"})  # of an agreement of which nothing is known
_NOTHING: Final = Provisions()


class Known(NamedTuple):
    """What is known so far: the provisions, and which of their facts nobody stated."""

    provisions: Provisions = _NOTHING
    assumed: frozenset[str] = UNSTATED


class Provided(NamedTuple):
    """Provisions, the facts of them that nobody stated, and what is wrong."""

    provisions: Provisions
    assumed: frozenset[str]
    complaints: tuple[Complaint, ...] = ()


def said_of(known: Known) -> dict[str, Any]:
    """What a row would say so that ``provide`` gives these provisions; for export, and to lay a row over it."""
    kept, assumed = known
    return {
        **said_of_end(kept.end, kept.convention, is_assumed=ASSUMED_END in assumed),
        **said_of_renewal(kept.renewal, kept.end, is_assumed="renewal" in assumed),
        **said_of_notice(_notice(kept)),
        **said_of_survival(_first(kept.survivals), is_anchor_assumed="survival_from" in assumed),
    }


def provide(said: Mapping[str, Any], clauses: Mapping[str, Clause], days: FirstDays, known: Known) -> Provided:
    """Lay what a row *said* over what is *known*."""
    merged = _merged(said, known)
    ends = _speaks(said, clauses, END_FIELDS) or _was_unsettled(known.provisions)
    renews = ends or _speaks(said, clauses, RENEWAL_FIELDS)
    kept, assumed, complaints = known.provisions, set(known.assumed), []
    if ends:
        end = end_of(merged, days, clauses)
        kept = replace(kept, end=_keeping(end.end, kept), convention=end.convention)
        _settle(assumed, (ASSUMED_END,), end.assumed)
        complaints += end.complaints
    if renews:
        renewal = renewal_of(merged, kept.end, clauses.get("renewal"), known.provisions.renewal)
        kept = replace(kept, renewal=renewal.value)
        _settle(assumed, ("renewal",), renewal.assumed)
        complaints += renewal.complaints
    if renews or _speaks(said, clauses, NOTICE_FIELDS):
        kept, noted = _with_notice(kept, merged, clauses, assumed)
        complaints += noted
    if _speaks(said, clauses, SURVIVAL_FIELDS):
        survival = survival_of(merged, clauses.get("survival"), _first(kept.survivals))
        kept = replace(kept, survivals=_instead(kept.survivals, survival.value))
        _settle(assumed, ("survival_from",), survival.assumed)
        complaints += survival.complaints
    return Provided(kept, frozenset(assumed), tuple(complaints))


def _merged(said: Mapping[str, Any], known: Known) -> dict[str, Any]:
    was = {} if known.provisions is _NOTHING else said_of(known)
    if "last_on" in said and "end_convention" not in said:
        was.pop("end_convention", None)  # another day may state another convention
    if "renewal" in said and said["renewal"] is not CLEARED and said["renewal"].period is not None:
        was.pop("renewal_term", None)  # the length that stands in its place
    now = {name: value for name, value in said.items() if name in PROVIDED_FIELDS}
    return {name: value for name, value in (was | now).items() if value is not CLEARED}


def _speaks(said: Mapping[str, Any], clauses: Mapping[str, Clause], fields: tuple[str, ...]) -> bool:
    return any(name in said or name in clauses for name in fields)


def _was_unsettled(kept: Provisions) -> bool:
    """A stated day beside a length: another first day may reconcile them."""
    return isinstance(kept.end, Until) and kept.end.beside is not None


def _keeping(end: Any, kept: Provisions) -> Any:  # noqa: ANN401 - any End, and the same comes out
    """*end* with what no column says: the day that a known length is counted from, the clause."""
    was = kept.end
    if type(end) is not type(was):
        return end
    if isinstance(end, Lasting) and isinstance(was, Lasting) and end.period == was.period:
        return replace(end, from_on=end.from_on or was.from_on, clause=end.clause or was.clause)
    if isinstance(end, Until | OpenEnded) and isinstance(was, Until | OpenEnded):
        return replace(end, clause=end.clause or was.clause)
    return end


def _settle(assumed: set[str], of: tuple[str, ...], now: tuple[str, ...]) -> None:
    assumed.difference_update(of)
    assumed.update(now)


def _with_notice(
    kept: Provisions, merged: Mapping[str, Any], clauses: Mapping[str, Clause], assumed: set[str]
) -> tuple[Provisions, tuple[Complaint, ...]]:
    known_notice = _notice(kept)
    base = known_notice if isinstance(known_notice, Notice) else None
    said: SaidPart = notice_of(merged, clauses.get("notice_period"), base)
    was_leaving = isinstance(known_notice, ForConvenience)
    only_leaving = isinstance(kept.end, OpenEnded) and ASSUMED_END not in assumed
    if said.value is None or not only_leaving or kept.renewal.kind is not RenewalKind.NEVER:
        for_convenience = kept.for_convenience[1:] if was_leaving else kept.for_convenience
        return replace(kept, notices=_instead(kept.notices, said.value), for_convenience=for_convenience), said.complaints
    known_leave = known_notice if isinstance(known_notice, ForConvenience) else None
    leave = leaving(said.value, known_leave)
    message = f"It has no end and does not renew: taken as leaving at any time on {said.value.period} of notice."
    noted = remark("notice_period", "notice_to_terminate", message, "Check it with the agreement.")
    others = kept.for_convenience[1:] if was_leaving else kept.for_convenience
    return replace(kept, notices=kept.notices[1:], for_convenience=(leave, *others)), (*said.complaints, noted)


def _notice(kept: Provisions) -> Notice | ForConvenience | None:
    """What the notice column is about: the first notice, else the right to leave an agreement without an end."""
    if kept.notices or not isinstance(kept.end, OpenEnded):
        return _first(kept.notices)
    return _first(kept.for_convenience)


def _first(parts: tuple[Any, ...]) -> Any:  # noqa: ANN401 - whatever the parts are
    return parts[0] if parts else None


def _instead(parts: tuple[Any, ...], first: Any) -> tuple[Any, ...]:  # noqa: ANN401 - as above
    return (*(() if first is None else (first,)), *parts[1:])
