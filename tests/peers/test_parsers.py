"""Six parsers of Python, libical and Thunderbird's engine find what is in our feeds, and nothing wrong."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from icalendar import Calendar

from lifecycle.milestones.milestone import MilestoneKind
from notifiers.calendar import Closed, CutOff, Detail, Reminders, feed
from tests.support import peers
from tests.support.facts import HOSTILE
from tests.support.feed_facts import BASE_URL, notice, term_end, view
from tests.support.ics_lint import lint

pytestmark = pytest.mark.peers
PARSERS = ("icalendar", "vobject", "ics", "ical", "recurring_ical_events", "libical", "ical_js")
#: Its grammar takes a minute for a thousand entries.
TOO_MANY_FOR = {"ics": {"thousand"}}
CUT_OFF = CutOff(time(17, 0), "America/New_York")


def fuzzed():
    chance = random.Random(5)
    alphabet = [chr(point) for point in (*range(0x20, 0x250), 0x1F600, 0x4E2D, 0x5D0, 0x301, 9, 10, 13, 0x2028)]
    for number in range(60):
        title = "".join(chance.choices(alphabet, k=chance.randrange(1, 300)))
        yield notice(milestone_id=f"m{number}", holder=f"h{number}", title=title, counterparty=title[::-1], owner=title)
    for number, text in enumerate(vars(HOSTILE).values()):
        yield notice(milestone_id=f"x{number}", holder=f"x{number}", title=text, counterparty=text, why=(text,))


def many():
    kinds = list(MilestoneKind)
    return [
        notice(
            holder=f"a{number // 5}",
            subject=f"s{number % 5}",
            kind=kinds[number % len(kinds)],
            milestone_id=f"m{number}",
            safe_on=date(2026, 12, 1) + timedelta(days=number % 700),
            is_verified=number % 3 == 0,
        )
        for number in range(1000)
    ]


CLOSED = [Closed(how, datetime(2026, 11, 20, tzinfo=UTC)) for how in ("done", "waived", "withdrawn")]
FEEDS = {
    "golden": lambda: body([notice(), term_end()]),
    "empty": lambda: body([]),
    "closed": lambda: body([notice(holder=one.how, closed=one) for one in CLOSED]),
    "timed": lambda: body([notice(cut_off=CUT_OFF), term_end()], settings=view(timed=True)),
    "busy": lambda: body([notice(), notice(holder="other"), term_end()], detail=Detail.BUSY),
    "reminding": lambda: body([notice(), term_end()], reminders=Reminders.BOTH),
    "fuzzed": lambda: body(list(fuzzed()), settings=view(name="Ü, ; \\ \N{GRINNING FACE}")),
    "thousand": lambda: body(many(), settings=view(max_bytes=10_000_000)),
}


def body(entries, *, settings=None, detail=Detail.FULL, reminders=Reminders.NONE):
    settings = settings or view()
    data = feed(settings, entries, detail=detail, reminders=reminders)
    large = settings.max_bytes > 921_600
    assert [one for one in lint(data, base_url=BASE_URL) if not (large and one.code == "L09")] == []
    return data


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("feeds")
    for name, make in FEEDS.items():
        (folder / f"{name}.ics").write_bytes(make())
    return sorted(folder.iterdir())


def truth(data):
    """(UID, first day, day after), from the lines themselves."""
    found = []
    for part in data.replace(b"\r\n ", b"").decode().split("BEGIN:VEVENT\r\n")[1:]:
        lines = dict(line.split(":", 1) for line in part.split("\r\n") if ":" in line)
        days = [next(value for name, value in lines.items() if name.startswith(key)) for key in ("DTSTART", "DTEND")]
        found.append((lines["UID"], *(f"{one[:4]}-{one[4:6]}-{one[6:8]}" for one in days)))
    return sorted(found)


@pytest.mark.parametrize("parser", PARSERS)
def test_a_parser_finds_every_entry_on_its_day(parser, files):
    chosen = [path for path in files if path.stem not in TOO_MANY_FOR.get(parser, ())]
    found = peers.read(parser, chosen)
    for path in chosen:
        assert found[path.stem] == truth(path.read_bytes()), path.stem


def test_the_oracle_would_notice_a_day_that_is_wrong():
    data = body([notice()])
    assert len(truth(FEEDS["thousand"]())) == 1000
    assert truth(data) != truth(data.replace(b"20261201", b"20261130"))
    assert len(Calendar.from_ical(data).walk("VEVENT")) == len(truth(data))
    assert truth(body([replace(notice(), safe_on=date(2028, 2, 29))])) == [
        (truth(data)[0][0], "2028-02-29", "2028-03-01")
    ]
