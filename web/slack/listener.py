"""Slack over a socket: nothing of ours has to be reachable from outside.

Each envelope is acknowledged after what it asks for was committed, and not at all where it could not be: Slack then
tells the person, or sends it again, and the inbox knows a repeat
(https://docs.slack.dev/apis/events-api/using-socket-mode).
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import structlog

from web.slack.door import COMMAND, EVENT, INTERACTION

if TYPE_CHECKING:
    from slack_sdk.socket_mode.builtin import SocketModeClient
    from slack_sdk.socket_mode.client import BaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

    from web.slack.door import SlackDoor

log = structlog.get_logger(__name__)
_KINDS: Final = {"interactive": INTERACTION, "slash_commands": COMMAND, "events_api": EVENT}
_WORKERS: Final = 4
_TIMEOUT: Final = 15  # seconds
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0  # seconds


class SlackListener:
    """Listens until it is closed; reconnects by itself."""

    def __init__(self, door: SlackDoor, *, app_token: str, api_url: str = "") -> None:
        self._door, self._app_token, self._api_url = door, app_token, api_url
        self._client: SocketModeClient | None = None
        self._closed = threading.Event()
        self._afterwards = ThreadPoolExecutor(_WORKERS, thread_name_prefix="slack-after")

    def start(self) -> None:
        """Connect in the background; while Slack cannot be reached it is tried again."""
        threading.Thread(target=self._connect, name="slack-socket", daemon=True).start()

    def close(self) -> None:
        """Take nothing more, and finish what was begun."""
        self._closed.set()
        if self._client is not None:
            self._client.close()
        self._afterwards.shutdown(cancel_futures=True)

    def _connect(self) -> None:
        """Until the first connection stands; from then on the client itself mends what breaks."""
        self._client = client = self._made()
        wait = _FIRST_WAIT
        while not self._closed.is_set():
            try:
                client.connect()
            except Exception as error:  # noqa: BLE001 - whatever is in the way, it may be gone in a while
                log.warning("slack's socket cannot be opened yet", why=type(error).__name__)
            else:
                if self._closed.is_set():  # closed while it connected: the client had nothing to close yet
                    client.close()
                return
            self._closed.wait(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    def _made(self) -> SocketModeClient:
        from slack_sdk import WebClient
        from slack_sdk.socket_mode.builtin import SocketModeClient

        quiet = logging.getLogger("longstop.slack.socket")
        quiet.disabled = True  # what it logs holds what people typed
        url = f"{self._api_url.rstrip('/')}/" if self._api_url else WebClient.BASE_URL
        web = WebClient(base_url=url, logger=quiet, timeout=_TIMEOUT)
        client = SocketModeClient(app_token=self._app_token, web_client=web, logger=quiet, concurrency=_WORKERS)
        client.socket_mode_request_listeners.append(self._heard)
        return client

    def _heard(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        from slack_sdk.socket_mode.response import SocketModeResponse

        kind = _KINDS.get(request.type)
        if kind is None:
            return
        try:
            reply = self._door.handle(kind, _payload(request.payload))
        except Exception as error:  # noqa: BLE001 - not acknowledged: Slack sends it again
            log.error("slack could not be answered", kind=kind, why=type(error).__name__)  # noqa: TRY400 - may hold texts
            return
        body = dict(reply.body) if reply.body is not None and request.accepts_response_payload else None
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=body))
        if reply.after is not None:
            self._afterwards.submit(reply.after)


def _payload(payload: Any) -> dict[str, Any]:  # noqa: ANN401 - the SDK's own
    return payload if isinstance(payload, dict) else {}
