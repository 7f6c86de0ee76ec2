"""Calls of Slack's Web API: each leaves at most once, and every end is a value.

The SDK's own retries are switched off: with them a post whose connection drops after it was taken is posted twice, and
told as one success. Its log is switched off as well: it would hold what messages say.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lifecycle.delivery import InDoubt
from notifiers.slack import codes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from slack_sdk import WebClient

    from notifiers.slack.codes import Trouble

API_URL: Final = "https://slack.com/api/"
_PAGE: Final = 200
_MOST_PAGES: Final = 500  # a cursor that never ends is not followed for ever


@dataclass(frozen=True, slots=True)
class Said:
    """What Slack answered to a call that it took."""

    data: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declined:
    """What Slack answered to a call that it did not take, or that broke: the code ("" if none), and what it means."""

    code: str
    trouble: Trouble


class SlackClient:
    """The Web API of one workspace. Safe for many threads; *timeout* is seconds for one socket operation."""

    def __init__(self, token: str, *, api_url: str = "", timeout: float = 15.0) -> None:
        self._token, self._url, self._timeout = token, f"{(api_url or API_URL).rstrip('/')}/", timeout
        self._made: WebClient | None = None

    def tell(self, method: str, **said: Any) -> Said | Declined:  # noqa: ANN401 - whatever the method takes
        """A call that changes something."""
        return self._call(method, json=said)

    def ask(self, method: str, **said: Any) -> Said | Declined:  # noqa: ANN401 - whatever the method takes
        """A call that changes nothing. Slack reads the arguments of such methods from a form alone."""
        return self._call(method, params=said)

    def pages(self, method: str, **said: Any) -> Iterator[Said | Declined]:  # noqa: ANN401 - whatever the method takes
        """Every page of a list; a page that does not come is the last."""
        cursor = ""
        for _ in range(_MOST_PAGES):
            page = self.ask(method, limit=_PAGE, **({"cursor": cursor} if cursor else {}), **said)
            yield page
            cursor = _next_cursor(page)
            if not cursor:
                return
        yield Declined("", InDoubt("the list has no end"))

    def _call(self, method: str, **arguments: Any) -> Said | Declined:  # noqa: ANN401 - the SDK's own
        from slack_sdk.errors import SlackApiError

        try:
            answer = self._client().api_call(method, **arguments)
        except SlackApiError as error:
            return _declined(error.response)
        except Exception as error:  # noqa: BLE001 - S2: the kind of exception says whether the request was written
            return Declined("", codes.of_exception(error))
        data = answer.data
        return (
            Said(data, answer.headers)
            if isinstance(data, dict)
            else Declined("", codes.of_answer(answer.status_code, "", {}))
        )

    def _client(self) -> WebClient:
        if self._made is None:
            from slack_sdk import WebClient

            self._made = WebClient(
                self._token,
                base_url=self._url,
                timeout=self._timeout,  # type: ignore[arg-type] # urllib takes parts of a second
                retry_handlers=[],
                logger=_silent(),
            )
        return self._made


def _declined(answer: Any) -> Declined:  # noqa: ANN401 - the SDK gives its errors' answers no type
    data = answer.data if isinstance(answer.data, dict) else {}
    code = str(data.get("error", ""))
    return Declined(code, codes.of_answer(int(answer.status_code), code, answer.headers))


def _next_cursor(page: Said | Declined) -> str:
    if isinstance(page, Declined):
        return ""
    return str((page.data.get("response_metadata") or {}).get("next_cursor") or "")


def _silent() -> logging.Logger:
    logger = logging.getLogger("notifiers.slack.sdk")
    logger.setLevel(logging.CRITICAL)
    return logger
