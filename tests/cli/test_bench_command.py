"""``longstop bench``: what stands in a checkout is listed and run, and where it is said where there is none."""

import sys

import pytest

from cli.benching import NoCheckout, figures, measured
from cli.errors import Failed
from tests.support.cli import run
from tests.support.schemas import faults

LINE = (
    '{"name": "T1", "ours": 1, "theirs": 2, "ratio": 0.5, "target": "<= 1", "holds": true, "unit": "s", '
    '"what": "x", "command": "y"}'
)


@pytest.fixture
def checkout(tmp_path):
    """A folder of measurements, as far as the command knows it; what it prints is up to the test."""

    def made(code):
        folder = tmp_path / "measuring"
        folder.mkdir()
        (folder / "t01_first.py").write_text('"""T1: ours, against theirs."""\nimport no_such_library\n')
        (folder / "__main__.py").write_text(code)
        return folder

    return made


def test_it_lists_what_there_is_and_imports_none_of_it():
    before = set(sys.modules)
    answer = run("bench", "--json")
    assert (answer.code, faults(answer.document)) == (0, [])
    assert [one["name"] for one in answer.document["items"]][:3] == ["T1", "T2", "T3"]
    assert not [name for name in set(sys.modules) - before if name.split(".")[0] == "bench"]
    assert run("bench").lines[0].startswith("T1   deriving and storing")


@pytest.mark.parametrize("words", [("T99",), ("T1", "--all")])
def test_a_figure_that_is_none_is_wrong_usage(words):
    assert run("bench", *words).code == 2


def test_without_a_checkout_it_says_where_they_are(tmp_path):
    with pytest.raises(NoCheckout) as told:
        figures(tmp_path)
    assert "the folder bench of the source checkout" in told.value.sentence


def test_figures_come_as_they_are_measured_and_a_missed_target_is_no_failure(checkout):
    missed = LINE.replace("true", "false")
    folder = checkout(f"import sys\nprint('''{LINE}''')\nprint('''{missed}''')\nsys.exit(1)\n")
    assert figures(folder)[0]["what"] == "ours, against theirs."
    assert [one["holds"] for one in measured(folder, ("T1",))] == [True, False]


def test_what_breaks_off_is_a_failure(checkout):
    with pytest.raises(Failed):
        list(measured(checkout("import sys\nsys.exit(1)\n"), ()))
