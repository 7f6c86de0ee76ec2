"""Every step of a derivation can be taken again from its own inputs."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.counting.rules import BGB
from lifecycle.days.calendars import SAT_SUN
from lifecycle.days.dates import Period, after, before, last_day
from lifecycle.exits.start_by import exit_start
from lifecycle.terms.bounds import lasting
from lifecycle.terms.terms import (
    Anchor,
    CountsAs,
    DeliveryMethod,
    EndConvention,
    Extension,
    Lasting,
    Notice,
    Reckoning,
    Renewal,
    RenewalKind,
    Side,
    Survival,
    Terms,
    Until,
    send_by,
    survival_ends,
    window_of,
)

ONE_DAY = timedelta(days=1)
POST = DeliveryMethod("post", Period(business_days=2), Period(days=3))
BY = Reckoning(rules=BGB, calendar=SAT_SUN, buffer=Period(days=10))
lengths = st.builds(Period, months=st.integers(1, 40)) | st.builds(Period, days=st.integers(1, 400))


def replayed(step):
    """The day that a step's rule and inputs give, or None for the steps of a law's own counting."""
    inputs = dict(step.inputs)
    period = Period.from_code(inputs["period"]) if "period" in inputs else Period()
    match step.rule:
        case "term-end":
            return ended(step.was_on, inputs, period)
        case "receipt":
            return send_by(step.was_on, DeliveryMethod(inputs["method"], period), SAT_SUN)
        case "buffer":
            return SAT_SUN.previous(before(step.was_on, period, calendar=SAT_SUN))
        case "exit-plan":
            return before(step.was_on, period, calendar=SAT_SUN)
        case "survives":
            count = last_day if inputs["anchor"] == "effective" else after
            return count(step.was_on, period)
        case _:
            return None


def ended(was_on, inputs, period):
    if "day" in inputs:
        return date.fromisoformat(inputs["day"])
    renewals = Period.from_code(inputs["renewal"]) * int(inputs["times"]) if "times" in inputs else Period()
    if inputs.get("from") == "next-day":
        return last_day(was_on + ONE_DAY, renewals)
    return lasting(was_on, period + renewals, EndConvention(inputs["convention"]))


@settings(max_examples=60)
@given(
    st.dates(date(2000, 1, 1), date(2030, 12, 31)),
    lengths,
    lengths,
    st.sampled_from([None, *EndConvention]),
    st.sampled_from([None, *CountsAs]),
    st.integers(0, 8),
)
def test_a_window_can_be_derived_again_step_by_step(first_on, length, renewal, convention, counts_as, number):
    end = Until(first_on + timedelta(days=700)) if convention is EndConvention.EXPLICIT else Lasting(length)
    terms = Terms(
        effective_on=first_on,
        end=end,
        convention=convention,
        renewal=Renewal(RenewalKind.AUTOMATIC, renewal),
        notices=(Notice(Period(days=60), Side.OURS, counts_as=counts_as, method=POST),),
    )
    if number > 6:
        terms = extended(terms, number)
    steps = window_of(terms, number, 0, BY).reading.steps
    again = [(step.rule, replayed(step) or step.on) for step in steps]
    assert again == [(step.rule, step.on) for step in steps]
    assert {"term-end", "buffer"} <= {rule for rule, _ in again}


def extended(terms, number):
    """The same, with a term by hand two before *number*."""
    day = window_of(terms, number - 2, 0, BY).term.first_on + timedelta(days=17)
    return Terms(
        effective_on=terms.effective_on,
        end=terms.end,
        convention=terms.convention,
        renewal=terms.renewal,
        notices=terms.notices,
        extensions=(Extension(number - 2, day),),
    )


def test_survivals_and_exits_can_be_derived_again():
    terms = Terms(
        effective_on=date(2024, 2, 1),
        end=Lasting(Period(years=3)),
        convention=EndConvention.ANNIVERSARY,
        survivals=(
            Survival("confidentiality", Period(months=30), Anchor.EXPIRY),
            Survival("confidentiality", Period(months=30), Anchor.EFFECTIVE),
        ),
    )
    steps = [step for end in survival_ends(terms) if end.reading for step in end.reading.steps]
    steps += exit_start(date(2027, 2, 1), Period(months=5), notice=None, calendar=SAT_SUN).reading.steps[:1]
    assert [replayed(step) for step in steps] == [step.on for step in steps]
    assert [step.rule for step in steps] == ["term-end", "survives", "survives", "exit-plan"]
