"""An import that is killed half-way: no agreement is half stored, and importing again completes it."""

import random
import time

import pytest

from engine import operations as ops
from tests.support.people import person
from tests.support.processes import RealRegister
from tests.support.smtp_server import SmtpServer

pytestmark = pytest.mark.processes
ROWS = 2000


@pytest.fixture
def register(tmp_path):
    with SmtpServer() as server:
        made = RealRegister(tmp_path, server)
        with made.work() as work:
            ops.add_person(work, person("Olga"))
        yield made
        made.close()


def test_an_import_that_is_killed_is_completed_by_the_next(register, tmp_path, record_property):
    source = _csv(tmp_path)
    chance = random.Random(7)
    seen = []
    for _ in range(4):
        before = _stored(register)
        process = register.run("import", str(source))
        register.wait_until(
            lambda known=before, one=process: _stored(register) > known or not one.is_alive, why="the next agreements"
        )
        time.sleep(chance.uniform(0, 0.4))
        process.kill()
        seen.append(_stored(register))
        _check_whole(register)
    process = register.run("import", str(source))
    assert process.end(seconds=120) == 0, process.lines
    record_property("figures", f"agreements stored after each kill: {seen}, at the end {_stored(register)}")
    assert _stored(register) == ROWS
    assert seen[0] < ROWS
    assert all(stored % 200 == 0 for stored in seen)
    _check_whole(register)
    again = register.run("import", str(source), "--json")
    assert again.end(seconds=120) == 0
    assert f'"unchanged": {ROWS}' in "\n".join(again.lines)


def _stored(register):
    with register.monitor.look() as work:
        return work.connection.exec_driver_sql("SELECT count(*) FROM agreements").scalar()


def _check_whole(register):
    """Each has its versions and its milestones, and the log is whole."""
    with register.monitor.look() as work:
        count = work.connection.exec_driver_sql
        bare = "SELECT count(*) FROM agreements a WHERE NOT EXISTS (SELECT 1 FROM {} r WHERE r.{} = a.id)"
        assert count(bare.format("milestones", "agreement_id")).scalar() == 0
        assert count(bare.format("agreement_versions", "agreement_id")).scalar() == 0
        assert count(bare.format("import_rows", "agreement_id")).scalar() == 0
        assert count("PRAGMA integrity_check").scalar() == "ok"
        work.log.verify()


def _csv(folder):
    path = folder / "register.csv"
    heading = "Reference,Kind,Counterparty,Owner,Effective,Term,Renewal,Renewal term,Notice,Governing law\n"
    line = "ROW-{n:04},NDA,Acme {n} GmbH,olga@example.com,2024-02-01,36 months,automatic,12 months,60 days,Germany\n"
    path.write_text(heading + "".join(line.format(n=n) for n in range(ROWS)))
    return path
