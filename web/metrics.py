"""What a Prometheus server reads (INTERFACE.md H8): jobs, outbox, milestones, deliveries, the self-audit.

Whoever has the token may read it, or asks from the machine itself; what comes through a proxy does not count as that.
Totals that need every row are asked for once a minute, however often somebody reads.
"""

from __future__ import annotations

from secrets import compare_digest
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from engine.watcher.audit import CHECKS, last_report
from lifecycle.delivery import FINAL
from store.queries.health import deliveries_by_state, last_runs, milestones_by_state, oldest_due_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.monitor import Monitor, Work

_KEPT: Final = 60.0  # seconds
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip")
_FORM: Final = "text/plain; version=0.0.4; charset=utf-8"


class _Totals(NamedTuple):
    milestones: dict[str, int]
    deliveries: dict[tuple[str, str], int]


def router(monitor: Monitor, token: str = "") -> APIRouter:
    """The page, for whoever may read it."""
    found, collector = APIRouter(), _Collector(monitor)

    @found.get("/metrics")
    def metrics(request: Request) -> Response:
        """Every metric, in the text form."""
        if not _may_read(request, token):
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"})
        return Response(collector.text(), media_type=_FORM, headers={"Cache-Control": "no-store"})

    return found


def _may_read(request: Request, token: str) -> bool:
    given = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if token and compare_digest(given.encode(), token.encode()):
        return True
    is_here = request.client is not None and request.client.host in _LOOPBACK
    return is_here and not any(name in request.headers for name in _FORWARDED)


class _Collector:
    """Reads the register when it is asked."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._lock = Lock()
        self._totals: _Totals | None = None
        self._until = 0.0  # on the steady clock

    def text(self) -> bytes:
        """All metrics, as they are now."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)

    def describe(self) -> list[Any]:
        """Nothing is known before it is asked for."""
        return []

    def collect(self) -> Iterator[Any]:
        """Every metric."""
        with self._monitor.look() as work:
            yield from _jobs(work)
            yield _outbox(work)
            yield from _audit(work)
            totals = self._kept(work)
        yield from _counted(totals)

    def _kept(self, work: Work) -> _Totals:
        with self._lock:
            now = self._monitor.clock.elapsed()
            if self._totals is None or now >= self._until:
                self._totals = _Totals(milestones_by_state(work.connection), deliveries_by_state(work.connection))
                self._until = now + _KEPT
            return self._totals


def _jobs(work: Work) -> Iterator[GaugeMetricFamily]:
    family = GaugeMetricFamily(
        "longstop_last_job_run_timestamp_seconds", "When a job was asked last.", labels=["job"]
    )  # fmt: skip
    for run in last_runs(work.connection):
        family.add_metric([run.job], run.at.timestamp())
    yield family


def _outbox(work: Work) -> GaugeMetricFamily:
    at = oldest_due_at(work.connection)
    waits = max((work.now - at).total_seconds(), 0.0) if at else 0.0
    return GaugeMetricFamily(
        "longstop_outbox_oldest_due_seconds", "How long the message waits that is due longest.", value=waits
    )


def _audit(work: Work) -> Iterator[GaugeMetricFamily]:
    report = last_report(work)
    if report is None:
        return
    found = {one.check: one.number for one in report.findings}
    family = GaugeMetricFamily(
        "longstop_audit_violations", "What must never be, as the last audit found it.", labels=["check"]
    )  # fmt: skip
    for check in dict.fromkeys((*CHECKS, *found)):
        family.add_metric([check], found.get(check, 0))
    yield family
    yield GaugeMetricFamily(
        "longstop_last_audit_timestamp_seconds", "When the last audit was made.", value=report.at.timestamp()
    )


def _counted(totals: _Totals) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
    milestones = GaugeMetricFamily("longstop_milestones", "Milestones, by their state.", labels=["state"])
    for state, number in sorted(totals.milestones.items()):
        milestones.add_metric([state], number)
    yield milestones
    deliveries = CounterMetricFamily(
        "longstop_deliveries", "Messages that have come to an end.", labels=["channel", "outcome"]
    )  # fmt: skip
    for (channel, state), number in sorted(totals.deliveries.items()):
        if state in FINAL:
            deliveries.add_metric([channel, state], number)
    yield deliveries
