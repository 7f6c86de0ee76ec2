"""What does not fit together, looked for as somebody would with the papers on a table: one pair after the other.

Written from DATES.md (T2, T4, N1, X1, X2) and docs/findings.md alone; nothing of ours is called. A last day far away
stands for what goes on.
"""

import calendar
from datetime import date, timedelta
from functools import cache

from tests.support.relationships import TODAY

FOREVER = date(9999, 12, 31)
DAY = timedelta(days=1)


def naive_findings(relationship):
    """Codes with what they are about and from when they matter."""
    papers = relationship.papers
    found = []
    for paper in papers:
        found += [(code, (paper.reference,), on) for code, on in alone(paper)]
        if paper.kind in {"SOW", "subcontract"} and not is_over(paper) and not whose(papers, paper):
            found.append(("results-without-owner", (paper.reference,), paper.start))
        found += disclosures(paper)
        found += with_parent(papers, paper)
        for kind, code in (("NDA", "nda-ends-first"), ("DPA", "dpa-ends-first")):
            found += cover(papers, paper, kind, code)
    for thing in relationship.things:
        found += assets(papers, thing)
    return sorted(found, key=str)


# -- days


@cache
def add(day, months):
    """The same day so many months later; the last of the month where there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_day_of(start, months):
    """The day before the corresponding day; where that does not exist, the month's last day itself."""
    there = add(start, months)
    return there if there.day != start.day else there - DAY


def open_day_before(day):
    while day.weekday() > 4:
        day -= DAY
    return day


def terms(paper):
    """Every term that comes if nobody acts: its last day, and whether it is followed by another one."""
    if not paper.months:
        return [(FOREVER, False)]
    found, number = [], 0
    while True:
        is_last = not paper.renews or (paper.at_most is not None and number >= paper.at_most)
        found.append((last_day_of(paper.start, paper.months + paper.renews * number), not is_last))
        number += 1
        if is_last or found[-1][0].year > 2060:
            return found


def running(paper):
    """The term that runs today, or the first one where none has begun; None where it is over."""
    looked_at = max(TODAY, paper.start)
    return next(((last, goes_on) for last, goes_on in terms(paper) if last >= looked_at), None)


def is_over(paper):
    return running(paper) is None


def lasts(paper):
    """Until when it is in force if nobody acts."""
    last, goes_on = running(paper)
    return FOREVER if goes_on else last


def certain_end(paper):
    """The day after which it is certainly over; forever where nobody can say."""
    last, goes_on = terms(paper)[-1]
    return FOREVER if goes_on else last


def notice_on(paper):
    """By when our notice must leave in this term; None where none is to be given."""
    last, goes_on = running(paper)
    return open_day_before(last - timedelta(days=paper.notice_days)) if goes_on and paper.notice_days else None


# -- one paper


def alone(paper):
    if not is_over(paper):
        last = running(paper)[0]
        notice = notice_on(paper)
        if paper.renews and not paper.notice_days:
            yield "renews-without-notice", last
        if paper.months == 0:
            yield "unknown-end", None
        for due in paper.audits:
            if notice is not None and notice < due <= last:
                yield "audit-after-notice", due
        if paper.exit_months and last != FOREVER and notice is not None:
            start_by = open_day_before(add(last, -paper.exit_months))
            if start_by < notice:
                yield "exit-longer-than-notice", start_by
        if paper.is_critical and not paper.exit_months:
            yield "no-exit-plan", None
        yield from people(paper)


def people(paper):
    for who, named in (("owner", paper.owner), ("backup", paper.backup)):
        if not named:
            yield f"no-{who}", None
        elif named == "lars":
            yield f"{who}-left", None


def disclosures(paper):
    for on in paper.disclosed:
        if on < paper.start:
            yield "disclosed-before-signature", (paper.reference,), on
        elif on > certain_end(paper):
            yield "disclosed-after-end", (paper.reference,), on


def whose(papers, paper):
    above = [one for one in papers if one.reference == paper.parent]
    return paper.says_whose_results or any(one.says_whose_results for one in above)


# -- two papers


def cover(papers, paper, kind, code):
    """An NDA or DPA is for its own agreement and that one's family; one that hangs on nothing is for all."""
    if paper.kind in {"NDA", "DPA"} or is_over(paper):
        return
    fitting = [
        one for one in papers
        if one.kind == kind and not is_over(one) and one.parent in {"", paper.reference, paper.parent}
    ]  # fmt: skip
    if fitting:
        longest = max(fitting, key=lambda one: (lasts(one), running(one)[0]))
        yield from outlives(
            paper, longest, code, (longest.reference, paper.reference), (longest.reference, paper.reference)
        )


def with_parent(papers, paper):
    above = next((one for one in papers if one.reference == paper.parent), None)
    if above is None or is_over(paper) or is_over(above):
        return
    both = (paper.reference, above.reference)
    if paper.kind == "SOW":
        yield from outlives(paper, above, "sow-outlives-msa", both, both)
    if paper.kind == "subcontract":
        yield from outlives(above, paper, "subcontract-ends-first", both, both)


def outlives(longer, base, code, about, relied_on):
    last, goes_on = running(base)
    if last == FOREVER:
        return
    if not goes_on and lasts(longer) > last:
        yield code, about, last
    if goes_on and lasts(longer) > last:
        yield "renewal-relied-on", relied_on, last


# -- assets


def assets(papers, thing):
    covering = [next(one for one in papers if one.reference == name) for name in thing.covered_by]
    longest = max(certain_end(one) for one in covering)
    if thing.held_by and not any(one.start <= TODAY and not is_over(one) for one in covering):
        yield "held-without-agreement", thing.covered_by, None
    elif longest != FOREVER and thing.whose != "them":
        yield "asset-unprotected", thing.covered_by, longest
    if thing.whose in {"third-party", "joint"} and not thing.has_licence:
        yield "no-licence", thing.covered_by, None
    if thing.licence_until:
        for one in covering:
            if one.kind != "licence" and not is_over(one) and certain_end(one) > thing.licence_until:
                yield "licence-ends-first", (one.reference,), thing.licence_until
