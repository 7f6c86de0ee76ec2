"""A process that is told to end ends, whatever it waits for, and however often it is told."""

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
