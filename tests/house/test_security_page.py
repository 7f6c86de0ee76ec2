"""What the page of attacks says is tried, is tried."""

import re

import pytest

from tests.support.house import PROJECT

PAGE = (PROJECT / "docs" / "security.md").read_text()
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| attack", "|---"))]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
#: What every row of a list of attacks on such a program has to meet.
WORDS = ("CSRF", "fixation", "redirect", "header injection", "formula", "traversal", "ZIP", "XML", "too large", "slow",
         "passwords", "SSRF")  # fmt: skip


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED}))
def test_every_test_that_is_named_is_there(file):
    text = (PROJECT / file).read_text()
    assert [name for where, name in NAMED if where == file and f"def {name}(" not in text] == []


def test_every_attack_is_named_and_has_its_test():
    assert [word for word in WORDS if word not in PAGE] == []
    assert [row for row in ROWS if "::test_" not in row] == []
