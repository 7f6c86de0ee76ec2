"""The timeline is a picture of values: what lies in the span is drawn, and nothing else."""

import re
from datetime import date

import pytest

from web.timeline import Lane, Mark, Timeline, drawing, head

TODAY = date(2026, 11, 23)
TERM = (date(2024, 2, 1), date(2027, 1, 31))


def drawn(*marks, terms=(TERM,), months=9, name="Acme Labs MSA"):
    return drawing(Timeline(lanes=(Lane(name=name, terms=terms, marks=marks),), today=TODAY, months=months))


def notice(**said):
    given = {"safe_on": date(2026, 12, 1), "opens_on": date(2026, 11, 1), "until_on": date(2027, 1, 31)}
    return Mark(**{**given, **said})


def bars(svg, kind):
    found = re.findall(rf'<rect class="{kind}"[^>]* x="([\d.]+)%" y="\d+" width="([\d.]+)%"', svg)
    return [(float(left), float(width)) for left, width in found]


def diamonds(svg, kind="tl-d"):
    return [float(x) for x in re.findall(rf'<use href="#{kind}" x="([\d.]+)%"', svg)]


def test_what_is_too_late_is_hatched_from_the_last_safe_day_to_the_last_day():
    svg = drawn(notice())
    (left, width), (safe,) = bars(svg, "tl-lost")[0], diamonds(svg)
    ((_, term),) = bars(svg, "tl-term")
    assert left == safe
    assert left + width == pytest.approx(term, abs=0.2)


def test_nothing_is_hatched_once_there_is_an_outcome():
    svg = drawn(notice(is_open=False))
    assert bars(svg, "tl-lost") == []
    assert (len(diamonds(svg)), len(diamonds(svg, "tl-k"))) == (0, 1)


def test_the_window_ends_at_the_last_safe_day():
    svg = drawn(notice())
    ((left, width),) = bars(svg, "tl-window")
    ((safe,),) = (diamonds(svg),)
    assert safe - 0.5 < left + width - 100 / 321 < safe + 0.5


@pytest.mark.parametrize("on", [date(2026, 10, 1), date(2027, 9, 1)])
def test_a_day_outside_the_span_has_no_diamond(on):
    assert diamonds(drawn(Mark(safe_on=on))) == []


def test_an_agreement_without_an_end_fills_the_span():
    assert bars(drawn(terms=((date(2020, 1, 1), None),)), "tl-term") == [(0.0, 100.0)]


@pytest.mark.parametrize("months", [3, 9, 24])
def test_months_are_named_in_their_order_and_today_once(months):
    line = head(Timeline(lanes=(), today=TODAY, months=months))
    places = [float(x) for x in re.findall(r'class="tl-month(?: tl-by)?" x="([\d.]+)%"', line)]
    assert places == sorted(set(places))
    assert line.count(">Today<") == 1
    assert all(abs(one - float(re.search(r'tl-now" x="([\d.]+)', line)[1])) > 2 for one in places)


def test_a_hostile_name_is_text_and_no_markup():
    assert "<script" not in drawn(name='<script>alert("x")</script>')


def test_a_screen_reader_is_told_what_it_is_and_where_the_same_stands():
    assert 'role="img"' in drawn(notice())
    assert "The same is in the list below." in drawn(notice())


def test_a_month_is_named_where_it_begins_and_not_at_the_edge():
    seen = Timeline(lanes=(), today=TODAY, months=9)
    named = re.findall(r'class="tl-month(?: tl-by)?" x="([\d.]+)%" y="15">(\w+)<', head(seen))
    whole = (seen.last_on - seen.first_on).days + 1
    begins = [(date(2027, month, 1) - seen.first_on).days * 100 / whole for month in range(1, 9)]
    assert [name for _, name in named] == ["Nov", "2027", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug"]
    assert [float(x) for x, _ in named[1:]] == [pytest.approx(x, abs=0.1) for x in begins]
