"""Alive is whoever answers; ready is who can say so of every part."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from inspect import iscoroutinefunction
from pathlib import Path
from threading import Event

import pytest

from engine.delivery.enqueueing import plain_delivery, put
from engine.delivery.recipients import Told
from lifecycle.delivery import DeliveryKind
from store.database import open_database
from tests.support.asking import Client
from tests.support.world import World
from web.app import make_app
from web.health import LATE, Readiness, Watched, readiness

INTERVALS = {"raise": timedelta(seconds=30)}


@pytest.fixture
def world():
    return World()


def watched(world, **other):
    given = {"monitor": world.monitor, "is_current": lambda: True, "intervals": INTERVALS, "data_dir": Path("/")}
    return Watched(**{**given, **other})


def bad(found):
    return [check.check for check in readiness(found) if not check.is_ok]


def note_run(world, *, ago=0, error=""):
    with world.monitor.work() as work:
        at = work.now - timedelta(seconds=ago)
        work.keeping.note_run({"job": "raise", "at": at, "took_ms": 1, "did": 0, "error": error})


def test_a_house_whose_jobs_ran_lately_is_ready(world):
    note_run(world, ago=59)
    assert bad(watched(world)) == []


@pytest.mark.parametrize("given", [{"ago": 61}, {"error": "OSError"}])
def test_a_job_that_stands_still_or_fails_is_not_ready(world, given):
    note_run(world, **given)
    assert bad(watched(world)) == ["job raise"]


def test_a_job_that_ran_before_the_clock_was_set_back_is_not_ready(world):
    note_run(world, ago=-299)
    assert bad(watched(world)) == []
    note_run(world, ago=-3600)
    [job] = [check for check in readiness(watched(world)) if not check.is_ok]
    assert (job.check, "the clock was set back" in job.detail) == ("job raise", True)


def test_a_job_that_never_ran_is_not_ready(world):
    assert bad(watched(world)) == ["job raise"]


def test_another_form_of_the_database_is_not_ready(world):
    note_run(world)
    assert bad(watched(world, is_current=lambda: False)) == ["migrations"]


def test_a_folder_that_is_gone_is_not_ready(world):
    note_run(world)
    assert bad(watched(world, data_dir=Path("/nowhere/at/all"))) == ["disk"]


def test_a_database_that_cannot_be_read_is_told_and_no_error(world):
    nothing = open_database("sqlite://")
    first, *_ = readiness(watched(world, monitor=replace(world.monitor, database=nothing)))
    assert (first.check, first.is_ok, first.detail) == ("database", False, "OperationalError")


def test_a_database_that_keeps_silent_is_told_in_time_and_asked_by_one_alone(world):
    note_run(world)
    speaks, asked = Event(), []

    def silent():
        asked.append(1)
        return speaks.wait(20)

    ready = Readiness(watched(world, is_current=silent), patience=0.2)
    for _ in range(2):
        [database] = asyncio.run(ready())
        assert (database.check, database.is_ok) == ("database", False)
        assert database.detail.startswith("has not answered for ")
    assert asked == [1]
    speaks.set()
    assert [check.check for check in asyncio.run(ready()) if not check.is_ok] == []


def test_no_thread_is_needed_to_say_that_the_house_lives(world):
    """Each thread of the pages may wait for a database that keeps silent."""
    routes = {one.path: one.endpoint for one in make_app(watched(world)).routes}
    assert all(iscoroutinefunction(routes[path]) for path in ("/healthz", "/readyz"))


def test_the_pages_answer(world):
    client = Client(make_app(watched(world)))
    assert client.get("/healthz").json() == {"status": "alive"}
    not_ready = client.get("/readyz")
    assert (not_ready.status_code, not_ready.json()["status"]) == (503, "not ready")
    note_run(world)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.headers["cache-control"]) == (200, "no-store")
    assert client.head("/readyz").status_code == 200
    assert client.get("/docs").status_code == 404


def test_a_message_that_does_not_leave_is_not_ready(world):
    note_run(world)
    olga = world.person("olga")
    with world.monitor.work() as work:
        told = Told(work.people.get(olga.id), "email", olga.email)
        late = plain_delivery(work, DeliveryKind.TEST, told, key="late")
        put(work, [(replace(late, next_attempt_at=work.now - LATE - timedelta(seconds=1)), None)])
    assert bad(watched(world)) == ["deliveries"]
