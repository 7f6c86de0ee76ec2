"""What the audit asks costs what is wrong, never what exists: no question walks through a table that grows."""

import pytest
from sqlalchemy.dialects import sqlite

from engine.watcher.audit.rows import limits
from store.queries.audit import CHECKS, statements
from tests.support.databases import in_a_file, in_memory
from tests.support.world import World


@in_a_file
@pytest.mark.parametrize("check", CHECKS)
def test_a_question_of_the_audit_uses_an_index(check):
    database = in_memory()
    world = World(database=database)
    with world.monitor.look() as work:
        asked = next(one for name, one, given in statements(limits(work)) if name == check and given is not None)
        given = next(given for name, _, given in statements(limits(work)) if name == check)
        whole = asked.bindparams(**given).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in work.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {whole}")]
    walks = [step for step in plan if step.startswith("SCAN") and " USING " not in step and step != "SCAN incidents"]
    assert walks == []
    assert any(" USING " in step for step in plan)
    database.close()
