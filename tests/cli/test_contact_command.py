"""``longstop contact``: whom ``counterparty:NAME`` means, and who may say so."""

import pytest


@pytest.fixture
def acme(longstop):
    longstop("agreement", "add", "NDA-1", "--counterparty", "Acme Labs", "--kind", "NDA", "--owner", "olga@example.com")
    return longstop


def test_a_contact_is_named_changed_and_removed(acme):
    added = ("contact", "add", "acme  LABS", "--name", "compliance")
    said = acme(*added, "--email", "jane@acme.example", "--person", "Jane Roe", "--json").item
    assert said == {"name": "compliance", "email": "jane@acme.example", "person": "Jane Roe"}
    acme(*added, "--email", "joe@acme.example")
    (one,) = acme("contact", "list", "Acme Labs", "--json").items
    assert one == {"name": "compliance", "email": "joe@acme.example", "person": None}
    assert "joe@acme.example" in acme("contact", "list", "Acme Labs").out
    acme("contact", "remove", "Acme Labs", "--name", "Compliance")
    assert acme("contact", "list", "Acme Labs").out.startswith("Acme Labs has no contacts.")
    acme("contact", "remove", "Acme Labs", "--name", "compliance", expect=3)


def test_a_contact_needs_a_counterparty_an_address_and_the_right_to_name_it(acme):
    acme("contact", "add", "Nobody", "--name", "legal", "--email", "x@acme.example", expect=3)
    acme("contact", "add", "Acme Labs", "--name", "legal", "--email", "nowhere", expect=4)
    acme("contact", "add", "Acme Labs", "--name", "legal", "--email", "x@acme.example", "--as", "ben@example.com",
         expect=4)  # fmt: skip
    acme("contact", "add", "Acme Labs", "--name", "legal", "--email", "x@acme.example", "--as", "leo@example.com")


def test_contacts_of_a_counterparty_that_somebody_cannot_see_are_not_found(acme):
    acme("agreement", "amend", "NDA-1", "--set", "restricted_to=olga@example.com", "--because", "Secret")
    acme("contact", "list", "Acme Labs", "--as", "mia@example.com", expect=3)
    acme("contact", "list", "Acme Labs", "--as", "olga@example.com")
