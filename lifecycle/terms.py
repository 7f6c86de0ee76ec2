"""Terms: what the paper says about time, and the days that follow from it.

This is the front door. Values are in ``provisions``, the initial end in ``bounds``, terms in ``renewals``, notices in
``windows`` and ``sending``.
"""

from lifecycle.bounds import Bound
from lifecycle.provisions import (
    Anchor,
    AppliesTo,
    CountsAs,
    DeliveryMethod,
    EarlierOf,
    End,
    EndConvention,
    Ended,
    EndedHow,
    EndsAt,
    Extension,
    ForConvenience,
    Lasting,
    LaterOf,
    Notice,
    OpenEnded,
    Renewal,
    RenewalKind,
    Restriction,
    Side,
    Survival,
    Terms,
    Until,
    Upon,
)
from lifecycle.reckoning import Reckoning
from lifecycle.renewals import Term, count, initial_end, last_number, may_renew, prospective, term, term_on
from lifecycle.sending import counts_on, send_by
from lifecycle.term_readings import end_reading
from lifecycle.windows import Act, Window, WindowState, next_window, window_of, windows, windows_from, windows_of

__all__ = [
    "Act",
    "Anchor",
    "AppliesTo",
    "Bound",
    "CountsAs",
    "DeliveryMethod",
    "EarlierOf",
    "End",
    "EndConvention",
    "Ended",
    "EndedHow",
    "EndsAt",
    "Extension",
    "ForConvenience",
    "Lasting",
    "LaterOf",
    "Notice",
    "OpenEnded",
    "Reckoning",
    "Renewal",
    "RenewalKind",
    "Restriction",
    "Side",
    "Survival",
    "Term",
    "Terms",
    "Until",
    "Upon",
    "Window",
    "WindowState",
    "count",
    "counts_on",
    "end_reading",
    "initial_end",
    "last_number",
    "may_renew",
    "next_window",
    "prospective",
    "send_by",
    "term",
    "term_on",
    "window_of",
    "windows",
    "windows_from",
    "windows_of",
]
