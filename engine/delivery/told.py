"""One message's destination, and how the other side is known in it.

What is for the other side is marked by a ``>`` in the name under which a message exists once: ``olga>jane@acme.net``
is for Olga to pass on, ``>jane@acme.net`` goes to Jane by ourselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lifecycle.delivery import Delivery, DeliveryKind
from notifiers.wording import external_line

if TYPE_CHECKING:
    from lifecycle.people import Person
    from notifiers.sheet import Deadline

_OUTWARDS: Final = ">"
#: How many parts of a message's name stand behind whom it is for: its channel, and of a step how many fallbacks.
_BEHIND_WHO: Final = {DeliveryKind.STEP: 2, DeliveryKind.CHANGED: 1}


class Told(NamedTuple):
    """One message's destination. *forward_to* is the contact to whom the owner is asked to pass it on.

    *stands_in_for* is the id of somebody who is away.
    """

    person: Person | None
    channel: str
    address: str
    forward_to: str = ""
    stands_in_for: str | None = None
    is_external: bool = False  # somebody of the other side, to whom we write ourselves

    @property
    def key(self) -> str:
        """Who it is, for the name under which a message exists once."""
        who = self.person.id if self.person else self.address
        if self.is_external:
            return f"{_OUTWARDS}{who}"
        return f"{who}{_OUTWARDS}{self.forward_to}" if self.forward_to else who


def told_by(one: Delivery, person: Person | None) -> Told:
    """The destination of a message as it was when it was written; *person* is whom it is for, if they are there."""
    told = Told(person, one.channel, one.address)
    behind = _BEHIND_WHO.get(one.kind)
    if behind is None or _OUTWARDS not in one.dedupe_key:
        return told
    who, _, outside = one.dedupe_key.rsplit(":", behind)[0].rpartition(":")[2].partition(_OUTWARDS)
    return told._replace(forward_to=outside) if who else told._replace(is_external=True)


def told_now(one: Delivery, person: Person | None) -> Told:
    """As ``told_by``, at the address that *person* has by now: what follows a message is not to go to their old one."""
    told = told_by(one, person)
    return told if person is None else told._replace(address=person.email)


def reader_of(one: Delivery) -> tuple[str, str]:
    """Channel and person, whatever their address was; or channel and address, where it is nobody's."""
    return one.channel, one.recipient_id or one.address


def is_outwards(one: Delivery) -> bool:
    """Whether a message goes to somebody of the other side."""
    return one.recipient_id is None and told_by(one, None).is_external


def pass_on(told: Told, deadline: Deadline) -> str:
    """What the reader is asked to say to the other side."""
    whom = told.forward_to if "@" in told.forward_to else f"their contact for {told.forward_to}"
    return f"\nPlease pass this on to {whom}, in your own name:\n{external_line(deadline)}"
