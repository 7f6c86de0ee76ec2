"""The lock files: everything exact, everything hashed, one version each, no address of any registry."""

import re

import pytest

from tests.support.house import PROJECT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock", "requirements-peers.lock")
PIN = re.compile(r"^([\w.-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def pins(name):
    return {found[0].lower(): found[1] for found in PIN.findall((PROJECT / name).read_text())}


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_is_a_pin_with_a_hash_or_a_comment(name):
    rest = PIN.sub("", (PROJECT / name).read_text())
    assert [line for line in rest.splitlines() if line.strip() and not line.lstrip().startswith("#")] == []
    assert pins(name)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-build.lock"])
def test_what_is_shipped_is_what_is_tested(name):
    everything = pins("requirements-dev.lock")
    assert {package: version for package, version in pins(name).items() if everything.get(package) != version} == {}


def test_every_dependency_is_locked():
    project = (PROJECT / "pyproject.toml").read_text()
    block = project.partition("dependencies = [")[2].partition("]\n")[0]
    names = re.findall(r'"([\w-]+)', block)
    assert [name for name in names if name.lower() not in pins("requirements.lock")] == []
    assert len(names) > 15
