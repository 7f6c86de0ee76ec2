"""T12: what a process at work holds after it took in 20,000 agreements and ran 30 days, against an empty register.

Everything is done in the one process, as with ``longstop serve`` and its ``/import``: jobs, mails, pages, the watch.
"""

from datetime import timedelta
from functools import partial

from bench import registers, t11_import
from bench.at_work import at_work
from bench.harness import Figure, Target, scaled, workshop
from bench.peers import mail_sink

DAYS = 30


def _resident(rows: int) -> float:
    """Bytes."""
    with workshop() as place, mail_sink.listening() as port:
        source = place / "register.xlsx"
        (place / "data").mkdir()
        with at_work(place / "data", port) as process:
            if rows:
                t11_import.write(source, count=rows)
                assert process.ask("import", source) == str(rows), "not all rows were taken in"
            for day in range(1, DAYS + 1):
                process.ask("travel", (registers.NOW + timedelta(days=day)).isoformat())
            return float(process.ask("resident"))


FIGURES = (
    Figure(
        name="T12",
        what="bytes that a process at work holds after 20,000 agreements and 30 days, against an empty register",
        unit="bytes",
        target=Target("<=", 1.6),
        ours=partial(_resident, scaled(t11_import.ROWS)),
        theirs=partial(_resident, 0),
        runs=3,
    ),
)
