"""What mail has arrived when all is over, against what the register says of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Ids are those of messages about a step."""

    owed: int  # but for what was told to somebody instead
    lost: list[str]
    copied: dict[str, int]  # those with more than one copy: how many beyond the first
    unlike: list[str]  # of which one copy is not the others, byte for byte
    unexplained: list[str]  # with more copies than doubts were written down
    doubts: int
    elsewhere: int  # told to somebody else as well

    def told(self):
        """In a sentence."""
        copies = f"{len(self.copied)} more than once ({sum(self.copied.values())} copies)"
        told = f"{self.doubts} doubts, {self.elsewhere} told to somebody else as well"
        return f"{self.owed} mails, {len(self.lost)} lost, {copies}, {told}"


def arrived(register):
    """Compare what the mail server of a RealRegister holds with its messages."""
    held, doubts, rows = register.copies(), register.doubts(), register.rows()
    copied = {name: len(copies) - 1 for name, copies in held.items() if len(copies) > 1}
    return Arrived(
        owed=sum(one.fallback_of is None for one in rows),
        lost=lost(rows, held),
        copied=copied,
        unlike=[name for name, copies in held.items() if len(set(copies)) > 1],
        unexplained=[name for name, number in copied.items() if number > doubts.get(name, 0)],
        doubts=sum(doubts.values()),
        elsewhere=len(replaced(rows, held) - {None}),
    )


def lost(rows, held):
    """Of *rows* those that nobody holds, and that were told to nobody else instead."""
    gone = replaced(rows, held)
    return [one.id for one in rows if one.fallback_of is None and one.id not in held and one.id not in gone]


def replaced(rows, held):
    """Whose place others of *rows* have taken, which somebody holds; None is among them."""
    return {one.fallback_of for one in rows if one.id in held}
