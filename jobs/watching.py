"""Jobs under watch: one that fails is told to the log, once, and comes back; of each the last run is kept.

What a job raises may quote a row, so the log names the kind of error and its place, never its text.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog

from engine.monitor import place_of
from jobs.catalogue import LONGEST, Job
from jobs.trouble import Trouble

if TYPE_CHECKING:
    from engine.monitor import Monitor

log = structlog.get_logger(__name__)
_KEPT_EVERY: Final = 5.0  # seconds between two notes of what ran
_FIRST_WAIT: Final = timedelta(seconds=2)  # after a failure; doubled with each further one


class Watched:
    """Call it with a job to get one that never raises. One serves the jobs of one thread."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._runs: dict[str, dict[str, Any]] = {}
        self._failures: dict[str, int] = {}
        self._not_before: dict[str, datetime] = {}
        self._troubles: defaultdict[str, Trouble] = defaultdict(Trouble)  # by job; "": keeping what ran
        self._keep_at = 0.0

    def __call__(self, job: Job) -> Job:
        """The same job, under watch."""
        return replace(
            job, run=lambda monitor: self._run(job, monitor), due_at=lambda monitor: self._due_at(job, monitor)
        )

    def keep(self) -> None:
        """Keep what ran, every few seconds at most; what cannot be kept is only told."""
        now = self._monitor.clock.elapsed()
        if now < self._keep_at:
            return
        self._keep_at = now + _KEPT_EVERY
        try:
            with self._monitor.work() as work:
                for row in self._runs.values():
                    work.keeping.note_run(row)
            self._troubles[""].over()
        except Exception as error:  # noqa: BLE001 - a full or busy database must not end the loop
            if self._troubles[""].is_news(type(error).__name__):
                log.warning("job runs could not be kept", error=type(error).__name__)

    def _due_at(self, job: Job, monitor: Monitor) -> datetime | None:
        """As the job says; after a failure not before its wait is over."""
        now = monitor.clock.now()
        try:
            at = job.due_at(monitor)
        except Exception as error:  # noqa: BLE001 - the other jobs go on
            self._failed(job, now, error)
            return self._not_before[job.name]
        self._note(job, at=now)
        if at is None or at > now:
            self._is_well(job)
            return at
        return max(at, self._not_before.get(job.name, at))

    def _run(self, job: Job, monitor: Monitor) -> int:
        began_at, began = monitor.clock.now(), monitor.clock.elapsed()
        try:
            did = job.run(monitor)
        except Exception as error:  # noqa: BLE001 - the other jobs go on
            self._failed(job, began_at, error)
            return 0
        self._is_well(job)
        took = round(1000 * (monitor.clock.elapsed() - began))
        self._note(job, at=began_at, took_ms=took, did=did)
        return did

    def _is_well(self, job: Job) -> None:
        self._failures.pop(job.name, None)
        self._not_before.pop(job.name, None)
        self._troubles[job.name].over()
        self._note(job, error="")

    def _failed(self, job: Job, at: datetime, error: Exception) -> None:
        failures = self._failures.get(job.name, 0)
        self._failures[job.name] = failures + 1
        self._not_before[job.name] = at + min(LONGEST, _FIRST_WAIT * 2 ** min(failures, 8))
        where = place_of(error)
        why = f"{type(error).__name__} in {where}"
        if self._troubles[job.name].is_news(why):
            log.error("job failed; it is tried again", job=job.name, error=type(error).__name__, where=where)
        self._note(job, at=at, error=why)

    def _note(self, job: Job, **values: Any) -> None:  # noqa: ANN401 - columns of a run
        row = self._runs.setdefault(job.name, {"job": job.name, "took_ms": 0, "did": 0, "error": ""})
        row.update(values)
