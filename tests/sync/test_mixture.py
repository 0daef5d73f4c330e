"""A few plans that stand for many (rule 15): what fails and what is emptied first, and something of each
sort."""

from dataclasses import replace

from syncer.core.plan import Change, Direction, Plan, Status
from syncer.core.records import Kind, System
from syncer.sync.planning.mixture import LOOKED_AT, Mixture

UPDATED = Plan(Kind.CONTACT, Direction.EXPORT, "e", "s", Status.UPDATED, "", outgoing={"A": "x"})
INSERTED = replace(UPDATED, status=Status.INSERTED)
EMPTYING = replace(UPDATED, changes=(Change("user-a", "A", System.ELEMENT451, "x", None),))
FAILED = replace(UPDATED, status=Status.FAILED, outgoing=None)
UNCHANGED = replace(UPDATED, status=Status.UNCHANGED, outgoing=None)


def picked(*plans: Plan, size: int) -> list[Plan]:
    mixture = Mixture(size)
    for plan in plans:
        mixture.add(plan)
    return mixture.picked()


def test_each_sort_is_there_however_many_there_are_of_another_and_one_to_which_nothing_happens() -> None:
    many = [INSERTED] * 100
    assert picked(*many, UNCHANGED, UPDATED, EMPTYING, FAILED, size=5) == [
        FAILED,
        EMPTYING,
        UPDATED,
        INSERTED,
        UNCHANGED,
    ]


def test_more_to_which_nothing_happens_only_fill_up() -> None:
    assert picked(UNCHANGED, UNCHANGED, UPDATED, size=2) == [UPDATED, UNCHANGED]


def test_no_more_are_looked_at_than_a_mixture_needs() -> None:
    mixture = Mixture(1)
    for _ in range(LOOKED_AT):
        assert not mixture.enough
        mixture.add(UPDATED)
    assert mixture.enough
