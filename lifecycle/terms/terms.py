"""Terms: what the paper says about time, and the days that follow from it.

This is the front door, and holds nothing itself. Values are in ``provisions``, the initial end in ``bounds``, terms in
``renewals``, notices in ``windows`` and ``sending``, leaving in ``leaving``, what outlives the terms in ``survivals``,
what is wrong with them in ``problems``.
"""

from lifecycle.terms.bounds import Bound, stated_end
from lifecycle.terms.leaving import EndNotPossible, deadline_for_end, earliest_end, end_if_noticed
from lifecycle.terms.problem_texts import Problem, ProblemKind
from lifecycle.terms.problems import checked, pin_problems, problems
from lifecycle.terms.provisions import (
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
from lifecycle.terms.reckoning import Reckoning
from lifecycle.terms.renewals import Term, count, initial_end, last_number, may_renew, prospective, term, term_on
from lifecycle.terms.sending import counts_on, send_by
from lifecycle.terms.sensitivity import sensitivity
from lifecycle.terms.survivals import RestrictionEnd, SurvivalEnd, restriction_ends, survival_ends, survives_until
from lifecycle.terms.term_readings import end_reading
from lifecycle.terms.windows import Act, Window, WindowState, next_window, window_of, windows, windows_from, windows_of

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
    "EndNotPossible",
    "Ended",
    "EndedHow",
    "EndsAt",
    "Extension",
    "ForConvenience",
    "Lasting",
    "LaterOf",
    "Notice",
    "OpenEnded",
    "Problem",
    "ProblemKind",
    "Reckoning",
    "Renewal",
    "RenewalKind",
    "Restriction",
    "RestrictionEnd",
    "Side",
    "Survival",
    "SurvivalEnd",
    "Term",
    "Terms",
    "Until",
    "Upon",
    "Window",
    "WindowState",
    "checked",
    "count",
    "counts_on",
    "deadline_for_end",
    "earliest_end",
    "end_if_noticed",
    "end_reading",
    "initial_end",
    "last_number",
    "may_renew",
    "next_window",
    "pin_problems",
    "problems",
    "prospective",
    "restriction_ends",
    "send_by",
    "sensitivity",
    "stated_end",
    "survival_ends",
    "survives_until",
    "term",
    "term_on",
    "window_of",
    "windows",
    "windows_from",
    "windows_of",
]
