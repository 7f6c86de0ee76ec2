"""What a mail address is: the same wherever one is taken in, and never one that the channel would refuse."""

import pytest

from engine.intake.sides import PEOPLE
from lifecycle.people import is_address


@pytest.mark.parametrize(
    ("address", "holds"),
    [
        ("dana@example.com", True),
        ("jörg@bücher.example", True),
        ("o'neill+due@mail.example.com", True),
        ("root@localhost", True),
        ("dana", False),
        ("a@b@c", False),
        ("a b@example.com", False),
        ("a\u00a0b@example.com", False),
        ("a@example.com\n", False),
        ("a@ex\0ample.com", False),
        ("Dana <dana@example.com>", False),
        ("a@example.com;b@example.com", False),
        ("a(b)@example.com", False),
        ('"a"@example.com', False),
        ("@example.com", False),
        ("a@", False),
        ("a@.example", False),
        ("a@" + "x" * 330, False),
    ],
)
def test_a_sheet_takes_the_addresses_that_can_stand_in_a_header(address, holds):
    assert is_address(address) is holds
    is_taken = PEOPLE.readers["email"](address, "").fault is None
    assert is_taken is is_address(address.strip())
