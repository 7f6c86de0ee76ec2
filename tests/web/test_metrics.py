"""What Prometheus reads, and who may."""

import re

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from engine.watcher.audit import audit
from jobs.catalogue import JOBS
from tests.support.asking import Client
from tests.support.world import living
from web.app import make_app
from web.health import Watched, readiness
from web.metrics import router

PLANTED = "UPDATE milestones SET next_step_at = 1 WHERE state = 'open'"


@pytest.fixture
def world():
    with living("2026-11-23T07:00") as made:
        made.staff()
        made.agreement()
        made.live_until("2026-11-24T09:00")
        made.expect(*made.unexpected)
        yield made


def client(world, token="", **said):
    watched = Watched(monitor=world.monitor, is_current=lambda: True, intervals={}, data_dir="/")
    return Client(make_app(watched, doors=[router(world.monitor, token)]), client=("192.0.2.7", 4711), **said)


def values(answer):
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def plant(world):
    with world.monitor.work() as work:
        work.connection.exec_driver_sql(PLANTED)


def test_only_the_token_opens_it_from_afar(world):
    assert client(world).get("/metrics").status_code == 401
    asked = client(world, "s3cret")
    assert asked.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert asked.get("/metrics", headers={"Authorization": "Bearer s3cret"}).status_code == 200


def test_the_machine_itself_may_read_it_but_not_who_comes_by_a_proxy_on_it(world):
    watched = Watched(monitor=world.monitor, is_current=lambda: True, intervals={}, data_dir="/")
    here = Client(make_app(watched, doors=[router(world.monitor)]), client=("127.0.0.1", 4711))
    assert here.get("/metrics").status_code == 200
    assert here.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 401


def test_it_tells_what_there_is(world):
    with world.monitor.work() as work:
        work.keeping.note_run({"job": "raise", "at": work.now, "took_ms": 1, "did": 0, "error": ""})
        told_at = work.now.timestamp()
    audit(world.monitor)
    found = values(client(world, "x").get("/metrics", headers={"Authorization": "Bearer x"}))
    assert found["longstop_last_job_run_timestamp_seconds", "raise"] == told_at
    assert found["longstop_outbox_oldest_due_seconds",] == 0
    assert found["longstop_milestones", "open"] == len(list(_live(world)))
    assert found["longstop_deliveries_total", "accepted", "email"] == len(world.mail.taken)
    assert found["longstop_audit_violations", "step_late"] == 0


def test_what_the_docs_tell_of_it_and_would_be_woken_by_is_there(world, project):
    text = (project / "docs" / "watching.md").read_text()
    audit(world.monitor)
    with world.monitor.work() as work:
        for job in JOBS:
            work.keeping.note_run({"job": job.name, "at": work.now, "took_ms": 1, "did": 0, "error": ""})
    found = values(client(world, "x").get("/metrics", headers={"Authorization": "Bearer x"}))
    assert set(re.findall(r"\blongstop_\w+", text)) == {name for name, *_ in found if not name.endswith("_created")}
    rules = yaml.safe_load(re.search(r"```yaml\n(.*?)```", text, re.DOTALL)[1])["groups"][0]["rules"]
    named = re.search(r'exported_job=~"([^"]+)"', " ".join(rule["expr"] for rule in rules))[1].split("|")
    assert {job for name, *labels in found if "job_run" in name for job in labels} >= set(named)
    assert len(found) < 100


def test_a_broken_rule_is_counted_and_the_house_is_not_ready(world):
    watched = Watched(monitor=world.monitor, is_current=lambda: True, intervals={}, data_dir="/")
    audit(world.monitor)
    assert [one.check for one in readiness(watched) if not one.is_ok] == []
    plant(world)
    number = audit(world.monitor).findings[0].number
    assert [one.check for one in readiness(watched) if not one.is_ok] == []
    audit(world.monitor)
    assert [(one.check, one.detail) for one in readiness(watched) if not one.is_ok] == [("audit", "step_late")]
    found = values(client(world, "x").get("/metrics", headers={"Authorization": "Bearer x"}))
    assert found["longstop_audit_violations", "step_late"] == number
    world.tick()
    world.expect(*world.unexpected)


def test_an_audit_that_is_made_no_more_is_not_ready(world):
    audit(world.monitor)
    watched = Watched(monitor=world.monitor, is_current=lambda: True, intervals={}, data_dir="/")
    world.live_until("2026-11-24T09:11")
    assert [one.check for one in readiness(watched) if not one.is_ok] == ["audit"]


def _live(world):
    with world.monitor.look() as work:
        return [one for one in work.milestones.live() if one.state.value == "open"]
