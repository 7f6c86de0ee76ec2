"""T10: what will be sent within a year, told on paper, against the same lived through on a copy of the register."""

from datetime import timedelta
from pathlib import Path

from bench import registers
from bench.harness import Figure, Target, scaled, seconds, workshop
from bench.templates import copied, made, opened
from engine.forecasting.forecast import forecast
from jobs import catalogue
from jobs.rehearsal import Rehearsal, rehearse
from store.database import open_database
from store.migrate import create

AGREEMENTS = 1_000
UNTIL = registers.TODAY + timedelta(days=365)


def _register(path: Path) -> None:
    with opened(path) as monitor:
        registers.fill(monitor, scaled(AGREEMENTS))
        catalogue.look(monitor)


def _ours() -> float:
    """Messages a second, as ``longstop forecast`` tells them."""
    with copied(made("t10", _register)) as path, opened(path) as monitor, monitor.look() as work:
        told: list[int] = []
        spent = seconds(lambda: told.append(len(forecast(work, UNTIL).items)))
    assert told[0], "nothing would be sent"
    return told[0] / spent


def _theirs() -> float:
    """Messages a second, as ``longstop rehearse`` writes them."""
    with copied(made("t10", _register)) as path, opened(path) as monitor, workshop() as place:
        database = open_database("sqlite://")  # as the command does
        create(database)
        plan = Rehearsal(from_on=registers.TODAY, until_on=UNTIL, out=place / "out")
        left: list[int] = []
        spent = seconds(lambda: left.append(rehearse(monitor, database, plan).counts["messages"]))
        database.close()
    return left[0] / spent


FIGURES = (
    Figure(
        name="T10",
        what="messages of one year told a second by a forecast, against a rehearsal",
        unit="per s",
        target=Target(">=", 20),
        ours=_ours,
        theirs=_theirs,
        runs=3,
    ),
)
