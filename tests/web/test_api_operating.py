"""The programming interface for those who run the house: backups, channels, shadow mode, a way in for somebody."""

import zipfile
from copy import copy
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from cli.backups import plan
from cli.bootstrap import settings_of
from engine.access.password_links import person_of
from engine.backups.making import RESTORED
from engine.delivery import probing, shadow
from engine.delivery.recipients import Told
from engine.watcher.watching import Watching
from lifecycle.delivery import DeliveryState
from tests.support.program import Program
from tests.support.site import KEY, Site
from web.app import make_app
from web.health import Watched


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def site(folder):
    made = Site(filled=False, data_dir=folder)
    watching = Watching(backups=plan(settings_of({"DATA_DIR": str(folder)})))
    yield equipped(made, monitor=replace(made.monitor, watching=watching))
    made.close()


def equipped(site, *, monitor=None, **pages):
    """The same house with other equipment."""
    other = copy(site)
    other.monitor = monitor or site.monitor
    other.pages = replace(site.pages, monitor=other.monitor, **pages)
    watched = Watched(monitor=other.monitor, is_current=lambda: True, intervals={}, data_dir=Path("/"))
    other.app = make_app(watched, site=other.pages)
    return other


@pytest.fixture(scope="module")
def henrik(site):
    return Program(site, "Henrik")


def test_a_backup_is_made_tried_out_and_taken_away(henrik):
    made = henrik.done("/backups", status=201)
    assert [one["name"] for one in henrik.items("/backups")] == [made["name"]]
    assert henrik.item(f"/backups/{made['name']}") == made
    tried = henrik.done(f"/backups/{made['name']}/verify")
    assert (tried["name"], tried["is_whole"]) == (made["name"], True)
    taken = henrik.post(f"/backups/{made['name']}/download")
    assert (taken.headers["content-type"], taken.headers["cache-control"]) == ("application/zip", "no-store")
    assert "manifest.json" in zipfile.ZipFile(BytesIO(taken.content)).namelist()


def test_a_trial_of_a_backup_leaves_no_file(henrik, folder):
    before = sorted(path.name for path in (folder / "backups").iterdir())
    assert henrik.done("/backups?dry_run=true", status=201)["size"] > 0
    assert sorted(path.name for path in (folder / "backups").iterdir()) == before


@pytest.mark.parametrize("name", ["longstop-1.zip", "..%2F..%2Fetc%2Fpasswd", "%2e%2e"])
def test_only_a_backup_of_the_folder_is_taken_away(henrik, name):
    assert henrik.refused(f"/backups/{name}/download") == (404, "not-found")


def test_a_link_for_a_password_is_told_once_and_opens_for_its_person(site, henrik):
    path = f"/people/{site.people['Lars']}/password-link"
    made = henrik.post(path, idempotency_key="link-1")
    link = made.json()["item"]["link"]
    assert link.startswith("https://longstop.example/password/")
    assert henrik.post(path, idempotency_key="link-1").json()["item"]["link"] is None
    with site.look() as work:
        assert person_of(work, link.rpartition("/")[2], KEY).id == site.people["Lars"]


def test_nobody_who_has_left_is_let_in(site, henrik):
    path = f"/people/{site.people['Tomas']}"
    henrik.done(f"{path}/end")
    assert henrik.refused(f"{path}/password-link") == (409, "illegal-transition")


def test_a_token_for_less_makes_no_link_that_opens_all(site):
    narrow = Program(site, "Henrik", "read", "admin")
    assert narrow.refused(f"/people/{site.people['Lars']}/password-link") == (403, "forbidden")


def test_a_channel_is_tried_with_one_message(site, henrik):
    there = {one["name"]: one["is_there"] for one in henrik.items("/channels")}
    assert there["email"] is True
    tried = henrik.done("/channels/email/test?dry_run=true")
    assert (tried["state"], tried["to"]) == ("pending", "henrik@hallingdal.example")
    assert site.world.mail.taken == []
    assert henrik.done("/channels/email/test", {"to": "olga@hallingdal.example"})["state"] == "accepted"
    assert [one.address for one in site.world.mail.taken] == ["olga@hallingdal.example"]
    assert henrik.refused("/channels/pigeon/test") == (404, "not-found")


def test_shadow_mode_of_a_restored_house_ends_and_it_begins_anew(site, folder):
    begun = []
    quiet = replace(site.monitor, house=replace(site.monitor.house, shadow_mode=True))
    henrik = Program(equipped(site, monitor=quiet, begin_anew=lambda: begun.append(True)), "Henrik")
    (folder / RESTORED).write_text("restored")
    assert henrik.item("/shadow") == {"is_on": True, "is_set": False}
    assert henrik.done("/shadow/end?dry_run=true")["begins_anew"] is True
    assert (begun, shadow.is_restored(folder)) == ([], True)
    assert henrik.done("/shadow/end") == {"looked_at": None, "begins_anew": True, "is_dry_run": False}
    assert (begun, shadow.is_restored(folder)) == ([True], False)
    assert henrik.refused("/shadow/end") == (422, "settings-decide")


def test_what_shadow_mode_held_is_told_with_what_would_become_of_it(site, henrik):
    with site.work() as work:
        known = work.people.get(site.people["Olga"])
        claimed = probing.offered(work, Told(known, "email", known.email))
        held = {
            "state": DeliveryState.HELD,
            "why": shadow.WHY,
            "lease_token": None,
            "lease_until": None,
            "next_attempt_at": work.now,
        }
        work.deliveries.change([claimed.delivery.id], [DeliveryState.SENDING], **held)
    (one,) = henrik.items("/shadow/held")
    assert (one["id"], one["unwanted"]) == (claimed.delivery.id, None)
    assert henrik.done("/shadow/end") == {"looked_at": 1, "begins_anew": False, "is_dry_run": False}


def test_nobody_but_an_admin_runs_the_house(site):
    mei = Program(site, "Mei")
    assert {mei.get(path).status_code for path in ("/backups", "/channels", "/shadow", "/shadow/held")} == {403}
    changes = ("/backups", "/backups/x/download", "/channels/email/test", "/shadow/end")
    assert {mei.refused(path) for path in changes} == {(403, "forbidden")}
