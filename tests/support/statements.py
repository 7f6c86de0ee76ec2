"""The statements that a database is asked, and how SQLite would answer them."""

from contextlib import contextmanager

from sqlalchemy import event

_MOMENT = "before_cursor_execute"


@contextmanager
def statements(database):
    """(statement, parameters) of all that is asked inside, as it comes."""
    asked = []

    def heard(connection, cursor, statement, parameters, context, executemany):  # noqa: ARG001
        asked.append((statement, parameters))

    event.listen(database.engine, _MOMENT, heard)
    try:
        yield asked
    finally:
        event.remove(database.engine, _MOMENT, heard)


def asked_for(asked, words):
    """Which values were given to the statements with these *words*; what fills up a list of them counts once."""
    given = [parameters for statement, parameters in asked if words in statement]
    return {one for values in given for one in (values.values() if isinstance(values, dict) else values)}


def plan_of(database, statement, parameters, *, table):
    """The steps of SQLite's plan that look at *table*."""
    with database.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row.detail for row in plan if table in row.detail]
