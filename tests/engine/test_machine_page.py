"""The page that draws the machine names what there is: modules, functions, jobs, states, and rows of the database."""

import ast
import re
from html import unescape
from pathlib import Path

from jobs.catalogue import NAMES
from lifecycle.delivery import DeliveryState
from lifecycle.milestones.milestone import MilestoneState
from store.schema import metadata

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/machine.md").read_text(encoding="utf-8")
PICTURE = (ROOT / "docs/images/machine.svg").read_text(encoding="utf-8")
PLACES = re.findall(r"`([a-z_]+/[a-z_/]*(?:\.py)?)`(?: \(((?:`\w+`(?:, )?)+)\))?", PAGE)


def defined(path):
    """The names that a module gives to others."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    made = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return made | {node.target.id for node in tree.body if isinstance(node, ast.AnnAssign)}


def test_every_place_is_there():
    assert [path for path, _ in PLACES if not (ROOT / path).exists()] == []
    assert len({path for path, _ in PLACES}) > 40


def test_every_function_is_in_the_module_beside_which_it_stands():
    named = [(path, name) for path, names in PLACES for name in re.findall(r"\w+", names)]
    assert [one for one in named if one[1] not in defined(one[0])] == []
    assert len(named) > 15


def test_every_job_is_one():
    assert set(re.findall(r"\(job `(\w+)`\)", PAGE)) <= set(NAMES)


def test_every_state_is_drawn():
    drawn = re.search(r"```\n(.*?)```", PAGE, re.DOTALL)[1]
    assert {one for one in (*MilestoneState, *DeliveryState) if not re.search(rf"\b{one}\b", drawn)} == set()


def test_every_row_and_column_of_the_picture_is_in_the_database():
    columns = {column.name for table in metadata.tables.values() for column in table.columns}
    words = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", unescape(re.sub(r"<[^>]*>", " ", PICTURE))))
    assert words - columns - set(metadata.tables) == {str(DeliveryState.IN_DOUBT)}
