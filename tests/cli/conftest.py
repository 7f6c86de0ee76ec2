"""A register with its staff for each test, made once and copied."""

import shutil

import pytest

from tests.support.cli import Longstop


@pytest.fixture(scope="session")
def _staffed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("staffed")
    Longstop(folder).staff()
    return folder


@pytest.fixture
def longstop(_staffed, tmp_path):
    """The command line on a register with Olga, Ben, Mia, Leo and Ada."""
    folder = tmp_path / "data"
    shutil.copytree(_staffed, folder)
    return Longstop(folder)


@pytest.fixture
def empty(tmp_path):
    """The command line where nothing is yet."""
    return Longstop(tmp_path / "data")
