"""A register with its staff for each test, made once and copied."""

import pytest

from tests.support.cli import Longstop


@pytest.fixture(scope="session")
def staffed(tmp_path_factory):
    """The command line on a register with its staff, to be copied."""
    made = Longstop(tmp_path_factory.mktemp("staffed"))
    made.staff()
    return made


@pytest.fixture
def longstop(staffed, tmp_path):
    """The command line on a register with Olga, Ben, Mia, Leo and Ada."""
    return Longstop(tmp_path / "data", like=staffed)


@pytest.fixture
def empty(tmp_path):
    """The command line where nothing is yet."""
    return Longstop(tmp_path / "data")
