"""A real HTTP server that takes what is posted and answers as it was told to."""

from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from tests.support.listening import Listening


class Posted(NamedTuple):
    """One request as it came."""

    path: str
    headers: dict
    body: bytes


class WebServer(Listening):
    """Listens on 127.0.0.1. Use it in a ``with`` statement."""

    def __init__(self):
        self.posted = []
        self.answers = deque()  # (status, headers), or None: hang up without an answer; else 204
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.posted.append(Posted(self.path, headers, body))
                answer = outer.answers.popleft() if outer.answers else (204, {})
                if answer is None:
                    self.connection.close()
                    return
                status, said = answer
                self.send_response(status)
                for name, value in said.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
