"""A process that is told to end ends, whatever it waits for."""

import signal
import subprocess
import sys
import time

STUCK = """
import threading
from cli.listening import orderly
ended = threading.Event()
threading.Thread(target=lambda: threading.Event().wait()).start()
with orderly(ended, within=1.5):
    print("waits", flush=True)
    ended.wait()
print("is over", flush=True)
"""


def test_a_thread_that_waits_without_end_keeps_no_process_alive():
    started = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", STUCK], **started) as process:
        assert process.stdout.readline() == "waits\n"
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert process.stdout.readline() == "is over\n"
        try:
            out, err = process.communicate(timeout=15)
        finally:
            process.kill()
    assert (process.returncode, out) == (0, "")
    assert "the next start finds out what it was at." in err
    assert time.monotonic() - began > 1, "what can end in order has time for it"
