"""What can go wrong with the database, as sentences."""

from __future__ import annotations

from lifecycle.errors import LifecycleError


class StoreError(LifecycleError):
    """The database could not do it."""

    code = "store"


class DatabaseFull(StoreError):
    """No room left: nothing of the transaction was kept."""

    code = "database-full"

    def __init__(self) -> None:
        """Say that nothing was kept."""
        super().__init__(
            "The database has no room left; nothing of this change was kept.",
            remedy="Make room on the disk of the data directory, then try again.",
        )


class DatabaseForbidden(DatabaseFull):
    """Its file cannot be opened, or only be read; as on a full disk nothing of the transaction was kept."""

    code = "database-forbidden"

    def __init__(self) -> None:
        """Say that nothing was kept."""
        StoreError.__init__(
            self,
            "The database's file cannot be opened, or not be written; nothing of this change was kept.",
            remedy="Let this user read and write that file, those beside it and their folder.",
        )


class ServerForbids(DatabaseForbidden):
    """A PostgreSQL server that takes no writing, such as a standby, or not from this role."""

    def __init__(self) -> None:
        """Say that nothing was kept."""
        StoreError.__init__(
            self,
            "The database is read-only, or its role may not do this; nothing of this change was kept.",
            remedy="Let LONGSTOP_DATABASE_URL lead to the primary server, not to a standby, "
            "and to a role that owns the tables, or may create some.",
        )


class DatabaseBusy(StoreError):
    """Somebody else holds the database too long."""

    code = "database-busy"

    def __init__(self) -> None:
        """Say that nothing was kept."""
        super().__init__("The database is busy; nothing of this change was kept.", remedy="Try again in a moment.")


class DatabaseAway(DatabaseBusy):
    """The server does not answer, takes no connection from us, or has ended it."""

    code = "database-away"

    def __init__(self, *, nothing_began: bool = False) -> None:
        """Say that nothing is known to be kept; where *nothing_began*, that nothing was."""
        kept = "nothing of this change was kept" if nothing_began else "whether this change was kept is not known"
        then = "try again" if nothing_began else "look before trying again"
        StoreError.__init__(
            self,
            f"The database server does not answer, or refuses us; {kept}.",
            remedy="See that PostgreSQL runs and that LONGSTOP_DATABASE_URL leads to it, "
            f"with the right user, password and database; then {then}.",
        )


class Overtaken(StoreError):
    """A row that was changed for certain is not there any more, or is somebody else's."""

    code = "overtaken"

    def __init__(self) -> None:
        """Say that nothing was kept."""
        super().__init__("Somebody else was quicker; nothing of this change was kept.", remedy="Try again.")


class DriverMissing(StoreError):
    """Longstop was installed without what speaks to this kind of database."""

    code = "driver-missing"

    def __init__(self, name: str) -> None:
        """Name the module that is missing."""
        super().__init__(
            f"This database needs the Python module {name}, which is not installed.",
            remedy='For PostgreSQL: pip install "longstop[postgres]".',
        )


class WrongEncoding(StoreError):
    """A PostgreSQL database that cannot hold every text."""

    code = "wrong-encoding"

    def __init__(self, encoding: str) -> None:
        """Name what it keeps text as."""
        super().__init__(
            f"The database keeps text as {encoding}, which does not hold every name.",
            remedy="Let LONGSTOP_DATABASE_URL lead to one of encoding UTF8, which is made from template0.",
            command="createdb --encoding=UTF8 --template=template0 NAME",
        )


class NotFound(StoreError):
    """There is no such thing, or it may not be seen."""

    code = "not-found"

    def __init__(self, what: str, name: str, *, remedy: str = "Check the spelling.", command: str = "") -> None:
        """Name what was looked for; *name* "": what cannot be told is not told."""
        super().__init__(f"There is no {what} {repr(name) if name else 'here'}.", remedy=remedy, command=command)


class AlreadyThere(StoreError):
    """The name is taken."""

    code = "already-there"

    def __init__(self, what: str, name: str, *, remedy: str, command: str = "") -> None:
        """Name what is there already."""
        article = "an" if what[:1] in "aeiou" else "a"
        super().__init__(f"There is already {article} {what} {name!r}.", remedy=remedy, command=command)


class RowRefused(StoreError):
    """The database itself forbids the row: a constraint or a guard."""

    code = "row-refused"

    def __init__(self) -> None:
        super().__init__(
            "The database refused a row that must not be; nothing of this change was kept.",
            remedy="Report it: the program and the database disagree about what is allowed.",
        )


class ChainBroken(StoreError):
    """The log was changed behind our back."""

    code = "chain-broken"

    def __init__(self, position: int, why: str) -> None:
        """Name the first position that does not hold."""
        super().__init__(
            f"The log is broken at position {position}: {why}.",
            remedy="Compare with a backup that is whole.",
            command="longstop backup verify",
        )
        self.position = position
