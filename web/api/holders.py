"""Lists of what hangs on agreements: on all that a search finds, or on one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.queries.agreement_lists import agreement_by_id
from store.queries.search import typed_search_of_agreements
from web.api.answers import OfAgreements, Paged
from web.api.bodies import Text

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from web.api.caller import Caller


class OnAgreements(Paged):
    """Of which agreements; *agreement_id* asks for those of one."""

    search: OfAgreements = ""
    agreement_id: Text = ""

    def holders(self, caller: Caller, work: Work) -> list[Agreement]:
        """Those that *caller* may see. Raises NotFound, SearchRefused."""
        if self.agreement_id:
            return [agreement_by_id(work, self.agreement_id, caller.person)]
        return list(caller.queries(work).agreements(typed_search_of_agreements(self.search)))
