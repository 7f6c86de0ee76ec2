"""A remedy holds wherever it is read; what does it at a terminal is its command, and told there alone."""

import ast
import re

from engine.operations.answering import AnswerRefused
from tests.support.house import modules

COMMAND = re.compile(r"`|(?:^|\s)--[a-z]|\blongstop [a-z]+ ")
ROOMS = ("lifecycle/", "store/", "notifiers/", "engine/", "web/")


def texts_of(node):
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def test_no_remedy_outside_the_command_line_names_a_command():
    named = [
        f"{name}:{keyword.value.lineno}: {text}"
        for name, source in modules()
        if name.startswith(ROOMS) and name != "web/pages/setup.py"  # whose reader has just started `serve`
        if "remedy=" in source
        for keyword in ast.walk(ast.parse(source))
        if isinstance(keyword, ast.keyword) and keyword.arg == "remedy"
        for text in texts_of(keyword.value)
        if COMMAND.search(text)
    ]
    assert named == []


def test_at_a_terminal_the_command_stands_beside_the_remedy():
    error = AnswerRefused("It is done.", remedy="Look at what is open.", command="longstop deadlines")
    assert error.remedy == "Look at what is open."
    assert error.remedy_at_terminal == "Look at what is open: `longstop deadlines`."
    assert AnswerRefused("It is done.", remedy="Look again.").remedy_at_terminal == "Look again."
