"""The servers and the register that real processes work on; what their runs have measured is told at their end."""

import pytest

from tests.support import postgres
from tests.support.processes import RealRegister
from tests.support.smtp_server import SmtpServer


@pytest.fixture
def server():
    """A mail server."""
    with SmtpServer() as running:
        yield running


@pytest.fixture(scope="module")
def postgresql():
    """A server that keeps what it was told, where its programs are."""
    try:
        postgres.binaries()
    except postgres.NoPostgres as missing:
        pytest.skip(str(missing))
    with postgres.Server(durable=True) as running:
        yield running


@pytest.fixture
def on_postgres(postgresql, tmp_path):
    """The settings that lead to a database of its own there."""
    return {"DATABASE_URL": postgresql.make(f"r{abs(hash(tmp_path))}")}


@pytest.fixture
def database():
    """The settings that lead to it: a file, unless a module says otherwise."""
    return {}


@pytest.fixture
def register(tmp_path, server, database):
    made = RealRegister(tmp_path, server, **database)
    yield made
    made.close()


def pytest_terminal_summary(terminalreporter):
    for report in terminalreporter.stats.get("passed", []):
        for name, said in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {said}")
