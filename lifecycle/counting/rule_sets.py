"""Rule sets: how a law counts days and what it does about closed ones. One table, nothing else.

Not verified against the official texts: Regulation 1182/71 and the committee note on the FRCP.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from lifecycle.days.dates import Counting, Period, Roll
from lifecycle.errors import UnknownName


class MonthsBack(StrEnum):
    """Which of the two results of months counted back is the ordinary one; the other stays arguable."""

    SUBTRACT = "subtract"  # the corresponding day
    FITS = "fits"  # the latest day from which the whole period fits


@dataclass(frozen=True, slots=True)
class RuleSet:
    """How a law counts.

    *admits* are the countings back that can be argued where none is stated, *admits_at_least* those of "at least".
    A period of days alone, up to *short_days*, counts business days (CPR 2.8(4)). A period of two days or more ends no
    earlier than on business day number *least_business_days* (Reg. 1182/71 art. 3(5)).
    """

    name: str
    forward_roll: Roll
    backward_roll: Roll
    counting: Counting
    counting_at_least: Counting
    admits: tuple[Counting, ...]
    admits_at_least: tuple[Counting, ...]
    arguable_roll: Roll
    months_back: MonthsBack = MonthsBack.SUBTRACT
    short_days: int = 0
    least_business_days: int = 0

    def counted(self, period: Period) -> Period:
        """*period* as it is counted here: a short one, of days alone, in business days."""
        if 0 < period.days <= self.short_days and period == Period(days=period.days):
            return Period(business_days=period.days)
        return period

    def countings_back(self, *, at_least: bool) -> tuple[Counting, ...]:
        """What may be argued of a counting back where none is stated, the ordinary one first."""
        ordinary, admitted = (
            (self.counting_at_least, self.admits_at_least) if at_least else (self.counting, self.admits)
        )
        return admitted if admitted[0] is ordinary else tuple(dict.fromkeys((ordinary, *admitted)))


_PLAIN, _CLEAR = Counting.PLAIN, Counting.CLEAR

US_CONTRACT = RuleSet(
    "us-contract",
    forward_roll=Roll.NONE,
    backward_roll=Roll.NONE,
    counting=_PLAIN,
    counting_at_least=_PLAIN,
    admits=(_PLAIN,),
    admits_at_least=(_PLAIN, _CLEAR),
    arguable_roll=Roll.FOLLOWING,
)
FRCP_6A = RuleSet(
    "frcp-6a",
    forward_roll=Roll.FOLLOWING,
    backward_roll=Roll.PRECEDING,
    counting=_PLAIN,
    counting_at_least=_PLAIN,
    admits=(_PLAIN,),
    admits_at_least=(_PLAIN,),
    arguable_roll=Roll.PRECEDING,
)
ENGLAND_CONTRACT = RuleSet(
    "england-contract",
    forward_roll=Roll.NONE,
    backward_roll=Roll.NONE,
    counting=_PLAIN,
    counting_at_least=_CLEAR,
    admits=(_PLAIN, _CLEAR),
    admits_at_least=(_PLAIN, _CLEAR),
    arguable_roll=Roll.NONE,
)
CPR_2_8 = RuleSet(
    "cpr-2.8",
    forward_roll=Roll.FOLLOWING,
    backward_roll=Roll.NONE,
    counting=_CLEAR,
    counting_at_least=_CLEAR,
    admits=(_CLEAR,),
    admits_at_least=(_CLEAR,),
    arguable_roll=Roll.NONE,
    short_days=5,
)
BGB = RuleSet(
    "bgb",
    forward_roll=Roll.FOLLOWING,
    backward_roll=Roll.NONE,
    counting=_PLAIN,
    counting_at_least=_PLAIN,
    admits=(_PLAIN,),
    admits_at_least=(_PLAIN,),
    arguable_roll=Roll.NONE,
    months_back=MonthsBack.FITS,
)
EU_1182_71 = RuleSet(
    "eu-1182-71",
    forward_roll=Roll.FOLLOWING,
    backward_roll=Roll.NONE,
    counting=_PLAIN,
    counting_at_least=_PLAIN,
    admits=(_PLAIN,),
    admits_at_least=(_PLAIN,),
    arguable_roll=Roll.NONE,
    least_business_days=2,
)
ISDA = RuleSet(
    "isda",
    forward_roll=Roll.MODIFIED_FOLLOWING,
    backward_roll=Roll.PRECEDING,
    counting=_PLAIN,
    counting_at_least=_PLAIN,
    admits=(_PLAIN,),
    admits_at_least=(_PLAIN,),
    arguable_roll=Roll.PRECEDING,
)

RULE_SETS: Mapping[str, RuleSet] = MappingProxyType(
    {rules.name: rules for rules in (US_CONTRACT, FRCP_6A, ENGLAND_CONTRACT, CPR_2_8, BGB, EU_1182_71, ISDA)}
)


def rule_set(name: str) -> RuleSet:
    """The rule set of that *name*; raises UnknownName."""
    if rules := RULE_SETS.get(name.strip().lower()):
        return rules
    raise UnknownName("rule set", name, tuple(RULE_SETS))
