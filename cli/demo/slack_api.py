"""The invented workspace as a server on this machine: it speaks the part of Slack's Web API that Longstop calls."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final, Self, cast
from urllib.parse import parse_qsl

from cli.demo.workspace import SlackRefusal

if TYPE_CHECKING:
    from types import TracebackType

    from cli.demo.workspace import Workspace

HOST: Final = "127.0.0.1"
TOKEN: Final = "xoxb-demo"  # noqa: S105 - it opens nothing but the invented workspace
_SCOPES: Final = (
    "channels:history,chat:write,commands,groups:history,im:history,im:write,metadata.message:read,users:read,"
    "users:read.email"
)
_PROMPT: Final = 0.05  # seconds until the end is noticed


class SlackApi:
    """The server, in a thread of its own; use it in a ``with`` statement."""

    def __init__(self) -> None:
        self.workspace: Workspace | None = None  # before there is one, Slack is not there yet
        self._server = _Server((HOST, 0), _Handler)
        self._server.api = self

    @property
    def url(self) -> str:
        """What ``LONGSTOP_SLACK_API_URL`` says."""
        return f"http://{HOST}:{self._server.server_address[1]}/api/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(_PROMPT,), name="slack-api", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, token: str, said: dict[str, Any]) -> dict[str, Any]:
        """What is answered to a call."""
        if self.workspace is None or token != TOKEN:
            return {"ok": False, "error": "invalid_auth"}
        try:
            return self.workspace.call(method, said)
        except SlackRefusal as refusal:
            return {"ok": False, "error": str(refusal)}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    api: SlackApi

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - its name
        """Whoever called did not wait for the answer."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """One call."""
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        api = cast("_Server", self.server).api
        told = json.dumps(api.answer(self.path.rpartition("/")[2], token, self._said())).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("X-OAuth-Scopes", _SCOPES)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - its name
        """Nothing: what was called stands in the workspace."""

    def _said(self) -> dict[str, Any]:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if "json" in self.headers.get("Content-Type", ""):
            return dict(json.loads(raw or "{}"))
        return {key: json.loads(value) if value[:1] in {"[", "{"} else value for key, value in parse_qsl(raw)}
