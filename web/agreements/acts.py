"""What somebody may do with an agreement where it stands now: the entries of its menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lifecycle.agreements.status import RUNNING, UNSIGNED, Status
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act, Standing, may

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.people import Person

_S = Status
_ANY: Final = frozenset(Status)


class Entry(NamedTuple):
    """An operation: the last part of its address, what it is called, which right it needs, when it is possible."""

    name: str
    label: str
    act: Act
    statuses: frozenset[Status]


ENTRIES: Final = (
    Entry("request-signature", "Send for signature", Act.REGISTER, frozenset({_S.DRAFT})),
    Entry("sign", "Record the signature", Act.REGISTER, UNSIGNED),
    Entry("give-notice", "Record a notice", Act.GOVERN, frozenset({_S.IN_FORCE})),
    Entry("revoke-notice", "Take the notice back", Act.GOVERN, frozenset({_S.UNDER_NOTICE})),
    Entry("renew", "Renew", Act.GOVERN, frozenset({_S.IN_FORCE})),
    Entry("amend", "Amend", Act.REGISTER, _ANY),
    Entry("add-obligation", "Add an obligation", Act.REGISTER, _ANY),
    Entry("disclose", "Record a disclosure", Act.REGISTER, _ANY),
    Entry("restrict", "Who may see it", Act.GOVERN, _ANY),
    Entry("terminate", "Terminate", Act.GOVERN, RUNNING),
    Entry("abandon", "Abandon", Act.REGISTER, UNSIGNED),
    Entry("archive", "Archive", Act.GOVERN, _ANY),
)
RESTORE: Final = Entry("restore", "Take back from the archive", Act.GOVERN, _ANY)
_ALSO: Final = (
    RESTORE,
    Entry("amend-obligation", "Amend an obligation", Act.REGISTER, _ANY),
    Entry("end-obligation", "End an obligation", Act.REGISTER, _ANY),
    Entry("request-return", "Ask to have it back", Act.REGISTER, _ANY),
    Entry("withdraw-disclosure", "Withdraw a disclosure", Act.REGISTER, _ANY),
)
#: What another part of the page leads to, with what it is about filled in.
LED_TO: Final = frozenset({"amend-obligation", "end-obligation", "request-return", "withdraw-disclosure"})
BY_NAME: Final = {one.name: one for one in (*ENTRIES, *_ALSO)}


class NotNow(LifecycleError):
    """An operation that is not possible where the agreement stands."""

    code = "illegal-transition"

    def __init__(self, agreement: Agreement, label: str) -> None:
        super().__init__(
            f"{agreement.reference} is {_where(agreement, label)}: “{label}” is not possible.",
            remedy="Its page offers what is.",
        )


def _where(agreement: Agreement, label: str) -> str:
    if agreement.is_archived or label == RESTORE.label:
        return "in the archive" if agreement.is_archived else "not in the archive"
    return "a draft" if agreement.status is _S.DRAFT else agreement.status.value.replace("_", " ")


def standing_of(person: Person, agreement: Agreement) -> Standing:
    """How somebody stands to an agreement."""
    return Standing(is_own=person.id in {agreement.owner_id, agreement.backup_id})


def possible(person: Person, agreement: Agreement) -> Iterator[Entry]:
    """The entries for somebody; of what is archived only the way back."""
    how = standing_of(person, agreement)
    for entry in (RESTORE,) if agreement.is_archived else ENTRIES:
        if agreement.status in entry.statuses and may(person.role, entry.act, how):
            yield entry
