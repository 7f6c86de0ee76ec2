"""What does not fit together in what was disclosed, what it is worth, and whose it is: findings as in ``findings``.

Each says what is wrong on *today*'s knowledge; a disclosure that was unprotected on its day stays so, also when the
agreement was signed later, until somebody accepts it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from lifecycle.agreements.agreement import Agreement, AgreementKind, first_day, terms_of
from lifecycle.agreements.disclosures import Disclosure, unprotected
from lifecycle.agreements.status import OVER, RUNNING
from lifecycle.assets.asset import Asset, Ownership
from lifecycle.assets.protection import last_certain_day, longest
from lifecycle.findings.finding import Finding
from lifecycle.terms.renewals import term_on
from lifecycle.words import spoken

_WORKS: Final = frozenset({AgreementKind.SOW, AgreementKind.SUBCONTRACT})
_WHOSE: Final[Mapping[Ownership, str]] = {
    Ownership.THIRD_PARTY: "belongs to a third party",
    Ownership.JOINT: "is owned jointly",
}


def asset_findings(agreements: Sequence[Agreement], assets: Sequence[Asset], today: date) -> tuple[Finding, ...]:
    """All findings about disclosures, assets and work results, those of agreements first.

    *agreements* are all that may be spoken of; an asset of which another agreement says more is left out.
    """
    by_id = {one.id: one for one in agreements}
    by_reference = {one.reference: one for one in agreements}
    found = [one for each in agreements for one in _of_disclosures(each)]
    found += [one for each in agreements for one in _of_results(each, by_reference.get(each.parent))]
    for asset in assets:
        if not asset.is_retired and all(one in by_id for one in asset.agreements):
            found += findings_of(asset, [by_id[one] for one in asset.agreements], today)
    return tuple(found)


def findings_of(asset: Asset, covering: Sequence[Agreement], today: date) -> tuple[Finding, ...]:
    """The findings about one asset; *covering* are all agreements that cover it."""
    return tuple(_of_asset(asset, covering, today))


def _of_disclosures(agreement: Agreement) -> Iterator[Finding]:
    for one in agreement.disclosures:
        if one.counts and (why := unprotected_why(agreement, one)):
            began_on = first_day(agreement)
            is_early = began_on is None or one.given_on < began_on
            code = "disclosed-before-signature" if is_early else "disclosed-after-end"
            text = f"{one.what} was disclosed on {spoken(one.given_on)} under {agreement.reference}: {_lower(why)}"
            yield Finding(code, (agreement.reference,), one.given_on, text)


def unprotected_why(agreement: Agreement, one: Disclosure) -> str | None:
    """Why the agreement did not protect a disclosure on its day; None where it did."""
    terms = terms_of(agreement)
    return unprotected(
        one.given_on,
        signed_on=agreement.signed_on,
        effective_on=agreement.effective_on,
        last_on=last_certain_day(terms) if terms else None,
    )


def _of_results(agreement: Agreement, parent: Agreement | None) -> Iterator[Finding]:
    """Whoever has work done says whose the results are: in the agreement itself, or in the one that it hangs on."""
    is_live = agreement.status not in OVER and not agreement.is_archived
    if agreement.kind in _WORKS and is_live and not _says_whose(agreement) and not (parent and _says_whose(parent)):
        text = f"{agreement.reference} has work done, and no clause is recorded that says whose the results are."
        yield Finding("results-without-owner", (agreement.reference,), first_day(agreement), text)


def _says_whose(agreement: Agreement) -> bool:
    return bool(agreement.work_results)


def _of_asset(asset: Asset, covering: Sequence[Agreement], today: date) -> Iterator[Finding]:
    """What the other side owns it has to protect itself: nothing is found where no agreement of ours covers it."""
    about = tuple(one.reference for one in covering)
    if asset.holders and not any(one.status in RUNNING for one in covering):
        text = f"{', '.join(asset.holders)} has {asset.name}, and no agreement that covers it is in force."
        yield Finding("held-without-agreement", about, None, text)
    elif asset.ownership is not Ownership.THEM and (until_on := _covered_until(covering)) is not None:
        is_over = until_on < today
        when = "has been covered by nothing since" if is_over else "is covered by nothing after"
        yield Finding("asset-unprotected", about, until_on, f"{asset.name} {when} {spoken(until_on)}.")
    if asset.is_shared and asset.licence is None:
        text = f"{asset.name} {_WHOSE[asset.ownership]}, and no licence is recorded under which it may be used."
        yield Finding("no-licence", about, None, text)
    yield from _licence(asset, covering, today)


def _covered_until(covering: Sequence[Agreement]) -> date | None:
    """The last day of the longest cover; None where that has no end, or where nothing covers it."""
    protection = longest(covering)
    return protection.until_on if protection else None


def _licence(asset: Asset, covering: Sequence[Agreement], today: date) -> Iterator[Finding]:
    """A licence that ends before the work for which it is needed."""
    ends_on = asset.licence.ends_on if asset.licence else None
    if ends_on is None:
        return
    for one in covering:
        if one.kind is AgreementKind.LICENCE or one.status in OVER or one.is_archived:
            continue
        lasts = _lasts(one, today)
        if lasts is None:
            continue
        if lasts is date.max or lasts > ends_on:
            until = "goes on" if lasts is date.max else f"runs until {spoken(lasts)}"
            text = f"The licence of {asset.name} ends on {spoken(ends_on)}, but {one.reference} {until}."
            yield Finding("licence-ends-first", (one.reference,), ends_on, text)


def _lasts(agreement: Agreement, today: date) -> date | None:
    """The last day of its work as far as anybody knows; ``date.max`` where it goes on, None where it has no days."""
    terms = terms_of(agreement)
    if terms is None:
        return None
    last_on = last_certain_day(terms)
    if last_on is not None:
        return last_on
    return date.max if term_on(terms, max(today, terms.effective_on)) is not None else None


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
