"""One Chromium for all tests of a run, and the houses that they look at; without Chromium they are skipped."""

import pytest

from tests.browser.chromium import Chromium, installed
from tests.browser.staged import Empty, Staged


def pytest_collection_modifyitems(items):
    """Whatever asks for the browser is marked so, and has its own word: ``make browser``."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    program = installed()
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with Chromium(program) as started:
        yield started


@pytest.fixture(scope="session")
def lived_in():
    """A house that has been at work for some days. Nobody changes anything here: others look at it too."""
    with Staged() as house:
        yield house


@pytest.fixture
def house():
    """The same for one test alone, which may do in it what it likes."""
    with Staged() as own:
        yield own


@pytest.fixture(scope="session")
def empty():
    """A house with people and nothing else."""
    with Empty() as house:
        yield house
