"""The end of shadow mode as somebody asks for it: what the settings say only the settings end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.delivery import shadow
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from web.frame.viewer import Viewer


class SettingsDecide(LifecycleError):
    """Shadow mode is the settings' choice."""

    code = "settings-decide"

    def __init__(self) -> None:
        super().__init__(
            "The settings say shadow mode.", remedy="Set LONGSTOP_SHADOW_MODE=false and start Longstop again."
        )


def ended(viewer: Viewer, *, is_dry_run: bool = False) -> int | None:
    """How many messages that were held are looked at now; None: the house begins anew, and looks at all of them.

    Raises SettingsDecide, OSError.
    """
    if not viewer.monitor.house.shadow_mode:
        with viewer.work(is_dry_run=is_dry_run) as work:
            return shadow.release(work)
    site = viewer.site
    if site.operator.is_shadow_set or not shadow.is_restored(site.data_dir):
        raise SettingsDecide
    if not is_dry_run:
        shadow.end(site.data_dir, person_id=viewer.person.id)
        site.begin_anew()
    return None
