"""What the paper says about ending, renewing, leaving and what outlives it.

These are values only. A term's days follow from them in ``renewals``, deadlines in ``windows``,
the last days of what outlives the agreement in ``survivals``; whether they make sense is asked in
``problems``. Everything is imported from ``terms``.
"""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any, Literal

from lifecycle.counting.derivation import Clause
from lifecycle.days.dates import Counting, Period

_ZERO = Period()


@dataclass(frozen=True, slots=True)
class Lasting:
    """A length, counted from the effective day, or from *from_on* where another day starts it (a launch)."""

    period: Period
    from_on: date | None = None
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class Until:
    """A stated last day in force. *beside* is a length that the paper also states; the day beats it."""

    day: date
    beside: Lasting | None = None
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class OpenEnded:
    """No last day: it goes on until somebody leaves."""

    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class Upon:
    """*what* has to happen ("completion of the works"); *on* is the day once it is known."""

    what: str
    on: date | None = None
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class EarlierOf:
    """The earliest of several ends."""

    ends: tuple["End", ...]
    which: Literal["earlier"] = "earlier"  # tells it from LaterOf where values are written down


@dataclass(frozen=True, slots=True)
class LaterOf:
    """The latest of several ends."""

    ends: tuple["End", ...]
    which: Literal["later"] = "later"


End = Lasting | Until | OpenEnded | Upon | EarlierOf | LaterOf


class EndConvention(StrEnum):
    """Which day is the last one of "one year from 1 January"."""

    ANNIVERSARY = "anniversary"  # 1 January: the day of that name is still in force
    DAY_BEFORE = "day-before"  # 31 December
    EXPLICIT = "explicit"  # the day that is stated
    MONTH_END = "month-end"  # on to the end of the month
    YEAR_END = "year-end"  # on to 31 December


class Side(StrEnum):
    """Who acts, or who is bound."""

    OURS = "ours"
    THEIRS = "theirs"
    EITHER = "either"


class AppliesTo(StrEnum):
    """The terms that a notice clause is about; the special one beats ALL."""

    ALL = "all"
    INITIAL = "initial"
    RENEWALS = "renewals"


class RenewalKind(StrEnum):
    """How the next term comes."""

    AUTOMATIC = "automatic"  # by itself, unless notice is given
    BY_OPTION = "by-option"  # if the holder gives notice that it shall
    BY_AGREEMENT = "by-agreement"  # if both sign
    NEVER = "never"


class CountsAs(StrEnum):
    """When a notice counts as given."""

    SENT = "sent"
    RECEIVED = "received"
    DEEMED = "deemed"  # so and so long after it was sent, whatever happened


class EndsAt(StrEnum):
    """The days on which a termination may take effect."""

    ANY_DAY = "any-day"
    MONTH_END = "month-end"
    QUARTER_END = "quarter-end"
    HALF_YEAR_END = "half-year-end"
    YEAR_END = "year-end"
    TERM_END = "term-end"


class Anchor(StrEnum):
    """The day from which a survival is counted."""

    EXPIRY = "expiry"  # the current term's last day, even if terminated before
    TERMINATION = "termination"  # the day on which it really ended
    EFFECTIVE = "effective"
    EACH_DISCLOSURE = "each-disclosure"
    LAST_DISCLOSURE = "last-disclosure"


class EndedHow(StrEnum):
    """Why there is no further term."""

    NOTICE_GIVEN = "notice-given"  # somebody said that it shall not renew
    TERMINATED = "terminated"  # for convenience, for cause, by agreement
    LAPSED = "lapsed"  # the option was not exercised, the next term not signed
    FULFILLED = "fulfilled"  # what it awaited has happened


@dataclass(frozen=True, slots=True)
class Renewal:
    """How often (*most*; None: without limit) and for how long (*period*; None: as the initial term) it renews."""

    kind: RenewalKind
    period: Period | None = None
    most: int | None = None
    holder: Side = Side.OURS  # of an option
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class DeliveryMethod:
    """A way to send notice: how long it usually takes, when the agreement deems it received, its daily cut-off."""

    name: str
    receipt: Period = _ZERO
    deemed: Period | None = None
    cutoff: time | None = None  # local time in the agreement's zone; moves no day
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Notice not to renew, or to renew: at least *period*, at most *opens* before the last day."""

    period: Period
    side: Side
    applies_to: AppliesTo = AppliesTo.ALL
    opens: Period | None = None
    counting: Counting | None = None
    at_least: bool = False
    counts_as: CountsAs | None = None
    method: DeliveryMethod | None = None
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class ForConvenience:
    """A right to leave without a reason, on *period* of notice, to one of the days *ends*, not before a day."""

    side: Side
    period: Period
    ends: EndsAt = EndsAt.ANY_DAY
    not_before_on: date | None = None
    counts_as: CountsAs | None = None
    method: DeliveryMethod | None = None
    clause: Clause | None = None
    counting: Counting | None = None
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Survival:
    """How long *duty* outlives the anchor; *period* None: indefinitely. *indefinite_for* stays beside a dated part."""

    duty: str
    period: Period | None
    anchor: Anchor
    indefinite_for: tuple[str, ...] = ()
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class Restriction:
    """A non-compete, a non-solicit: *binds* says whom."""

    kind: str
    binds: Side
    period: Period
    anchor: Anchor
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """A renewal term whose last day was agreed by hand; later terms are counted from the day after it.

    *first_on* says which term it is, whatever its number becomes; None: *number* says so, as it was kept once.
    """

    number: int
    last_on: date
    clause: Clause | None = None
    first_on: date | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """The last day in force is settled: no term, window or renewal comes after it."""

    last_on: date
    how: EndedHow


class Kept:
    """A slot for what follows from a value. It is no field: it is not compared, hashed, copied or written down."""

    __slots__ = ("_kept",)

    _kept: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisions(Kept):
    """What the document provides, apart from the days on which it was signed and takes effect.

    *renewed_to* is the number of the last term that an exercised option or a signed renewal has made certain; it says
    nothing where renewal is automatic.
    """

    end: End = field(default_factory=OpenEnded)
    convention: EndConvention | None = None
    renewal: Renewal = field(default_factory=lambda: Renewal(RenewalKind.NEVER))
    notices: tuple[Notice, ...] = ()
    for_convenience: tuple[ForConvenience, ...] = ()
    survivals: tuple[Survival, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    extensions: tuple[Extension, ...] = ()
    renewed_to: int = 0
    ended: Ended | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(Provisions):
    """All that the paper says about time: what it provides, and the days that set it going."""

    effective_on: date
    end: End  # to be stated here: terms of no end are said to be open-ended
    signed_on: date | None = None
