"""Whom the rights of files hold back: on Linux root is held back by none."""

import ctypes
import os
import threading

_VERSION_3 = 0x20080522  # capget(2)
_OVERRIDES = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


def as_anybody(do):
    """What *do* answers, done by somebody for whom the rights of files hold; what it raises is raised here."""
    found = {}

    def run():
        try:
            if os.geteuid() == 0:
                _give_up_overriding()
            found["answer"] = do()
        except BaseException as error:  # noqa: BLE001 - handed on
            found["error"] = error

    thread = threading.Thread(target=run)  # what a thread gives up nobody else loses
    thread.start()
    thread.join()
    if "error" in found:
        raise found["error"]
    return found["answer"]


def _give_up_overriding():
    libc = ctypes.CDLL(None, use_errno=True)
    header, words = (ctypes.c_uint32 * 2)(_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    for call in (libc.capget, libc.capset):
        assert call(header, words) == 0, os.strerror(ctypes.get_errno())
        for place in range(3):  # effective, permitted, inheritable
            words[place] &= ~_OVERRIDES
