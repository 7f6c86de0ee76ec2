"""An import finds the register busy: it waits for its turn, up to a minute, and takes every row once."""

from dataclasses import replace

import pytest

from config.laws import lookup
from engine.bulk import patiently
from engine.importing.taking_in import ImportOptions, import_file
from lifecycle.events import Actor
from store.errors import DatabaseAway, DatabaseBusy
from store.turns import Turns
from tests.support.world import living

SHEET = b"Reference,Counterparty,Effective on,Term\nA-1,Acme,2026-01-01,2 years\nA-2,Beta,2026-01-01,2 years\n"


class Held:
    """The turn to write, held by somebody else until the import has said so often that it waits."""

    def __init__(self, times):
        self.turns, self.times, self.heard = Turns(0.001), times, 0
        self.turns.__enter__()

    def __call__(self):
        self.heard += 1
        if self.heard % self.times == 0:
            self.turns.__exit__(None, None, None)

    def again(self, _done, _of):
        """Between two batches somebody else takes it once more."""
        self.turns.__enter__()


@pytest.fixture(scope="module")
def world():
    with living("2026-09-01T09:00") as made:
        made.staff()
        yield made
        made.expect(*made.unexpected)


def imported(world, source, held):
    monitor = replace(world.monitor, database=replace(world.monitor.database, turns=held.turns))
    options = ImportOptions(actor=Actor("cli:test"), laws=lookup, progress=held.again, waits=held)
    return import_file(monitor, source, options)


def test_an_import_waits_while_somebody_else_writes_and_takes_every_row_once(world, tmp_path):
    source = tmp_path / "r.csv"
    unreadable = b"".join(b"X-%d,\n" % number for number in range(199))
    source.write_bytes(SHEET.replace(b"A-2", unreadable + b"A-2"))
    held = Held(5)
    report = imported(world, source, held)
    assert (report.counts["created"], report.counts["failed"], len(report.rows)) == (2, 199, 201)
    assert held.heard == 3 * 5, "before the first batch, between the two, and before the end"


def test_an_import_that_never_gets_its_turn_says_so_and_keeps_nothing(world, tmp_path):
    source = tmp_path / "never.csv"
    source.write_bytes(SHEET.replace(b"A-", b"B-"))
    with world.monitor.look() as work:
        before = len(work.keeping.batches())
    held = Held(100)
    with pytest.raises(DatabaseBusy):
        imported(world, source, held)
    assert held.heard == 5, "it asks six times, ten seconds each"
    with world.monitor.look() as work:
        assert len(work.keeping.batches()) == before
        assert work.agreements.find("B-1") is None


def test_a_transaction_of_which_nothing_is_known_is_not_done_again():
    tries = []

    def away():
        tries.append(1)
        raise DatabaseAway

    with pytest.raises(DatabaseAway):
        patiently(away, tries.clear)
    assert tries == [1]
