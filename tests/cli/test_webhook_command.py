"""``longstop webhook``: who is told, with which key, and where nobody is called."""

import os

import pytest

from cli import bootstrap, webhooks
from notifiers.webhook import key_of


def changed(longstop, *words, expect=0):
    return longstop("webhook", *words, "--json", expect=expect).item


def listed(longstop):
    return {one["name"]: one for one in longstop("webhook", "list", "--json").items}


@pytest.fixture
def erp(longstop, monkeypatch):
    monkeypatch.setenv("LONGSTOP_OUTGOING_ALLOW", "127.0.0.1")
    return changed(longstop, "add", "erp", "http://127.0.0.1:9/in", "--event", "StepRaised")


def test_the_key_is_shown_once_and_never_in_a_list(longstop, erp):
    assert len(key_of(erp["secret"])) == 32
    assert listed(longstop)["erp"] | {"position": 0} == {
        "name": "erp", "url": "http://127.0.0.1:9/in", "is_on": True, "position": 0, "events": ["StepRaised"],
        "may_see_restricted": False, "keys": 1, "failing_since_at": None, "secret": None,
    }  # fmt: skip


def test_the_key_lies_nowhere_in_the_register_and_hangs_on_that_of_the_house(longstop, erp, monkeypatch):
    whole = b"".join(path.read_bytes() for path in longstop.data_dir.glob("longstop.db*"))
    assert b"whsec_" not in whole
    assert erp["secret"].removeprefix("whsec_").encode() not in whole
    assert told(longstop, "erp").secrets == (erp["secret"],)
    new = changed(longstop, "rotate", "erp")["secret"]
    assert told(longstop, "erp").secrets == (new, erp["secret"])
    monkeypatch.setenv("LONGSTOP_SECRET_KEY", "another-key-of-the-house-of-32-characters")
    assert erp["secret"] not in told(longstop, "erp").secrets


def told(longstop, name):
    """The endpoint as the channel knows it that signs."""
    given = {"DATA_DIR": str(longstop.data_dir), "DATABASE_URL": longstop.url}
    key = os.environ.get("LONGSTOP_SECRET_KEY", "")
    settings = bootstrap.settings_of({name: value for name, value in {**given, "SECRET_KEY": key}.items() if value})
    monitor = bootstrap.assembled(settings)
    try:
        return webhooks.lookup(settings, monitor.database)(name)
    finally:
        monitor.database.close()


def test_a_new_key_stands_beside_the_old_one_until_that_is_dropped(longstop, erp):
    new = changed(longstop, "rotate", "erp")
    assert (new["keys"], new["secret"] == erp["secret"]) == (2, False)
    dropped = changed(longstop, "rotate", "erp", "--drop-old")
    assert (dropped["keys"], dropped["secret"]) == (1, None)


def test_one_that_is_removed_is_forgotten(longstop, erp):
    assert erp["is_on"]
    changed(longstop, "remove", "erp", "--yes")
    assert listed(longstop) == {}
    longstop("webhook", "remove", "erp", "--yes", expect=3)


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/in", "https://10.0.0.1/", "http://93.184.216.34/", "https://[::1]/"]
)
def test_an_address_that_is_not_on_the_public_internet_is_refused(longstop, url):
    longstop("webhook", "add", "erp", url, expect=2)
    assert listed(longstop) == {}


def test_an_event_that_does_not_exist_and_a_name_that_does_are_refused(longstop, erp):
    assert erp["name"] == "erp"
    longstop("webhook", "add", "other", "http://127.0.0.1/", "--event", "StepLowered", expect=2)
    longstop("webhook", "add", "erp", "http://127.0.0.1/", expect=4)


def test_a_trial_keeps_nothing(longstop, monkeypatch):
    monkeypatch.setenv("LONGSTOP_OUTGOING_ALLOW", "127.0.0.1")
    changed(longstop, "add", "erp", "http://127.0.0.1/", "--dry-run")
    assert listed(longstop) == {}
