"""The pipe between a process at work and the one in which it lets a file be taken in: words, errors, early ends."""

import io
import pickle

import pytest
import structlog

from engine.intake.findings import NoSuchSheet
from engine.uploading import apart
from engine.uploading.task import ImportBroken

CELL = "Acme pays 4,000,000"


def said(do, asked="a task"):
    """What the other end says, and the status with which it ends."""
    words = io.BytesIO()
    status = apart.answer(io.BytesIO(pickle.dumps(asked)), words, do)
    return words.getvalue(), status


def asked(folder, words, heard=lambda _done, _of: None):
    """What comes of an end that says *words*, whatever it is asked."""
    (folder / "words").write_bytes(words)
    return apart.ask(["sh", "-c", f"cat >/dev/null; cat {folder / 'words'}"], "a task", heard)


def test_how_far_it_is_comes_back_in_order_and_then_the_answer(tmp_path):
    def do(task, heard):
        heard(200, 300)
        heard(300, 300)
        return {"task": task}

    words, status = said(do)
    far = []
    assert asked(tmp_path, words, lambda done, of: far.append((done, of))) == {"task": "a task"}
    assert (far, status) == ([(200, 300), (300, 300)], 0)


def test_an_error_is_the_same_error_on_this_side(tmp_path):
    error = NoSuchSheet("register.xlsx", "Contracts", ("Suppliers",))

    def do(_task, _heard):
        raise error

    words, status = said(do)
    with pytest.raises(NoSuchSheet) as found:
        asked(tmp_path, words)
    assert status == 0
    assert (vars(found.value), found.value.args) == (vars(error), error.args)
    assert (str(found.value), found.value.code) == (str(error), error.code)


def test_what_nobody_foresaw_is_told_without_its_text(tmp_path):
    def do(_task, heard):
        heard(200, 300)
        raise KeyError(CELL)

    with structlog.testing.capture_logs() as logged:
        words, status = said(do)
        with pytest.raises(ImportBroken):
            asked(tmp_path, words)
    assert status == 1
    assert [line["event"] for line in logged] == ["an import failed", "an import ended before it was done"]
    assert logged[0]["why"].startswith("KeyError in test_uploading_apart.py:")
    assert CELL not in str(logged)


@pytest.mark.parametrize("command", ["exit 0", "exit 3", "kill -9 $$", "cat >/dev/null; kill -9 $$"])
def test_a_process_that_ends_without_a_last_word_has_broken(command):
    with pytest.raises(ImportBroken):
        apart.ask(["sh", "-c", command], "a task" * 100_000, lambda _done, _of: None)


def test_a_word_that_breaks_off_is_no_answer(tmp_path):
    words, _ = said(lambda _task, _heard: {"rows": list(range(1000))})
    with pytest.raises(ImportBroken):
        asked(tmp_path, words[:-10])


def test_who_finds_nobody_to_tell_stops_there():
    done = []

    def do(_task, heard):
        for number in range(10):
            heard(number, 10)
            done.append(number)

    class Gone(io.BytesIO):
        def flush(self):
            if len(done) == 3:
                raise BrokenPipeError

    status = apart.answer(io.BytesIO(pickle.dumps("a task")), Gone(), do)
    assert (done, status) == ([0, 1, 2], 1)
