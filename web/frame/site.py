"""What the pages are made of, handed in once by the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from web.feeds.rendering import Style
from web.frame.operator import Operator

if TYPE_CHECKING:
    from engine.monitor import Monitor
    from web.govern.rules import Rules
    from web.oidc.issuer import Issuer

Networks = tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The pages of one house. *key* signs forms; *trusted* are proxies whose ``X-Forwarded`` headers count."""

    monitor: Monitor
    key: str
    data_dir: Path
    base_url: str = ""
    root_path: str = ""
    session_days: int = 14
    upload_most: int = 20 * 1024 * 1024  # bytes of a file
    patience: float = 30.0  # seconds for the next piece of a body
    trusted: Networks = ()
    auth_header: str = ""  # in which a proxy names the person
    auth_trusted: Networks = ()  # proxies whose *auth_header* counts
    issuer: Issuer | None = None  # the company's own sign-in
    is_demo: bool = False
    fixed: frozenset[str] = frozenset()  # choices of the house that the settings have made
    rules: Rules | None = None  # how playbooks and checklists are written; without it their pages are not there
    style: Style = field(default_factory=Style)  # of calendar feeds
    operator: Operator = field(default_factory=Operator)
    begin_anew: Callable[[], None] = lambda: None  # let what the first run has chosen hold
    intervals: Mapping[str, timedelta] = field(default_factory=dict)  # how long each job may go without being asked

    @property
    def organisation(self) -> str:
        return self.monitor.house.organisation

    @property
    def is_https(self) -> bool:
        """Whether people come by https, as far as the configuration says."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def cookie_path(self) -> str:
        return self.root_path or "/"
