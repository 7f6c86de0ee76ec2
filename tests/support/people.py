"""People for tests: by first name, with an address of it."""

from dataclasses import fields

from lifecycle.people import Person, Role

_FIELDS = {field.name for field in fields(Person)}


def person(name, **said):
    """``person("Olga", role="legal")``; the address is ``olga@example.com``."""
    assert said.keys() <= _FIELDS, said.keys() - _FIELDS
    role = Role(said.pop("role", "contributor"))
    return Person(**{"id": "", "name": name, "email": f"{name.lower()}@example.com", "role": role} | said)


def short(address):
    """``olga`` for ``olga@example.com``."""
    return address.removesuffix("@example.com")
