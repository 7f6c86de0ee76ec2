"""What never changes is never set: to set a key to itself makes SQLite look for all rows that refer to it."""

import re
from dataclasses import replace

from sqlalchemy import event

from store.schema import metadata
from tests.support.register import ACME, OLGA, Register, milestone

_SET = re.compile(r"UPDATE (\w+) SET (.*?) WHERE", re.DOTALL)


def test_no_change_sets_the_key_of_its_row():
    register = Register().with_acme()
    set_columns = {}

    def note(_connection, _cursor, statement, *_):
        for table, assigned in _SET.findall(statement):
            set_columns.setdefault(table, set()).update(one.split("=")[0].strip() for one in assigned.split(","))

    with register.work() as work:
        work.milestones.add([milestone(id="m-1")])
    event.listen(register.database.engine, "before_cursor_execute", note)
    with register.work() as work:
        work.agreements.save(replace(ACME, title="Another title", version=ACME.version + 1))
        work.people.save(replace(OLGA, name="Olga Other"))
        work.milestones.save([replace(work.milestones.get("m-1"), name="renamed")])
    assert {"agreements", "people", "milestones"} <= set_columns.keys()
    keys = {name: {column.name for column in metadata.tables[name].primary_key} for name in set_columns}
    assert {name: keys[name] & columns for name, columns in set_columns.items()} == {name: set() for name in keys}
    assert set_columns["milestones"].isdisjoint({"agreement_id", "subject", "kind", "cycle"})
