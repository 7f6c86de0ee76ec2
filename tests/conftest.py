"""What all tests share: reproducible properties, no settings from outside, data that is read where it lies."""

import gc
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import postgres

PROJECT = Path(__file__).resolve().parents[1]
SHARED_DATA = PROJECT.parent / "shared" / "data"

# The same examples on every machine; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile(
    "steady", derandomize=True, deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_addoption(parser):
    """``--database postgres`` lets every register of the tests lie on a PostgreSQL server that is started for them."""
    parser.addoption("--database", choices=["sqlite", "postgres"], default="sqlite", help="where registers lie")


def pytest_configure(config):
    """A developer's own settings must not reach the tests; the server is started once, whatever the workers."""
    for name in [name for name in os.environ if name.startswith("LONGSTOP_")]:
        del os.environ[name]
    # The processes of a run, which are many, read what the first one has compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if config.getoption("database") == "postgres":
        # A command's process ends with its connections; here many commands share one process.
        config.addinivalue_line("filterwarnings", "ignore:.* was deleted while still open:ResourceWarning")
    if config.getoption("database") == "postgres" and postgres.FOLDER not in os.environ:
        server = postgres.Server()
        config.add_cleanup(server.stop)
        server.start()
        os.environ[postgres.FOLDER] = str(server.folder)
        config.add_cleanup(lambda: os.environ.pop(postgres.FOLDER))


def pytest_collection_finish():
    """What is there now stays until the end: nobody needs to look through it for garbage, nor often at the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def project():
    """The project's folder."""
    return PROJECT


@pytest.fixture(scope="session")
def shared_data():
    """Real agreements and published vectors, beside the project; tests that need them skip where they are not."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the shared data (published vectors, labelled agreements) does not lie beside the project")
    return SHARED_DATA
