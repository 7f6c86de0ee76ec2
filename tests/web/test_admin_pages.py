"""``/admin``: how the house does, and what its operator may do about it."""

import pytest

from engine.incidents import open_incident
from engine.watcher.audit import CHECKS
from jobs.catalogue import NAMES
from tests.support.site import Site, text_of
from web.pages.admin import words

PARTS = ("health",)


@pytest.fixture(scope="module")
def site():
    made = Site()
    made.world.tick()
    yield made
    made.close()


@pytest.fixture(scope="module")
def admin(site):
    return site.as_("henrik")


@pytest.mark.parametrize("part", PARTS)
def test_only_an_admin_sees_the_operators_pages(site, admin, part):
    assert admin.get(f"/admin/{part}").status_code == 200
    for name in ("olga", "mei", "amara"):
        assert site.as_(name).get(f"/admin/{part}").status_code == 403


def test_every_job_and_every_question_of_the_audit_has_its_words():
    assert set(words.JOBS) == set(NAMES)
    assert set(words.CHECKS) == set(CHECKS)


def test_an_incident_is_closed_with_a_reason_and_only_with_one(site, admin):
    with site.work() as work:
        found = open_incident(work, kind="clock_skew", subject="here", text="Two clocks disagree.")
    assert "Two clocks disagree." in text_of(admin.get("/admin/health"))
    path = f"/admin/health/incidents/{found}/close"
    assert "Say why it is over." in text_of(admin.followed(admin.post(path, because="")))
    assert "Two clocks disagree." in text_of(admin.get("/admin/health"))
    assert "Closed." in text_of(admin.followed(admin.post(path, because="The clock was set")))
    assert "Two clocks disagree." not in text_of(admin.get("/admin/health"))
