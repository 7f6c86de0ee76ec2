"""How notice is sent, and how long its way usually takes (DATES.md N3, G21)."""

import re
from collections.abc import Mapping
from typing import Final

from engine.intake.headers import plain
from lifecycle.days.dates import Period
from lifecycle.terms.terms import DeliveryMethod

_AT_ONCE, _ONE_DAY, _TWO_DAYS = Period(), Period(business_days=1), Period(business_days=2)
_USUAL: Final[Mapping[Period, str]] = {
    _AT_ONCE: "email, e-mail, mail by email, electronic mail, fax, telefax, hand, by hand, hand delivery, "
    "personal delivery, "
    "in person, portal, persönlich, Bote per Hand, Textform",
    _ONE_DAY: "courier, overnight courier, messenger, express, Kurier, Bote",
    _TWO_DAYS: "post, mail, letter, first class post, registered post, registered mail, certified mail, "
    "recorded delivery, "
    "in writing, writing, Brief, Einschreiben, schriftlich, Schriftform",
}
_RECEIPTS: Final = {plain(word): receipt for receipt, words in _USUAL.items() for word in words.split(",")}


def delivery_method(text: str) -> tuple[DeliveryMethod, bool]:
    """The method that *text* names, and whether its usual time is known.

    Of several methods the slowest is reckoned with, so that the last safe day holds for each; an unknown one is
    reckoned as post.
    """
    names = [name for name in re.split(r"[,;/+&]|\b(?:or|and|oder|und|by|per|via)\b", text) if name.strip()]
    receipts = [_RECEIPTS.get(plain(name)) for name in names]
    known = [receipt for receipt in receipts if receipt is not None]
    is_known = len(known) == len(names) and bool(names)
    slowest = max((*known, *(() if is_known else (_TWO_DAYS,))), key=lambda receipt: receipt.business_days)
    return DeliveryMethod(text, slowest), is_known
