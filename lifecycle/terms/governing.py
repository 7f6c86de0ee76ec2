"""Which notices govern a term: the most special clause wins, and each side has its own."""

from lifecycle.terms.course import found
from lifecycle.terms.provisions import AppliesTo, RenewalKind, Side, Terms


def sides_of(terms: Terms, number: int) -> tuple[tuple[int | None, Side], ...]:
    """The notices that govern term *number*, ours first, each with whose window it is: ours, or theirs alone."""
    kept, is_later = found(terms).chosen, number > 0
    if is_later not in kept:
        ours, theirs = (chosen(terms, side, number) for side in (Side.OURS, Side.THEIRS))
        alone = [index for index in theirs if index not in ours]
        kept[is_later] = (*((index, Side.OURS) for index in ours), *((index, Side.THEIRS) for index in alone))
    sides: tuple[tuple[int | None, Side], ...] = kept[is_later]
    return sides


def chosen(terms: Terms, side: Side, number: int) -> tuple[int | None, ...]:
    """The notices of *side* that govern term *number*, by their places; None stands for a signature."""
    match terms.renewal.kind:
        case RenewalKind.BY_AGREEMENT:
            return (None,)
        case RenewalKind.BY_OPTION if terms.renewal.holder not in {side, Side.EITHER}:
            return ()
        case RenewalKind.NEVER:
            return ()
        case _:
            return chosen_notices(terms, side, number)


def chosen_notices(terms: Terms, side: Side, number: int) -> tuple[int, ...]:
    """The most special notices: a clause about these terms beats one about all, then our own beats one for either."""
    special = AppliesTo.RENEWALS if number else AppliesTo.INITIAL
    ranked = [
        ((notice.applies_to is special, notice.side is side), index)
        for index, notice in enumerate(terms.notices)
        if notice.applies_to in {AppliesTo.ALL, special} and notice.side in {side, Side.EITHER}
    ]
    best = max((rank for rank, _ in ranked), default=None)
    return tuple(index for rank, index in ranked if rank == best)
