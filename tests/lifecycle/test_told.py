"""What is told only when somebody asks."""

from dataclasses import dataclass, field

from lifecycle.counting.told import Told


@dataclass
class Teller:
    """Counts how often it was asked."""

    asked: list[str] = field(default_factory=list)

    def tell(self) -> list[int]:
        self.asked.append("asked")
        return [1, 2, 3]


def test_nothing_is_told_before_somebody_looks_and_then_it_is_told_once():
    teller = Teller()
    told = Told(teller.tell)
    assert teller.asked == []
    assert (told[0], told[1:], len(told), list(told)) == (1, (2, 3), 3, [1, 2, 3])
    assert teller.asked == ["asked"]


def test_what_is_told_is_equal_to_the_tuple_of_its_members_from_both_sides():
    told = Told(Teller().tell)
    assert told == (1, 2, 3)
    assert told == (1, 2, 3)
    assert told == Told(Teller().tell)
    assert told != (1, 2)
    assert told != [1, 2, 3]
    assert hash(told) == hash((1, 2, 3))
    assert repr(told) == "(1, 2, 3)"
