import pytest

from lifecycle.days.dates import Counting, Period, StatedPeriod, parse_period
from lifecycle.errors import AmbiguousPeriod, PeriodError, UnknownName


def years(number):
    return Period(years=number)


def days(number):
    return Period(days=number)


@pytest.mark.parametrize(
    ("number", "unit", "period"),
    [
        (3, "quarters", Period(months=9)),
        (1, "year", years(1)),
        (2, "weeks", Period(weeks=2)),
        (5, "business_days", Period(business_days=5)),
        (5, "Working Days", Period(business_days=5)),
        (72, "hours", Period(hours=72)),
        (5, "bd", Period(business_days=5)),
    ],
)
def test_a_period_is_a_number_of_units(number, unit, period):
    assert Period.of(number, unit) == period


def test_an_unknown_unit_is_refused():
    with pytest.raises(UnknownName):
        Period.of(1, "moons")


@pytest.mark.parametrize(
    "parts", [{"days": -1}, {"days": 36526}, {"days": 1.5}, {"days": True}, {"days": 1, "hours": 1}]
)
def test_parts_are_whole_bounded_and_hours_stand_alone(parts):
    with pytest.raises(PeriodError):
        Period(**parts)


def test_a_period_has_a_code_and_a_name():
    assert [(p.code, str(p)) for p in (Period(years=4, months=6), days(60), Period(business_days=5), Period())] == [
        ("4y6m", "4 years, 6 months"),
        ("60d", "60 days"),
        ("5bd", "5 business days"),
        ("0d", "0 days"),
    ]
    assert (Period(hours=72).code, str(Period(years=1, business_days=1))) == ("72h", "1 year, 1 business day")


def test_a_code_is_read_back_and_nothing_else_is():
    assert Period.from_code("1y2m3w4d5bd") == Period(1, 2, 3, 4, 5)
    for text in ("", "60", "60 days", "6m4y", "1d1h", "-1d", "60D", "36526d"):
        with pytest.raises(PeriodError):
            Period.from_code(text)


def test_twelve_months_and_a_year_are_unequal_and_equally_long():
    assert Period(months=12) != years(1)
    assert Period(months=12).total_months == years(1).total_months == 12


def test_periods_add_and_multiply_part_by_part():
    assert years(1) + Period(months=6, days=3) == Period(years=1, months=6, days=3)
    assert Period(months=3, days=1) * 4 == Period(months=12, days=4)
    assert Period(months=3) * 0 == Period()
    assert (Period(weeks=2, days=1).total_days, Period().is_zero, days(1).is_zero) == (15, True, False)


def test_only_months_means_years_and_months_and_not_nothing():
    assert [p.only_months for p in (Period(months=1), years(1), Period(), Period(months=1, days=1))] == [
        True,
        True,
        False,
        False,
    ]


READ = {
    "60 days": StatedPeriod(days(60)),
    "60) days": StatedPeriod(days(60)),
    "P60D": StatedPeriod(days(60)),
    "60d": StatedPeriod(days(60)),
    "60-day": StatedPeriod(days(60)),
    "sixty (60) days": StatedPeriod(days(60)),
    "60 (sixty) days": StatedPeriod(days(60)),
    "one hundred eighty (180) days": StatedPeriod(days(180)),
    "one hundred and eighty days": StatedPeriod(days(180)),
    "twenty-four months": StatedPeriod(Period(months=24)),
    "1,000 days": StatedPeriod(days(1000)),
    "0.5 year": StatedPeriod(Period(months=6)),
    "1.5 years": StatedPeriod(Period(years=1, months=6)),
    "half a year": StatedPeriod(Period(months=6)),
    "2 quarters": StatedPeriod(Period(months=6)),
    "a year": StatedPeriod(years(1)),
    "12 Months": StatedPeriod(Period(months=12)),
    "5 year": StatedPeriod(years(5)),
    "1 year(s)": StatedPeriod(years(1)),
    "4 years, 6 months": StatedPeriod(Period(years=4, months=6)),
    "4 years and 6 months": StatedPeriod(Period(years=4, months=6)),
    "P1Y6M": StatedPeriod(Period(years=1, months=6)),
    "PT72H": StatedPeriod(Period(hours=72)),
    "72 hrs": StatedPeriod(Period(hours=72)),
    "successive 1 year": StatedPeriod(years(1), successive=True),
    "Successive 1 year": StatedPeriod(years(1), successive=True),
    "succesive 1 year": StatedPeriod(years(1), successive=True),
    "successine 1 year": StatedPeriod(years(1), successive=True),
    "month to month": StatedPeriod(Period(months=1), successive=True),
    "month-to-month": StatedPeriod(Period(months=1), successive=True),
    "3 successive 1 year": StatedPeriod(years(1), times=3),
    "four successive 10 years": StatedPeriod(years(10), times=4),
    "three additional one-year terms": StatedPeriod(years(1), times=3),
    "two (2) successive one (1) year terms": StatedPeriod(years(1), times=2),
    "2 renewals of 5 years": StatedPeriod(years(5), times=2),
    "perpetual": StatedPeriod(None, perpetual=True),
    "until terminated": StatedPeriod(None, perpetual=True),
    "automatically renews until terminated by either party": StatedPeriod(None, perpetual=True),
    "evergreen": StatedPeriod(None, perpetual=True),
    "Indefinitely": StatedPeriod(None, perpetual=True),
    "ten (10) working days": StatedPeriod(Period(business_days=10)),
    "10 calendar days": StatedPeriod(days(10)),
    "at least three (3) calendar months": StatedPeriod(Period(months=3), at_least=True),
    "7 clear days": StatedPeriod(days(7), counting=Counting.CLEAR),
    "5 clear business days": StatedPeriod(Period(business_days=5), counting=Counting.CLEAR),
    "quarterly": StatedPeriod(Period(months=3)),
    "annually": StatedPeriod(years(1)),
    "semi-annual": StatedPeriod(Period(months=6)),
    "at least 60 days": StatedPeriod(days(60), at_least=True),
    "not less than ninety (90) days' prior written notice": StatedPeriod(days(90), at_least=True),
    "no less than 3 months": StatedPeriod(Period(months=3), at_least=True),
    "minimum 30 days": StatedPeriod(days(30), at_least=True),
    "a minimum of 30 days": StatedPeriod(days(30), at_least=True),
    "no later than 60 days prior to the end of the then-current term": StatedPeriod(days(60)),
    "6 months; 6 months;": StatedPeriod(Period(months=6)),
    "0 days": StatedPeriod(Period()),
}

REFUSED = [
    "",
    " ",
    ";",
    "days",
    "net 30",
    "-P1D",
    "-60 days",
    "- 60 days",
    "\u221260 days",
    "1 Jahr",
    "2 calendar years",
    "7/22/2019",
    "2019-07-22",
    "22 July 2019",
    "July 22, 2019",
    "[]",
    "successive []",
    "[ * * * ] days",
    "____ days",
    "55.5 months",
    "2.5 days",
    "1/2 year",
    "36526 days",
    "9999999999999999999999 days",
    "not more than 30 days",
    "up to 30 days",
    "perpetual, 11/15/2014",
    "3 days, 4 hours",
    "P",
    "60 days after",
    "not perpetual",
    "perpetual unless otherwise agreed",
    "60 days " * 30,
]

AMBIGUOUS = {
    "sixty (90) days": ("60 days", "90 days"),
    "60": ("60 days", "60 months"),
    "6 months; 12 months": ("6 months", "12 months"),
    "60 days; 180 days": ("60 days", "180 days"),
    "180 days / 6 months": ("180 days", "6 months"),
    "180 days/6 months": ("180 days", "6 months"),
    "30 days or 5 business days": ("30 days", "5 business days"),
    "2 5 years": ("2 successive 5 years", "25 years"),
    "twelve five years": ("12 successive 5 years", "125 years"),
    "30-60 days": ("30 days", "60 days"),
    "30 to 60 days": ("30 days", "60 days"),
    "60 days, 90 days": ("60 days", "90 days"),
    "biannual": ("6 months", "2 years"),
    "successive 12 months; successive 6 months;": ("successive 12 months", "successive 6 months"),
    "quarterly, 6 months": ("3 months", "6 months"),
    "60 days, quarterly": ("60 days", "3 months"),
    "perpetual; 2 years": ("perpetual", "2 years"),
    "perpetual, 30 days": ("perpetual", "30 days"),
}


@pytest.mark.parametrize("text", READ)
def test_what_people_write_is_read(text):
    assert parse_period(text) == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(PeriodError) as refused:
        parse_period(text)

    assert not isinstance(refused.value, AmbiguousPeriod)


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_what_may_mean_two_lengths_is_refused_with_its_choices(text):
    with pytest.raises(AmbiguousPeriod) as refused:
        parse_period(text)

    assert refused.value.choices == AMBIGUOUS[text]


@pytest.mark.parametrize("text", [text for text in AMBIGUOUS if text != "biannual"])
def test_every_choice_that_is_offered_can_be_read(text):
    for choice in AMBIGUOUS[text]:
        parse_period(choice)


def test_a_bare_number_counts_the_default_unit():
    assert parse_period("60", "days") == StatedPeriod(days(60))
    assert parse_period("sixty (60)", "days") == StatedPeriod(days(60))
    assert parse_period("3", "business_days") == StatedPeriod(Period(business_days=3))
    assert parse_period("60 months", "days") == StatedPeriod(Period(months=60))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Soonish", '"Soonish" is no period.'),
        ("60 moons", '"60 moons" is no period: "moons" is not understood.'),
    ],
)
def test_what_is_not_understood_is_named_once(text, said):
    with pytest.raises(PeriodError) as refused:
        parse_period(text)
    assert refused.value.sentence == said
