"""What a trial of a file counts is what the file then brings, though the trial makes no milestone."""

import gc
from dataclasses import replace
from datetime import date
from types import FunctionType, ModuleType

from config.laws import lookup
from engine.importing.taking_in import ImportOptions, import_file
from engine.intake.ends import FirstDays
from engine.intake.sharing import Sharing
from lifecycle.agreements.agreement import Agreement, AgreementKind, terms_of
from lifecycle.counting.rules import US_CONTRACT, RuleSet
from lifecycle.days.calendars import SAT_SUN, BusinessCalendar
from lifecycle.days.periods import Period
from lifecycle.events import Actor
from lifecycle.terms.course import course, found
from lifecycle.terms.problems import problems
from lifecycle.terms.provisions import Lasting, Notice, Provisions, Renewal, RenewalKind, Side, Terms
from lifecycle.terms.reckoning import Reckoning
from lifecycle.terms.windows import Window, next_window, windows_in

HEAD = "reference,counterparty,owner,signed on,effective on,initial term,renewal,renewal term,notice period\n"
ROWS = (
    "A-1,Acme,olga@example.com,2025-03-01,2025-03-01,12 months,automatic,12 months,30 days",
    "A-2,Acme,olga@example.com,2025-03-01,2025-03-01,12 months,automatic,12 months,30 days",
    "A-3,Blue,olga@example.com,2025-01-20,2025-01-20,12 months,automatic,12 months,30 days",
    "A-4,Blue,olga@example.com,2024-06-01,2024-06-01,7 years,never,,",
)


def test_a_trial_counts_what_the_import_then_brings(world, tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(HEAD + "\n".join(ROWS) + "\n")
    options = ImportOptions(actor=Actor("olga@example.com"), laws=lookup)
    tried = import_file(world.monitor, path, replace(options, is_dry_run=True))
    assert world.get("A-1") is None
    done = import_file(world.monitor, path, options)
    assert (tried.counts, dict(tried.deadlines)) == (done.counts, dict(done.deadlines))
    assert done.deadlines["past"] > 0
    with world.monitor.look() as work:
        assert done.deadlines["new"] == sum(1 for _ in work.milestones.live())


def test_equal_provisions_of_the_same_days_are_one_and_of_other_days_another():
    said = Provisions(end=Lasting(Period(months=12)))
    share, first, second = Sharing(), FirstDays(None, None), FirstDays(None, None)
    assert share(replace(said), first) is share(replace(said), second)
    assert share(said, first) == said
    assert share(said, first) is not share(replace(said, renewed_to=1), first)


def test_agreements_that_share_provisions_share_their_course_from_the_same_day():
    known = Provisions(end=Lasting(Period(months=12)))
    one = Agreement(id="1", reference="1", kind=AgreementKind.NDA, counterparty_id="c", counterparty="C",
                    effective_on=date(2025, 3, 1), provisions=known)  # fmt: skip
    assert course(terms_of(one)) is course(terms_of(replace(one, id="2")))
    assert course(terms_of(one)) is not course(terms_of(replace(one, effective_on=date(2025, 4, 1))))


def test_nothing_that_was_found_out_of_terms_holds_the_terms():
    known = Provisions(
        end=Lasting(Period(months=12)),
        renewal=Renewal(RenewalKind.AUTOMATIC, Period(months=12)),
        notices=(Notice(Period(days=30), Side.OURS),),
    )
    terms = terms_of(Agreement(id="1", reference="1", kind=AgreementKind.NDA, counterparty_id="c", counterparty="C",
                               effective_on=date(2025, 3, 1), provisions=known))  # fmt: skip
    window = next_window(terms, Side.OURS, date(2026, 1, 1), rules=US_CONTRACT, calendar=SAT_SUN)
    windows_in(terms, window.term, Reckoning(rules=US_CONTRACT, calendar=SAT_SUN))
    assert problems(terms) == ()
    seen = {}
    _reach(found(terms), seen)
    assert any(isinstance(one, Window) for one in seen.values())
    assert not any(isinstance(one, Terms) for one in seen.values())


def _reach(value, seen):
    """All that *value* leads to; of a function what it closes over."""
    led_to = value.__closure__ or () if isinstance(value, FunctionType) else gc.get_referents(value)
    for one in led_to:
        if id(one) not in seen and not isinstance(one, type | ModuleType | BusinessCalendar | RuleSet):
            seen[id(one)] = one
            _reach(one, seen)
