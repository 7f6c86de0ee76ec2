"""What clauses say around a length without changing it: before the term ends, from the first day, "automatically".

Whoever fills in a register copies the paper: "at least sixty (60) days prior to the expiration of the then-current
term". Such words are taken away as a whole or not at all, by lists of words that are complete: one that is not among
them ("anniversary", "calendar year") may change the meaning, and then the cell is refused as it stands.
"""

import re
from typing import Final

from lifecycle.terms.terms import Anchor


def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD: Final = re.compile(r"\w+")
_BEFORE: Final = re.compile(
    r",?\s+(?:(?:prior|previous)\s+to|before|preceding|in\s+advance\s+of|ahead\s+of"
    r"|(?:effective|expiring|ending|to\s+expire|to\s+end)\s+(?:at|on|upon|as\s+of))\s+(?P<what>.+)",
    re.IGNORECASE,
)
_AN_END: Final = _words_of("expiration expiry end expires ends")
#: All that may be said of the end of a term; a "renewal date" is a day later, and whose "year" is meant nobody knows.
_OF_A_TERM: Final = _AN_END | _words_of(
    "the a an any each every such that its this said then current existing initial original renewal renewed extended "
    "extension additional subsequent successive applicable relevant respective scheduled date of or and the term terms "
    "period periods agreement contract hereof thereof in effect as case may be"
)
_NOTICE_OF: Final = re.compile(
    r"\bnotice\s+of\s+(?:(?:its|their|the)\s+)?(?:(?:intention|intent|election|decision)\s+)?"
    r"(?:not\s+to\s+renew|non-?renewal|termination|cancellation)\b",
    re.IGNORECASE,
)
_FRIST: Final = re.compile(
    r"(?:(?:mit|unter\s+(?:ein|be)haltung)\s+)?(?:(?:einer|der)\s+)?(?:kündigungs)?frist\s+von\s+", re.IGNORECASE
)
_FROM_START: Final = re.compile(
    r",?\s+(?:from|after|following|commencing(?:\s+on)?|starting(?:\s+on)?|beginning(?:\s+on)?)\s+(?:and\s+including\s+)?"
    r"(?:the\s+)?(?:effective|commencement|start)\s+date(?:\s+(?:of\s+this\s+agreement|hereof))?\.?"
    r"|\s+(?:ab|seit|nach)\s+(?:dem\s+)?(?:vertragsbeginn|inkrafttreten|laufzeitbeginn)\.?",
    re.IGNORECASE,
)
_BY_ITSELF: Final = re.compile(r"\bautomati|\btacit|\bstillschweigend|\bverlängert\s+sich\b", re.IGNORECASE)
_RENEWS: Final = re.compile(
    r"(?:(?:it|this\s+agreement|the\s+agreement|the\s+term)\s+)?(?:(?:shall|will|is|be)\s+)*"
    r"(?:(?:automatically|tacitly)\s+)?(?:be\s+)?(?:renew|extend)(?:s|ed)?\s+"
    r"(?:(?:automatically|tacitly)\s+)?(?:(?:for|by)\s+)?(?P<a>.+)"
    r"|(?:(?:der\s+vertrag|er|sie)\s+)?(?:verlängert\s+sich\s+)?(?:(?:automatisch|stillschweigend)\s+)*(?:jeweils\s+)?"
    r"um\s+(?:jeweils\s+)?(?P<b>.+)",
    re.IGNORECASE,
)
_FROM_ONE_TO_THE_NEXT: Final = re.compile(
    r"(?:(?:(?:shall|will)\s+)?continues?\s+(?:in\s+effect\s+)?)?(?:on\s+a\s+|from\s+)?"
    r"(?P<length>(?P<unit>week|month|quarter|year)[\s-]+to[\s-]+(?P=unit))(?:\s+basis)?(?:\s+thereafter)?",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(
    r"(?P<times>\w+(?:\s*\(\d+\))?)\s+(?P<length>\w+(?:\s*\(\d+\))?-(?:day|week|month|year)s?)"
    r"\s+(?:period|term|extension)s?",
    re.IGNORECASE,
)
_WEITERE: Final = re.compile(r"\bweitere[srnm]?\s+", re.IGNORECASE)
_AFTER: Final = re.compile(
    r"(?P<length>.+?),?\s+(?P<what>(?:after|from|following|beyond|as\s+of|counted\s+from|nach|ab|seit)\s+.+)",
    re.IGNORECASE,
)
_OF_A_DAY: Final = _words_of(
    "after from following beyond as of counted the a any each every such its this date day agreement contract hereof "
    "thereof term earlier for reason or and confidential information nach ab seit dem der des einer jeder jeweiligen "
    "vertrags vertrages tag"
)
#: What a day is called; the first of which all that is said is a part holds.
_ANCHORS: Final = (
    (Anchor.EACH_DISCLOSURE, _words_of("disclosure disclosures offenlegung")),
    (Anchor.LAST_DISCLOSURE, _words_of("last disclosure letzten offenlegung")),
    (Anchor.EFFECTIVE, _words_of("effective inkrafttreten vertragsbeginn")),
    (Anchor.EXPIRY, _words_of("expiry expiration ablauf")),
    (Anchor.TERMINATION, _words_of("termination expiration expiry end ende vertragsende beendigung ablauf")),
)


def of_notice(text: str) -> str:
    """The length of a notice without what it is a notice of and which end it lies before."""
    begin = _FRIST.match(text)
    bare = _NOTICE_OF.sub("notice", text[begin.end() if begin else 0 :])
    found = _BEFORE.search(bare)
    return bare[: found.start()] if found and _is_the_end(found["what"]) else bare


def of_term(text: str) -> str:
    """The length of a term that is said to begin with the effective day."""
    found = _FROM_START.search(text)
    return text[: found.start()] if found and found.end() == len(text) else text


def of_renewal(text: str) -> str:
    """The length of a renewal without the verb before it; "two five-year terms" are two additional ones."""
    if found := _FROM_ONE_TO_THE_NEXT.fullmatch(text):
        return found["length"]
    found = _RENEWS.fullmatch(text)
    bare = _WEITERE.sub("", found["a"] or found["b"]) if found else text
    several = _TIMES.fullmatch(bare)
    return f"{several['times']} additional {several['length']}" if several else bare


def renews_by_itself(text: str) -> bool:
    """Whether the words themselves say that nobody has to do anything."""
    return bool(_BY_ITSELF.search(text))


def of_survival(text: str) -> tuple[str, Anchor | None]:
    """The length of what outlives an agreement, and the day that it is counted from where one is said."""
    found = _AFTER.fullmatch(text)
    anchor = anchor_named(found["what"]) if found else None
    return (found["length"], anchor) if found and anchor else (text, None)


def anchor_named(text: str) -> Anchor | None:
    """The day that "after the expiration or termination of this Agreement" means."""
    said = _words(text) - _OF_A_DAY
    return next((anchor for anchor, names in _ANCHORS if said and said <= names), None)


def _is_the_end(text: str) -> bool:
    words = _words(text)
    return bool(words & _AN_END) and words <= _OF_A_TERM


def _words(text: str) -> frozenset[str]:
    """The words of *text*, and its numbers."""
    return frozenset(word.casefold() for word in _WORD.findall(text))
