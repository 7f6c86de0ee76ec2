"""Where somebody chooses a password of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from web.frame.viewer import Viewer


def password_address(viewer: Viewer, token: str) -> str:
    """The whole address of a link, as it is sent to somebody."""
    base = viewer.site.base_url or str(viewer.request.base_url)
    return f"{base.rstrip('/')}/password/{token}"
