"""T12: what a process at work holds after 20,000 agreements came in and 30 days went by, against an empty register.

(a) taken in by another process, as ``longstop import`` does. (b) taken in by the process itself, as ``/import`` does.
Jobs, mails, pages and the watch are all in the one process, as with ``longstop serve``.
"""

from datetime import timedelta
from functools import partial

from bench import registers, t11_import
from bench.at_work import at_work
from bench.harness import Figure, Target, in_process, scaled, workshop
from bench.peers import mail_sink

DAYS = 30


def _resident(rows: int, *, is_beside: bool = False) -> float:
    """Bytes; *is_beside*: the rows are taken in beside the work."""
    with workshop() as place, mail_sink.listening() as port:
        source = place / "register.xlsx"
        (place / "data").mkdir()
        t11_import.write(source, count=rows)
        if rows and not is_beside:
            assert in_process("bench.at_work:taken_in", str(place / "data"), str(source)) == rows
        with at_work(place / "data", port) as process:
            if is_beside:
                assert process.ask("import", source) == str(rows), "not all rows were taken in"
            for day in range(1, DAYS + 1):
                process.ask("travel", (registers.NOW + timedelta(days=day)).isoformat())
            return float(process.ask("resident"))


def _figure(name: str, how: str, *, is_beside: bool) -> Figure:
    return Figure(
        name=name,
        what=f"bytes that a process at work holds after 20,000 agreements {how} and 30 days, against an empty register",
        unit="bytes",
        target=Target("<=", 1.6),
        ours=partial(_resident, scaled(t11_import.ROWS), is_beside=is_beside),
        theirs=partial(_resident, 0),
        runs=3,
    )


FIGURES = (
    _figure("T12a", "imported by a command", is_beside=False),
    _figure("T12b", "that it imported itself", is_beside=True),
)
