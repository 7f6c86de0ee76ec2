"""A large file that a process at work takes in by a process of its own: what stands, what is told, and who goes on."""

import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from cli.apart import by_process
from engine import operations as ops
from engine.clock import SystemClock
from engine.uploading.folder import Uploads
from engine.uploading.pending import Pending
from engine.uploading.running import DONE, TRIAL, Runs
from lifecycle.people import Role
from tests.support.people import person
from tests.support.processes import RealRegister
from tests.support.smtp_server import SmtpServer

pytestmark = pytest.mark.processes
ROWS = 2000
_LONG = 300.0  # seconds, on a machine that does much else


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    with SmtpServer() as server:
        made = RealRegister(tmp_path_factory.mktemp("data"), server)
        with made.work() as work:
            ops.add_person(work, person("Olga"))
        yield made
        made.close()


@pytest.fixture
def uploads(register):
    return Uploads(Path(register.settings.data_dir))


@pytest.fixture
def monitor(register):
    return replace(register.monitor, apart=by_process(register.settings, SystemClock()))


def test_what_a_killed_process_took_in_stands_whole_and_the_next_takes_in_the_rest(register, monitor, uploads):
    one, olga = _begun(register, uploads)
    runs = Runs(monitor, uploads)
    killed = []

    def kill_once(_done, _of):
        if not killed:
            killed.extend(_children())
            os.kill(killed[0], signal.SIGKILL)

    apart = monitor.apart
    breaking = replace(
        monitor, apart=lambda task, heard: apart(task, lambda done, of: (heard(done, of), kill_once(done, of)))
    )
    Runs(breaking, uploads).begin(one, olga, is_dry_run=False, patience=_LONG)
    assert len(killed) == 1
    assert runs.outcome(one, DONE)["refused"][0] == "That stopped in the middle."
    assert runs.progress(one) is None
    stored = _stored(register)
    assert (stored % 200, 0 < stored < ROWS) == (0, True)
    runs.begin(one, olga, is_dry_run=False, patience=_LONG)
    counts = runs.outcome(one, DONE)["counts"]
    assert (counts["created"], counts["unchanged"], counts["failed"]) == (ROWS - stored, stored, 0)
    assert _stored(register) == ROWS


def test_a_trial_of_a_large_file_keeps_nothing_and_a_program_hears_the_same_as_of_one_done_here(
    register, monitor, uploads
):
    before = _stored(register)
    one, olga = _begun(register, uploads)
    there = Runs(monitor, uploads).at_once(one, olga, is_dry_run=True)
    noted = uploads.noted(one.id, TRIAL)
    here = Runs(register.monitor, uploads).at_once(one, olga, is_dry_run=True)
    assert there == here
    assert {**noted, "batch": ""} == {**uploads.noted(one.id, TRIAL), "batch": ""}
    assert _stored(register) == before


def test_whoever_writes_meanwhile_gets_in_between_the_batches(register, monitor, uploads):
    one, olga = _begun(register, uploads)
    apart, far, got_in = monitor.apart, [0], set()
    told = replace(monitor, apart=lambda task, heard: apart(task, lambda done, of: (heard(done, of), far.append(done))))
    trial = threading.Thread(target=Runs(told, uploads).at_once, args=(one, olga), kwargs={"is_dry_run": True})
    trial.start()
    while trial.is_alive():
        with register.work() as work:
            work.keeping.set_fact("written", str(far[-1]))
        got_in.add(far[-1])
        time.sleep(0.05)
    assert len(got_in) >= len(far) - 2, (far, got_in)


def _begun(register, uploads):
    heading = "Reference,Kind,Counterparty,Owner,Effective,Term,Renewal,Renewal term,Notice,Governing law\n"
    line = "ROW-{n:04},NDA,Acme {n} GmbH,olga@example.com,2024-02-01,36 months,automatic,12 months,60 days,Germany\n"
    content = heading + "".join(line.format(n=n) for n in range(ROWS))
    now = register.monitor.clock.now()
    with register.monitor.look() as work:
        olga = replace(work.people.by_email("olga@example.com"), role=Role.ADMIN)
    upload_id = uploads.add(content.encode(), now)
    return Pending(id=upload_id, person_id=olga.id, name="register.csv", begun_at=now.isoformat()), olga


def _stored(register):
    with register.monitor.look() as work:
        return work.connection.exec_driver_sql("SELECT count(*) FROM agreements").scalar()


def _children():
    """The processes that this one has begun and that work on an import."""
    tasks = Path("/proc/self/task").iterdir()
    found = [child for task in tasks for child in (task / "children").read_text().split()]
    return [int(child) for child in found if b"cli.apart" in Path(f"/proc/{child}/cmdline").read_bytes()]
