"""What the document of an agreement does not say, as a column: gaps are counted without reading a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lifecycle.findings.of_silence import CRITICAL
from lifecycle.terms.terms import RenewalKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.agreements.agreement import Agreement

NO_NOTICE_RULE: Final = "no-notice-rule"
NO_RENEWAL_RULE: Final = "no-renewal-rule"
NO_EXIT_PLAN: Final = "no-exit-plan"
_GOES_ON: Final = frozenset({RenewalKind.AUTOMATIC, RenewalKind.BY_OPTION})
_OF_RENEWAL: Final = frozenset({"renewal", "end"})  # the fields that say whether and when it ends


def lacks(agreement: Agreement) -> str:
    """The names of what is not said, apart by blanks; whether that matters follows from its status too."""
    return " ".join(_lacks(agreement))


def _lacks(agreement: Agreement) -> Iterator[str]:
    provisions = agreement.provisions
    has_a_way_out = provisions.notices or provisions.for_convenience
    if not has_a_way_out and provisions.renewal.kind in _GOES_ON:
        yield NO_NOTICE_RULE
    if not _OF_RENEWAL.isdisjoint(agreement.assumed):
        yield NO_RENEWAL_RULE
    if agreement.exit is None and CRITICAL in {tag.casefold() for tag in agreement.tags}:
        yield NO_EXIT_PLAN
