"""The jobs, in the order in which one causes the next, and the look that runs what is due.

A job asks one indexed question, when it is due next, and nothing runs before that instant has come. So an idle look
costs one view with one question per job, however much is stored. ``look`` knows no clock but the monitor's: the
scheduler, a rehearsal and a story in virtual time all run the same catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from engine import absences, passage, raising, silences
from engine.backups import making as backups
from engine.delivery import digest, following, outbox, posted, weekly
from engine.incoming import inbox, returned
from engine.one_view import one_view
from engine.watcher import audit, canary, findings_watch, heartbeat, instances, presence, tidying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from engine.monitor import Monitor

LONGEST: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Job:
    """What is done over and over: *run* does what is due and answers how much, *due_at* says when there is something.

    *interval* is how long it may go without being asked. Where the database hands rows to many at once (PostgreSQL),
    what *is_shared* is done by all processes, each what it takes, and all else by the holder of the lease.
    """

    name: str
    run: Callable[[Monitor], int]
    due_at: Callable[[Monitor], datetime | None]
    interval: timedelta = LONGEST
    is_shared: bool = False


ANSWER: Final = Job("answer", inbox.apply_due, inbox.due_at)
SILENCE: Final = Job("silence", silences.end_over, silences.due_at)
ADVANCE: Final = Job("advance", passage.advance, passage.due_at)
RAISE: Final = Job("raise", raising.raise_due, raising.due_at, is_shared=True)
RETURN: Final = Job("return", absences.welcome_back, absences.due_at)
DIGEST: Final = Job("digest", digest.bundle, digest.due_at)
FOLLOW: Final = Job("follow", following.follow, following.due_at)
SWEEP: Final = Job("sweep", outbox.sweep, outbox.lapse_at)
DELIVER: Final = Job("deliver", outbox.deliver, outbox.due_at, is_shared=True)
SHOW: Final = Job("show", posted.show, posted.due_at)
PRESENCE: Final = Job("presence", presence.look, presence.due_at)
WEEKLY: Final = Job("weekly", weekly.say, weekly.due_at)

#: An answer quiets what is due; a term that renews makes deadlines, which are raised, bundled, and delivered.
#: All is quiet only if nothing has left: that is asked last.
JOBS: Final = (ANSWER, SILENCE, ADVANCE, RAISE, RETURN, DIGEST, FOLLOW, SWEEP, DELIVER, SHOW, PRESENCE, WEEKLY)

INSTANCES: Final = Job("instances", instances.miss, instances.due_at)
AUDIT: Final = Job("audit", audit.run, audit.due_at)
RETURNED: Final = Job("returned", returned.hear, returned.due_at)
BACKUP: Final = Job("backup", backups.nightly, backups.due_at)
CANARY: Final = Job("canary", canary.fly, canary.due_at)
FINDINGS: Final = Job("findings", findings_watch.look, findings_watch.due_at)
TIDY: Final = Job("tidy", tidying.tidy, tidying.due_at)
HEARTBEAT: Final = Job("heartbeat", heartbeat.say, heartbeat.due_at)

#: The house watches itself, beside its work: a trial of the future and a story do the work alone.
WATCH: Final = (INSTANCES, AUDIT, CANARY, RETURNED, BACKUP, FINDINGS, TIDY, HEARTBEAT)
NAMES: Final = tuple(job.name for job in (*JOBS, *WATCH))


def look(monitor: Monitor, jobs: Iterable[Job] = JOBS) -> datetime | None:
    """Run what is due, again and again until nothing is; when the next is due (None: nothing is planned).

    A job that is due and yet does nothing (somebody else has it in hand) is asked again after ``Timings.poll``.
    """
    jobs = tuple(jobs)
    while True:
        now = monitor.clock.now()
        asked, planned = iter(jobs), list[datetime]()
        did, is_stuck = 0, False
        while (job := _next_due(monitor, asked, planned)) is not None:
            done = job.run(monitor)
            did, is_stuck = did + done, is_stuck or not done
        if not did:
            soon = [now + timedelta(seconds=monitor.house.timings.poll)] if is_stuck else []
            return min([*planned, *soon], default=None)


def assist(monitor: Monitor, jobs: Iterable[Job] = JOBS) -> None:
    """Do a share of what is shared, beside the holder of the lease.

    What stands before it in the catalogue is the holder's alone, and nobody helps while any of that is due: an answer
    quiets steps, a term that renews ends them.
    """
    jobs = tuple(jobs)
    while (job := _next_due(monitor, iter(jobs), [])) is not None and job.is_shared and job.run(monitor):
        pass


def _next_due(monitor: Monitor, asked: Iterator[Job], planned: list[datetime]) -> Job | None:
    """The first of those still to be asked that is due; when the others before it are goes to *planned*.

    What it does may make another due: that is asked afterwards, in another view. The clock is read behind the answer,
    since "now" is the answer of a job that was never done.
    """
    with one_view(monitor) as view:
        for job in asked:
            at = job.due_at(view)
            if at is not None and at <= monitor.clock.now():
                return job
            planned += [at] if at else []
    return None
