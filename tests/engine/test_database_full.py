"""A database without room: nothing is half done, nothing is lost, and with room again all goes on."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from config.laws import lookup
from engine import operations as ops
from engine import passage, raising
from engine.delivery import outbox
from engine.delivery.carrying import carry
from engine.importing.taking_in import ImportOptions, import_file
from jobs.catalogue import JOBS, look
from jobs.watching import Watched
from lifecycle.delivery import DeliveryKind
from lifecycle.events import CLOCK
from store.errors import DatabaseFull
from tests.support.agreements import agreement
from tests.support.databases import in_file
from tests.support.sending import Sending, queue

OLGA = "olga@example.com"
SENTENCE = "The database has no room left; nothing of this change was kept."


class Room:
    """How many pages a database may still grow; the file itself refuses more (``PRAGMA max_page_count``)."""

    def __init__(self, database):
        self._database, self._most = database, None
        event.listen(database.engine, "checkout", self._limit)

    def left(self, pages):
        with self._database.reading() as connection:
            self._most = connection.exec_driver_sql("PRAGMA page_count").scalar() + pages

    def made(self):
        self._most = None

    def _limit(self, connection, _record, _proxy):
        connection.execute(f"PRAGMA max_page_count = {self._most or 2**31}").fetchall()


@pytest.fixture
def out(tmp_path):
    database = in_file(tmp_path)
    made = Sending(database=database)
    made.room = Room(database)
    yield made
    made.room.made()
    with made.monitor.look() as work:
        work.log.verify()
    database.close()


def content(out):
    """Every row of every table."""
    with out.monitor.database.reading() as connection:
        return list(connection.connection.driver_connection.iterdump())


@contextmanager
def nothing_of_it_is_kept(out):
    before = content(out)
    with pytest.raises(DatabaseFull, match=SENTENCE) as full:
        yield
    assert full.value.remedy == "Make room on the disk of the data directory, then try again."
    assert content(out) == before


def register(out, reference):
    with out.monitor.work() as work:
        return ops.register(work, agreement(reference, owner_id=work.people.by_email(OLGA).id))


@pytest.mark.parametrize("pages", range(0, 40, 5))
def test_an_agreement_is_registered_whole_or_not_at_all(out, pages):
    """Wherever in the transaction the room ends."""
    out.room.left(pages)
    before = content(out)
    try:
        register(out, "LATE-1")
    except DatabaseFull:
        assert content(out) == before
        out.room.made()
        register(out, "LATE-1")
    with out.monitor.look() as work:
        found = work.agreements.find("LATE-1")
        assert work.milestones.of(found.id)


def test_the_room_of_these_tests_ends_within_a_registration(out):
    """Else the test above would prove nothing."""
    out.room.left(0)
    with nothing_of_it_is_kept(out):
        register(out, "LATE-1")


def test_a_step_is_raised_with_its_message_or_not_at_all(out):
    for n in range(30):
        register(out, f"MORE-{n}")
    out.travel_to("2026-12-03T08:30")
    out.room.left(2)
    with nothing_of_it_is_kept(out):
        raising.raise_due(out.monitor)
    out.room.made()
    out.go_on(minutes=1)
    missed = [one for one in out.deliveries() if one.kind == "step" and one.place.startswith("+1d")]
    assert len(missed) == 31
    assert {one.state for one in missed} == {"bundled"}  # thirty-one at once are one message
    assert len(out.mail.taken) == len({one.bundle_id for one in missed}) + len(
        [one for one in out.deliveries("accepted") if one.kind == "step"]
    )  # fmt: skip


def test_time_passes_whole_or_not_at_all(out):
    for n in range(10):
        register(out, f"MORE-{n}")
    out.travel_to("2027-02-01T00:00")
    out.room.left(3)
    with nothing_of_it_is_kept(out):
        passage.advance(out.monitor)
    out.room.made()
    out.tick()
    assert out.get().term_number == out.get("MORE-9").term_number == 1


@pytest.mark.parametrize("pages", [0, 1, 3, 5])
def test_what_a_channel_has_taken_is_not_sent_again_because_the_answer_could_not_be_written(out, pages):
    """The mail server said yes; then the disk was full."""
    queue(out, *((f"d-{n:03}", {"address": OLGA, "kind": DeliveryKind.TEST}) for n in range(100)))
    out.room.left(pages)
    with pytest.raises(DatabaseFull):
        outbox.deliver(out.monitor)
    assert len(out.mail.taken) == len(out.deliveries("accepted")) + len(out.monitor.unwritten) < 101
    for _ in range(5):
        out.later(minutes=2)  # its lease has lapsed
        with pytest.raises(DatabaseFull):
            _sweep_and_deliver(out)
    assert len(out.monitor.unwritten) <= 1
    assert len(out.mail.taken) < 101
    out.room.made()
    out.go_on(hours=3)
    assert {one.state for one in out.deliveries()} == {"accepted"}
    assert sorted(one.delivery_id for one in out.mail.taken) == sorted(one.id for one in out.deliveries())


def test_the_next_look_comes_at_once_while_an_answer_is_owed(out):
    claimed = out.claim()
    _fill_attempts(out)
    out.room.left(0)
    with pytest.raises(DatabaseFull):
        carry(out.monitor, claimed)
    assert out.told() == ["olga"]
    assert outbox.due_at(out.monitor) == out.clock.now()
    with pytest.raises(DatabaseFull):
        outbox.deliver(out.monitor)
    out.room.made()
    assert outbox.deliver(out.monitor) == 1
    assert (out.one.state, out.told()) == ("accepted", ["olga"])


def test_a_refusal_and_its_fallback_find_room_together_or_not_at_all(out):
    out.mail.dead.add(OLGA)
    claimed = out.claim()
    out.room.left(0)
    before = out.states()
    with pytest.raises(DatabaseFull):
        out.carry(claimed)
    assert out.states() == [one.replace("pending", "sending") for one in before]
    out.room.made()
    out.go_on(minutes=1)
    assert out.states() == ["olga failed", "ben accepted"]


def test_a_house_that_is_full_for_a_day_loses_nothing_and_says_so(out):
    """The jobs under watch, as the scheduler runs them."""
    watched = Watched(out.monitor)
    jobs = tuple(map(watched, JOBS))
    for n in range(30):
        register(out, f"MORE-{n}")
    out.travel_to("2026-12-03T08:30")
    out.room.left(0)
    with capture_logs() as logs:
        for _ in range(8):
            look(out.monitor, jobs)
            out.later(hours=3)
    said = {(one["job"], one["error"]) for one in logs if one["event"] == "job failed; it is tried again"}
    assert ("raise", "DatabaseFull") in said
    assert {error for _, error in said} == {"DatabaseFull"}
    out.room.made()
    out.go_on(hours=4)
    steps = [one for one in out.deliveries() if one.kind == "step"]
    assert {one.state for one in steps} <= {"accepted", "bundled", "expired"}
    told = [one.delivery_id for one in out.mail.taken]
    assert len(told) == len(set(told))
    assert len([one for one in steps if one.place.startswith("+1d") and one.state == "bundled"]) == 31


@pytest.mark.parametrize(("pages", "kept"), [(0, 0), (300, 0), (700, 200)])
def test_an_import_stops_between_agreements_and_goes_on_where_it_stopped(out, tmp_path, pages, kept):
    """Two hundred agreements share a transaction and take about 470 pages."""
    source = _csv(tmp_path, rows=400)
    options = ImportOptions(actor=CLOCK, laws=lookup)
    out.room.left(pages)
    with pytest.raises(DatabaseFull):
        import_file(out.monitor, source, options)
    with out.monitor.look() as work:
        stored = [one for one in work.agreements.all() if one.reference.startswith("ROW-")]
        assert [bool(work.milestones.of(one.id)) for one in stored] == [True] * kept
        work.log.verify()
    out.room.made()
    report = import_file(out.monitor, source, options)
    assert (report.counts["created"], report.counts["unchanged"]) == (400 - kept, kept)
    assert import_file(out.monitor, source, options).counts["unchanged"] == 400


def _sweep_and_deliver(out):
    """As the jobs do; each of them may find no room."""
    try:
        outbox.sweep(out.monitor)
    finally:
        outbox.deliver(out.monitor)


def _fill_attempts(out):
    """Until the next row of a try needs a page of its own."""
    queue(out, ("filler", {"next_attempt_at": out.clock.now() + timedelta(days=1)}))
    for n in range(1000):
        out.room.left(0)
        try:
            with out.monitor.work() as work:
                work.deliveries.note_attempt(
                    delivery_id="filler", token=f"{n}", action="find", at=work.now, result="absent", why=""
                )
        except DatabaseFull:
            return
    raise AssertionError("there is always room")


def _csv(folder, rows):
    path = folder / "register.csv"
    heading = "Reference,Kind,Counterparty,Owner,Effective,Term,Renewal,Renewal term,Notice,Governing law\n"
    line = "ROW-{n:03},NDA,Acme {n} GmbH,olga@example.com,2024-02-01,36 months,automatic,12 months,60 days,Germany\n"
    path.write_text(heading + "".join(line.format(n=n) for n in range(rows)))
    return path
