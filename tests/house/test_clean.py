"""The project speaks of itself alone, and holds no toys."""

import ast
import re

import pytest

from tests.support.house import ROOMS, modules, texts

# Put together here, so that this file does not name them itself.
HOSTS = ("py" + "pi.org", "pythonhosted" + ".org", "npmjs" + ".org", "deb.debian" + ".org", "proxy.go" + "lang.org")
MACHINE = re.compile(r"/(?:wo" + r"rk|fa" + r"rm|ro" + r"ot)/[a-z.]|/opt/(?:whe" + r"els|py" + r"pi)")
OPEN_ENDS = re.compile(
    r"#.*\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b|raise NotImplemented" + r"Error|pragma: no co" + r"ver"
)
PATCHES = re.compile(rf"""\bsetattr\(\s*["']?(?:{"|".join(ROOMS)})\.""")
MOST_LINES = 300
# Most modules are seen at once to be as they should; only others are parsed, all of them takes seconds.
SAYS = re.compile(r'"""\w')
NOTHING = re.compile(r"(?:^|:)[ ]*(?:pass|\.\.\.)[ ]*(?:#.*)?$", re.MULTILINE)


def found(pattern, pairs):
    return [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in pairs
        if pattern.search(text)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("host", HOSTS)
def test_no_registry_is_named(host):
    assert found(re.compile(re.escape(host)), texts()) == []


def test_no_path_of_any_one_machine_is_named():
    assert found(MACHINE, texts()) == []


def test_no_end_is_left_open():
    assert found(OPEN_ENDS, texts(".py", ".toml", ".yaml", ".html", ".txt")) == []


def test_no_test_patches_what_is_ours():
    """Fakes stand at the wire, at a notifier, at a clock: our own code runs as it is."""
    assert found(PATCHES, texts(".py")) == []


def test_every_module_says_what_it_is_for():
    silent = [name for name, text in modules() if not SAYS.match(text) and not ast.get_docstring(ast.parse(text))]
    assert silent == []


def test_no_module_is_a_room_with_too_many_things_in_it():
    longest = {name: text.count("\n") for name, text in modules() if "/migrations/" not in name}
    assert {name: lines for name, lines in longest.items() if lines > MOST_LINES} == {}


def test_no_function_is_an_empty_shell():
    """A body of ``pass`` or ``...`` is right in a protocol or overload; who does nothing on purpose says why."""
    shells = [
        f"{name}: {function.name}"
        for name, text in modules()
        if NOTHING.search(text)
        for function in functions(ast.parse(text))
        if all(map(_is_nothing, function.body)) and not _is_overload(function)
    ]
    assert shells == []


def functions(tree):
    """Functions and methods, but for those of protocols."""
    for owner in ast.walk(tree):
        is_protocol = any("Protocol" in ast.unparse(base) for base in getattr(owner, "bases", []))
        if isinstance(owner, ast.Module | ast.ClassDef) and not is_protocol:
            yield from (node for node in owner.body if isinstance(node, ast.FunctionDef))


def _is_overload(function):
    return any(ast.unparse(one) == "overload" for one in function.decorator_list)


def _is_nothing(node):
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and ast.unparse(node) == "...")
