"""A client of an application in this process. All of them share one event loop: starting one for every request, as the
test client does by itself, takes as long as what is asked."""

import atexit
from contextlib import ExitStack
from functools import cache

from anyio.from_thread import start_blocking_portal
from starlette.testclient import TestClient


class Client(TestClient):
    """``Client(app, base_url=...)``; of an application that starts nothing, since nobody tells it that it starts."""

    def __init__(self, app, **said):
        super().__init__(app, **said)
        self.portal = _loop()


@cache
def _loop():
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(start_blocking_portal())
