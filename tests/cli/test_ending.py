"""A process that is told to end ends, whatever it waits for, and however often it is told."""

import signal
import subprocess
import sys
import time

#: While a signal is heard another comes, at each step of that: somebody tells a process, and its whole group as well.
STUCK = """
import signal, sys, threading
from cli.listening import orderly

told = []
def meanwhile(frame, event, _):
    while frame and frame.f_code.co_filename != orderly.__wrapped__.__code__.co_filename:
        frame = frame.f_back
    if frame and frame.f_code.co_name == "end" and len(told) < 20:
        told.append(event)
        signal.raise_signal(signal.SIGTERM)

ended = threading.Event()
threading.Thread(target=lambda: threading.Event().wait()).start()
with orderly(ended, within=1.5):
    sys.setprofile(meanwhile)
    signal.raise_signal(signal.SIGTERM)
    sys.setprofile(None)
    ended.wait()
print("is over", bool(told), flush=True)
"""


def test_a_thread_that_waits_without_end_keeps_no_process_alive():
    began = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", STUCK], capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, ended.stdout) == (0, "is over True\n")
    assert "the next start finds out what it was at." in ended.stderr
    assert time.monotonic() - began > 1, "what can end in order has time for it"


def test_who_reads_no_more_of_an_answer_makes_no_failure(tmp_path):
    words = [sys.executable, "-m", "cli", "--data-dir", str(tmp_path), "config", "docs"]
    for _ in range(3):
        asked = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        asked.stdout.close()
        said = asked.stderr.read()
        asked.stderr.close()
        assert (asked.wait(timeout=30), said) == (0, "")


def test_an_import_that_is_interrupted_says_what_is_kept(tmp_path):
    rows = "".join(f"B-{number},Acme,NDA,2026-02-01,12 months,automatic,60 days\n" for number in range(20_000))
    file = tmp_path / "big.csv"
    file.write_text(f"reference,counterparty,kind,effective_on,term,renewal,notice_period\n{rows}")
    words = [sys.executable, "-m", "cli", "--data-dir", str(tmp_path / "data"), "import", str(file)]
    asked = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "data" / "longstop.db").exists():
        time.sleep(0.1)
    time.sleep(3)
    asked.send_signal(signal.SIGINT)
    out, said = asked.communicate(timeout=60)
    assert (asked.returncode, out) == (130, "")
    assert said.splitlines()[0] == "Error: The import of big.csv was interrupted; what was taken in so far is kept."
