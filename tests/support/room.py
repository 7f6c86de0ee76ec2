"""A disk that is full, for a while."""

import resource
from contextlib import contextmanager


@contextmanager
def little_room(size=4096):
    """As on a disk with a page left: no file of this process gets longer than so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
