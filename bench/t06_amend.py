"""T6: deriving an agreement anew after an amendment, in a register of a million milestones against a thousand."""

from dataclasses import replace

from bench.harness import Figure, Target, seconds
from bench.sizes import quiet
from bench.templates import copied, opened
from engine.monitor import Monitor
from engine.operations import registering
from lifecycle.agreements.agreement import Agreement
from lifecycle.days.periods import Period
from lifecycle.terms.terms import Notice

AMENDED = 40


def _seconds_an_amendment(milestones: int) -> float:
    with copied(quiet(milestones)) as path, opened(path) as monitor:
        renewing = _renewing(monitor)
        return seconds(lambda: _amend_all(monitor, renewing)) / len(renewing)


def _renewing(monitor: Monitor) -> list[Agreement]:
    """Agreements with a notice window, by the references that every size has."""
    with monitor.look() as work:
        found = (work.agreements.find(f"B-{number:06}") for number in range(100))
        return [agreement for agreement in found if agreement and agreement.provisions.notices][:AMENDED]


def _amend_all(monitor: Monitor, agreements: list[Agreement]) -> None:
    for agreement in agreements:
        _amend(monitor, agreement)


def _amend(monitor: Monitor, agreement: Agreement) -> None:
    """Five more days of notice: every window of it moves."""
    (notice,) = agreement.provisions.notices
    longer: Notice = replace(notice, period=Period(days=notice.period.days + 5))
    amended = replace(agreement, provisions=replace(agreement.provisions, notices=(longer,)))
    with monitor.work() as work:
        registering.amend(work, amended, because="measured")


FIGURES = (
    Figure(
        name="T6",
        what="one amendment with its derivation at 1 million milestones, against 1 thousand",
        unit="s",
        target=Target("<=", 1.5),
        ours=lambda: _seconds_an_amendment(1_000_000),
        theirs=lambda: _seconds_an_amendment(1_000),
    ),
)
