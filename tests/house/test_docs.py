"""The documentation does not lag: what the code has, the pages name, and the other way round."""

import re
import types
from enum import StrEnum
from importlib import import_module
from typing import get_args

import pytest
from typer.main import get_command

from config.settings_docs import documented
from config.settings_model import Settings, Waits
from lifecycle.agreements.status import Status
from lifecycle.delivery import DeliveryState
from lifecycle.milestones.milestone import MARKERS, MilestoneKind, MilestoneState
from lifecycle.rights import RIGHTS, Act
from tests.support.house import PROJECT, ROOMS, modules, texts

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`([^`]+)`")


def page(name):
    return (PROJECT / "docs" / name).read_text()


def first_cells(text):
    """What stands in the first column of the tables, without heads and rules."""
    rows = [re.split(r"(?<!\\)\|", line)[1].strip() for line in text.splitlines() if line.startswith("|")]
    return [row for row in rows if "`" in row]


def rows_of(text, heading):
    """First cells of the tables under one heading."""
    return first_cells(text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0])


def named(text, heading):
    return [CODE.search(cell)[1] for cell in rows_of(text, heading)]


def events():
    """The classes of the union that reactions must decide about."""
    module = import_module("lifecycle.events")
    unions = [value for value in vars(module).values() if isinstance(value, types.UnionType)]
    return {event.__name__ for union in unions for event in get_args(union)}


def commands(group, path=()):
    """Every command of the command line as the words that are typed; typer brings a click of its own."""
    for name, command in group.commands.items():
        if command.hidden:
            continue
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name))


def documented_commands():
    """``longstop agreement list``, ``show`` in one cell are two commands of one group."""
    found = set()
    for cell in first_cells(page("commands.md")):
        group = ()
        for code in CODE.findall(cell):
            words = code.split()
            if words[0] == "longstop":
                names = [word for word in words[1:] if re.fullmatch(r"[a-z][a-z-]*", word)][:2]
                group = tuple(names[:-1])
                found |= {" ".join(names), names[0]}
            elif re.fullmatch(r"[a-z][a-z-]*", words[0]):
                found.add(" ".join((*group, words[0])))
    return found


def test_the_page_of_settings_is_what_the_code_says():
    assert page("settings.md") == documented(), "docs/settings.md lags; run: make docs"


def test_every_setting_is_named():
    assert [name for name in Settings.model_fields if f"`LONGSTOP_{name.upper()}`" not in page("settings.md")] == []


def test_no_setting_is_named_that_there_is_not():
    """An operator who copies a name that is none is warned at the start; a page must not lead there."""
    told = [*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md"), PROJECT / "compose.yaml", PROJECT / "Dockerfile"]
    names = {name for path in told for name in re.findall(r"LONGSTOP_[A-Z][A-Z_]*[A-Z]", path.read_text())}
    known = {f"LONGSTOP_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in names if not {name, name.removesuffix("_FILE")} & known} == set()


def test_every_page_is_on_the_first_one():
    pages = {path.name for path in (PROJECT / "docs").glob("*.md")} - {"README.md"}
    assert pages - set(LINK.findall(page("README.md"))) == set()


def test_exactly_the_settings_that_nobody_reads_say_so():
    """``Settings.timings`` reads the waits by their prefix."""
    read = {name for _, text in modules() for name in re.findall(r"\.(\w+)", text)} | set(Waits.model_fields)
    said = {name for name, one in Settings.model_fields.items() if (one.description or "").startswith("Without effect")}
    assert set(Settings.model_fields) - read == said


def test_exactly_the_events_that_there_are_have_a_row():
    rows = [CODE.search(cell)[1] for cell in first_cells(page("events.md"))]
    assert sorted(rows) == sorted(events())
    assert len(rows) > 40


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Agreements", Status),
        ("Messages", DeliveryState),
    ],
)
def test_exactly_the_states_that_there_are_have_a_row(heading, values: type[StrEnum]):
    rows = [name for name in named(page("lifecycle.md"), heading) if name == name.lower()]
    assert sorted(rows) == sorted(values)


def test_exactly_the_kinds_and_states_of_milestones_have_a_row():
    assert sorted(named(page("lifecycle.md"), "Milestones")) == sorted([*MilestoneKind, *MilestoneState])


def test_markers_carry_their_mark():
    cells = rows_of(page("lifecycle.md"), "Milestones")
    assert {CODE.search(cell)[1] for cell in cells if cell.endswith("°")} == set(MARKERS)


def test_exactly_the_jobs_that_there_are_have_a_row():
    catalogue = import_module("jobs.catalogue")
    assert [CODE.search(cell)[1] for cell in first_cells(page("jobs.md"))] == list(catalogue.NAMES)


def test_exactly_the_findings_that_there_are_have_a_row():
    remedies = import_module("lifecycle.findings.remedies").REMEDIES
    assert sorted(CODE.search(cell)[1] for cell in first_cells(page("findings.md"))) == sorted(remedies)


def test_exactly_the_commands_that_there_are_are_named():
    there = set(commands(get_command(import_module("cli.main").app)))
    groups = {words.split()[0] for words in there if " " in words}
    assert sorted(there - documented_commands()) == []
    unknown = documented_commands() - groups - there
    assert sorted(words for words in unknown if words.split()[0] not in there) == []  # else its second word is a value


def test_the_panels_of_the_help_are_the_chapters_of_the_page():
    chapters = re.findall(r"^## (.*)$", page("commands.md"), re.MULTILINE)
    assert chapters[:-1] == list(import_module("cli.catalogue").PANELS)


def test_the_rooms_that_contributors_read_about_are_those_that_there_are():
    cells = first_cells((PROJECT / "CONTRIBUTING.md").read_text())
    assert [CODE.search(cell)[1].rstrip("/") for cell in cells] == list(ROOMS)
    assert all((PROJECT / room / "__init__.py").is_file() for room in ROOMS)


@pytest.mark.parametrize("name", sorted(name for name, _ in texts(".md")))
def test_every_link_leads_somewhere(name):
    path = PROJECT / name
    targets = [target for target in LINK.findall(path.read_text()) if "://" not in target]
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_who_may_what_is_said_as_it_is():
    text = page("access.md").partition("\n## Who may what\n")[2].partition("\n## ")[0]
    told = [[cell.strip() for cell in line.split("|")[2:-1]] for line in text.splitlines() if line.startswith("|")]
    acts = (Act.READ, Act.ANSWER, Act.REGISTER, Act.GOVERN, Act.READ_LOG, Act.EXPORT_EVIDENCE, Act.ADMINISTER)
    assert told[2:] == [[right.value for right in RIGHTS[act].values()] for act in acts]
    assert RIGHTS[Act.TRY] == RIGHTS[Act.READ]
    assert RIGHTS[Act.DECIDE] == RIGHTS[Act.ANSWER]


def test_files_that_contributors_are_sent_to_exist():
    named_files = re.findall(r"`((?:\w+/)+\w+\.(?:py|md))`", (PROJECT / "CONTRIBUTING.md").read_text())
    assert [name for name in named_files if name != "notifiers/NAME.py" and not (PROJECT / name).is_file()] == []
    assert len(named_files) > 10


def test_every_word_of_the_makefile_in_the_docs_exists():
    makefile = (PROJECT / "Makefile").read_text()
    words = {word for _, text in texts(".md") for word in re.findall(r"`make ([a-z-]+)`", text)}
    assert [word for word in sorted(words) if not re.search(rf"^{word}:", makefile, re.MULTILINE)] == []
    assert words >= {"run", "test", "check", "bench", "help"}


def test_decisions_are_numbered_in_a_row_and_have_their_three_parts():
    decisions = sorted((PROJECT / "docs" / "adr").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        headings = re.findall(r"^## (.*)$", path.read_text(), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], path.name
