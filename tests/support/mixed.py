"""A register with something of everything, told over a year: for forecasts and rehearsals."""

from lifecycle.days.dates import Period
from lifecycle.obligations.duties import Direction, Obligation, ObligationKind, Offset, OffsetFrom
from tests.support.agreements import BY_AGREEMENT, BY_OPTION, NEVER, every, once, provided, worth


def mixed(world, *, copies=1):
    """Twenty-one agreements, and the people of ``World.staff``; *copies* of them under other references."""
    world.person("Pia", teams=("procurement",), time_zone="America/New_York")
    world.person("Tom", channels=("slack", "email"))
    _register(world.agreement)
    for number in range(1, copies):
        _register(lambda reference, number=number, **said: world.agreement(f"{reference}-{number}", **said))


def _register(add):
    add("AUTO-1")
    add("AUTO-2", effective_on="2025-03-31", end="11 months", notice_days=90)
    add("AUTO-3", effective_on="2020-02-29", end="12 months", time_zone="America/New_York", calendar="US-NY")
    add("LATE-1", end="2026-03-31")
    add("LATE-2", end="2026-02-10", notice_days=30)
    add("MSA-1", kind="MSA", end="2026-08-31")
    add("MSA-2", kind="SOW", end="2026-07-15", renewal=BY_OPTION, backup=None)
    add("OPT-1", end="2026-09-30", renewal=BY_OPTION)
    add("SIGN-1", end="2026-06-30", renewal=BY_AGREEMENT, owner="tom")
    add("END-1", end="2026-05-31", renewal=NEVER, survival=6)
    add("END-2", end="2026-04-30", renewal=NEVER, notice_days=0)
    add("CRIT-1", tags=("critical",), value=worth("250000 EUR"), end="2026-10-31", owner="tom")
    add("NOBODY-1", owner=None, backup=None, end="2026-09-15")
    add("LONE-1", owner="mia", backup=None, end="2026-11-30")
    add("DRAFT-1", signed_on=None, effective_on=None, signature_requested_on="2026-01-02")
    add("SOON-1", effective_on="2026-03-15", signed_on="2025-12-20")
    add("QUIET-1", end="2026-06-15", quiet_until_on="2026-01-19")
    add("SECRET-1", end="2026-12-31", restricted_to=("olga@example.com",))
    add("DUTY-1", notice_days=0, obligations=(
        every("review", "Quarterly review", 3, since="2025-02-10", id="o1"),
        once("fee", "Licence fee", "2026-06-01", id="o2"),
    ))  # fmt: skip
    add("DUTY-2", notice_days=0, end="2026-08-14", renewal=NEVER, obligations=(
        Obligation(id="o1", kind=ObligationKind("return"), name="Return the papers",
                   due=Offset(Period(days=30), Direction.AFTER, OffsetFrom.LAST_DAY)),
        every("audit", "Security audit", 12, since="2025-09-01", id="o2"),
    ))  # fmt: skip
    add("LAST-1", end="2026-06-30", renewal=provided().renewal, obligations=(
        Obligation(id="o1", kind=ObligationKind("duty"), name="Delete the data",
                   due=Offset(Period(days=20), Direction.BEFORE, OffsetFrom.LAST_DAY)),
    ))  # fmt: skip
