"""A database whose driver is not installed is told as what is missing and how to get it."""

import pytest

from store.database import open_database
from store.errors import DriverMissing


def test_a_driver_that_is_not_installed_is_named_with_its_remedy():
    with pytest.raises(DriverMissing, match="psycopg2") as missing:
        open_database("postgresql+psycopg2://longstop@nowhere/register")
    assert 'pip install "longstop[postgres]"' in missing.value.remedy
