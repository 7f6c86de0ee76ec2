"""``longstop playbook``: what is in force, what is wrong with a file, and exactly what applying it would change."""

import re

import pytest

QUIETER = """
playbook: default
ladder:
  - at: -60d
    steps:
      - ask: [owner]
  - at: -10d
    steps:
      - ask: [owner, backup]
      - ask: ["role:auditor"]
        after: 2bd
"""
SHIPPED = ["audit", "default", "exit", "msa", "nda", "signature"]


def licence(longstop, reference="LIC-1"):
    """An agreement whose deadlines follow the playbook ``default``."""
    longstop("agreement", "add", reference, "--counterparty", "Acme", "--kind", "licence", "--effective-on",
             "2026-02-01", "--term", "12 months", "--renewal", "automatic", "--renewal-term", "12 months",
             "--notice-period", "60 days", "--owner", "olga@example.com", "--backup", "ben@example.com")  # fmt: skip


@pytest.fixture
def file(tmp_path):
    def write(text=QUIETER, name="mine.yaml"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_those_that_ship_are_in_force_from_the_first_start(empty):
    found = empty("playbook", "list", "--json").items
    assert [(one["name"], one["version"]) for one in found] == [(name, 1) for name in SHIPPED]
    assert [line.split()[0] for line in empty("playbook", "list").lines[1:]] == SHIPPED


def test_a_list_counts_the_deadlines_that_follow(longstop):
    licence(longstop)
    counted = {one["name"]: one["milestones"] for one in longstop("playbook", "list", "--json").items}
    live = longstop("deadlines", "--within", "120m", "--json").items
    assert sum(counted.values()) == len(live) > 0


def test_one_is_shown_step_by_step(empty):
    shown = empty("playbook", "show", "default", "--json").item
    assert shown["stages"] == ["-90d", "-30d", "-7d", "+1d"]
    assert shown["steps"][0].startswith("-90d: owner (digest")
    assert empty("playbook", "show", "default").lines[0] == "default, version 1, for everything"
    assert empty("playbook", "show", "none", "--json", expect=3).document["code"] == "not-found"


def test_what_is_wrong_with_a_file_is_told_with_its_place(longstop, file):
    path = file(QUIETER.replace("at: -10d", "at: soon"))
    [one] = longstop("playbook", "check", path, "--json", expect=5).items
    assert (one["code"], one["is_warning"]) == ("E2", False)
    assert re.fullmatch(rf"{re.escape(str(path))}:7:\d+", one["place"])
    assert longstop("playbook", "check", path, expect=5).lines[0].startswith(f"{one['place']}: E2, ")


def test_warnings_say_what_the_register_knows_and_stop_nothing(longstop, file):
    licence(longstop)
    found = longstop("playbook", "check", file(), "--json").items
    assert {one["code"] for one in found if not one["is_warning"]} == set()
    assert "role:auditor reaches nobody for 1 agreements." in [one["message"] for one in found]


def test_stages_that_are_over_are_counted(longstop, file):
    longstop("agreement", "add", "LIC-3", "--counterparty", "Acme", "--effective-on", "2026-01-01", "--term", "9 years",
             "--renewal", "never")  # fmt: skip
    longstop("obligation", "add", "LIC-3", "--kind", "duty", "--name", "Delete", "--due", "+5d")
    found = longstop("playbook", "check", file(), "--json").items
    assert [one["message"] for one in found if one["code"] == "N4"] == [
        "-60d is past for 1 milestones.",
        "-10d is past for 1 milestones.",
    ]


def test_several_files_are_checked_at_once(longstop, file):
    wrong = QUIETER.replace("ask: [owner]", "ask: [everybody]")
    found = longstop("playbook", "check", file(), file(wrong, "wrong.yaml"), "--json", expect=5).items
    assert [one["code"] for one in found if not one["is_warning"]] == ["E6"]


def test_a_plan_says_every_step_and_writes_nothing(longstop, file):
    licence(longstop)
    before = longstop("log", "verify", "--json").item
    told = longstop("playbook", "plan", file(), "--json").document
    [plan] = told["items"]
    changes = {(one["kind"], one["change"], one["place"]) for one in plan["changes"]}
    assert {kind for kind, _, _ in changes} == {"notice"}  # a marker has no ladder
    assert any(change == "+" and place.startswith("-60d.0") for _, change, place in changes)
    assert any(change == "-" and place.startswith("-30d.0") for _, change, place in changes)
    assert [one["audience"] for one in told["unreached"]] == ["role:auditor"]
    assert longstop("log", "verify", "--json").item == before


def test_a_plan_that_changes_something_can_be_told_by_its_exit_code(longstop, file):
    licence(longstop)
    longstop("playbook", "plan", file())
    longstop("playbook", "plan", file(), "--exit-code", expect=10)
    longstop("playbook", "apply", file(), "--yes")
    longstop("playbook", "plan", file(), "--exit-code")


def test_what_was_planned_is_what_is_applied(longstop, file):
    licence(longstop)
    [plan] = longstop("playbook", "plan", file(), "--json").items
    [applied] = longstop("playbook", "apply", file(), "--expect", plan["digest"], "--json").items
    assert applied == plan
    assert longstop("playbook", "show", "default", "--json").item["version"] == 2
    assert longstop("playbook", "show", "default", "--json").item["stages"] == ["-60d", "-10d"]


def test_another_plan_than_the_one_that_was_seen_is_refused(longstop, file):
    licence(longstop)
    [plan] = longstop("playbook", "plan", file(), "--json").items
    licence(longstop, "LIC-2")
    refused = longstop("playbook", "apply", file(), "--expect", plan["digest"], "--json", expect=4).document
    assert refused["code"] == "other-plan"
    assert longstop("playbook", "show", "default", "--json").item["version"] == 1


def test_what_was_applied_is_told_from_what_was_planned(longstop, file):
    assert "holds as" not in longstop("playbook", "plan", file()).out
    tried = longstop("playbook", "apply", file(), "--dry-run").lines[-1]
    assert tried == "default holds as version 2 (a trial: nothing is kept)."
    assert longstop("playbook", "apply", file()).lines[-1] == "default holds as version 2."


def test_the_same_content_is_no_new_version(longstop, file):
    longstop("playbook", "apply", file())
    longstop("playbook", "apply", file("# with a remark\n" + QUIETER))
    assert longstop("playbook", "show", "default", "--json").item["version"] == 2


def test_a_trial_keeps_nothing(longstop, file):
    licence(longstop)
    told = longstop("playbook", "apply", file(), "--dry-run", "--json").document
    assert told["is_dry_run"] is True
    assert told["items"][0]["changes"] != []
    assert longstop("playbook", "show", "default", "--json").item["version"] == 1


def test_many_messages_at_once_need_a_yes(longstop, file):
    rows = (f"L-{number},Acme,licence,olga@example.com,2026-02-01,12 months,automatic,30 days" for number in range(21))
    head = "reference,counterparty,kind,owner,effective_on,term,renewal,notice_period"
    longstop("import", file("\n".join((head, *rows)), "register.csv"))
    told = longstop("playbook", "apply", file(), "--json", expect=2).document
    assert "messages would leave within a day" in told["detail"]
    assert "--yes" in told["remedy"]
    assert longstop("playbook", "show", "default", "--json").item["version"] == 1
    longstop("playbook", "apply", file(), "--yes")
    assert longstop("playbook", "show", "default", "--json").item["version"] == 2


def test_a_file_with_errors_is_neither_planned_nor_applied(longstop, file):
    path = file(QUIETER.replace("playbook: default", "playbook: default\ncolour: red"))
    for operation in ("plan", "apply"):
        told = longstop("playbook", operation, path, "--json", expect=5).document
        assert [one["code"] for one in told["errors"]] == ["E1"]


@pytest.mark.parametrize("text", ["", "# not yet\n", "---\n---\n"])
def test_a_file_without_a_playbook_is_said_to_be_the_wrong_one(longstop, file, text):
    path = file(text)
    found = longstop("playbook", "check", path, "--json", expect=5).items
    assert [(one["code"], one["message"]) for one in found] == [("E0", "It holds no playbook.")]
    for operation in ("plan", "apply"):
        told = longstop("playbook", operation, path, "--json", expect=5).document
        assert [one["message"] for one in told["errors"]] == ["It holds no playbook."]


def test_playbooks_between_which_nobody_could_choose_are_refused(longstop, file):
    rival = QUIETER.replace("playbook: default", "playbook: rival\nmatch: {milestone: [audit, evidence]}")
    told = longstop("playbook", "apply", file(rival), "--json", expect=5).document
    assert [one["code"] for one in told["errors"]] == ["E8"]


def test_legal_may_apply_and_others_may_only_look(longstop, file):
    longstop("playbook", "apply", file(), "--as", "olga@example.com", expect=4)
    longstop("playbook", "apply", file(), "--as", "leo@example.com")


def test_a_file_that_is_not_there_is_wrong_usage(longstop, tmp_path):
    longstop("playbook", "plan", tmp_path / "none.yaml", expect=2)
    (tmp_path / "latin.yaml").write_bytes("playbook: größer".encode("latin-1"))
    longstop("playbook", "plan", tmp_path / "latin.yaml", expect=2)
