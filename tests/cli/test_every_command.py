"""Every command has help with an example, in a panel, and costs nothing before it is asked for."""

import subprocess
import sys

import pytest
from typer.main import get_command

from cli.catalogue import ENTRIES, PANELS
from cli.main import app
from tests.support.cli import run


def commands(group, path=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


EVERY = sorted(commands(get_command(app)))


def found(words):
    command = get_command(app)
    for word in words:
        command = command.commands[word]
    return command


def options(words):
    return {option for parameter in found(words).params for option in parameter.opts}


def test_help_shows_six_panels_with_every_command_in_one_of_them():
    answer = run("--help")
    assert answer.code == 0
    assert [line[:-1] for line in answer.lines if line[:-1] in PANELS] == list(PANELS)
    assert [name for name in ENTRIES if not any(line.startswith(f"  {name} ") for line in answer.lines)] == []


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_has_help_with_an_example_of_itself(words):
    answer = run(*words, "--help")
    example = answer.out.partition("\nExample:\n")[2]
    assert (answer.code, answer.err) == (0, "")
    assert example.startswith(f"  longstop {' '.join(words)}")


@pytest.mark.parametrize("group", sorted({words[:-1] for words in EVERY} - {()}), ids=" ".join)
def test_a_group_lists_what_its_commands_do_whole_however_narrow_the_terminal(group, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    listed = " ".join(run(*group, "--help").out.partition("\nCommands:\n")[2].split())
    of_group = [words for words in EVERY if words[:-1] == group]
    assert [words for words in of_group if f"{words[-1]} {_first_sentence(found(words).help)}" not in listed] == []
    assert "..." not in listed


def _first_sentence(text):
    first, end, _ = " ".join(text.split("\n\n")[0].split()).partition(". ")
    return first + end.strip()


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_answers_in_json(words):
    assert "--json" in options(words)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_what_can_be_tried_can_be_done_by_somebody_and_without_a_question(words):
    changing = {"--dry-run", "--yes"} & options(words)
    assert changing in (set(), {"--dry-run", "--yes"})
    assert not changing or "--as" in options(words) or words[0] == "db", "the database's form is the operator's"
    assert not (changing and "--today" in options(words)), "a clock that is fixed changes nothing"


def test_help_loads_no_library_and_no_room_of_ours():
    code = (
        "import sys\nfrom cli.main import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
        "costly = 'rich', 'sqlalchemy', 'pydantic', 'structlog', 'store', 'engine', 'lifecycle', 'config'\n"
        "print([name for name in costly "
        "if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]"


def test_the_version_is_told():
    assert run("--version").out.startswith("longstop ")


def test_a_word_that_nobody_knows_is_answered_with_the_nearest():
    answer = run("deadlins")
    assert answer.code == 2
    assert "Did you mean 'deadlines'" in answer.err
