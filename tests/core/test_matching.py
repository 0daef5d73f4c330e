"""Which half belongs to which (rule 7), over every way in which two records on each side can name
and resemble each other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import pytest

from syncer.core.matching.decision import NO_MATCH, Match, MatchRecord, StoredId, decide_match
from syncer.core.reasons import (
    AMBIGUOUS,
    CONTRADICTION,
)

OURS, THEIRS = (1, 2), (11, 12)


@dataclass(frozen=True)
class Facts:
    """Records by number: 1 and 2 of one system, 11 and 12 of the other. ``names``: what the stored ID stands
    for (None: empty or gone); ``value``: of the match field; ``binned``: in the recycle bin; ``paired``: 1
    and 11 are a pair already."""

    names: dict[int, int | None]
    value: dict[int, str | None]
    binned: frozenset[int] = frozenset()
    paired: bool = False

    def across(self, record: int) -> tuple[int, ...]:
        return THEIRS if record in OURS else OURS

    def seekers(self) -> list[int]:
        return [
            record
            for record in (*OURS, *THEIRS)
            if record not in self.binned and not (self.paired and record in (1, 11))
        ]

    def record(self, record: int, seeker: int) -> MatchRecord:
        named = self.names[record]
        stored_id = (
            StoredId.EMPTY
            if named is None
            else StoredId.IN_RECYCLE_BIN
            if named in self.binned
            else StoredId.LIVE
        )
        claims = [
            other
            for other in self.across(record)
            if other not in self.binned and self.names[other] == record and other != seeker
        ]
        return MatchRecord(
            record,
            self.paired and record in (1, 11),
            record not in self.binned,
            stored_id,
            named,
            len(claims),
        )

    def found(self, seeker: int) -> Match:
        """What pairing finds for ``seeker``."""
        across, value, named = self.across(seeker), self.value[seeker], self.names[seeker]
        claimants = [self.record(other, seeker) for other in across if self.names[other] == seeker]
        alike = [
            self.record(other, seeker)
            for other in across
            if other not in self.binned and value and self.value[other] == value
        ]
        own = [
            record
            for record in self.across(across[0])
            if record not in self.binned and value and self.value[record] == value
        ]
        return decide_match(
            MatchRecord(seeker),
            self.record(named, seeker) if named else None,
            claimants,
            alike,
            max(len(own), 1),
        )

    def linked(self, record: int) -> set[int]:
        """The records that ``record`` names or that name it, those in the recycle bin only where it names
        them and no living one names it."""
        found = {
            other
            for other in self.across(record)
            if self.names[record] == other or (self.names[other] == record and other not in self.binned)
        }
        return (found - self.binned) or found


def worlds() -> Iterator[Facts]:
    for n1, n2, n11, n12 in product((None, *THEIRS), (None, *THEIRS), (None, *OURS), (None, *OURS)):
        for v1, v2, v11, v12 in product((None, "x"), repeat=4):
            for binned in (frozenset[int](), frozenset({11}), frozenset({11, 12})):
                for paired in (False, True):
                    yield Facts(
                        {1: n1, 2: n2, 11: n11, 12: n12}, {1: v1, 2: v2, 11: v11, 12: v12}, binned, paired
                    )


@pytest.fixture(scope="module")
def every() -> list[tuple[Facts, dict[int, Match]]]:
    return [(facts, {seeker: facts.found(seeker) for seeker in facts.seekers()}) for facts in worlds()]


Every = list[tuple[Facts, dict[int, Match]]]


def test_there_is_one_answer_or_a_problem_or_nobody(every: Every) -> None:
    for _, found in every:
        for match in found.values():
            assert match.row is None or match.problem is None
            assert match.problem in (None, AMBIGUOUS, CONTRADICTION)
            assert match == NO_MATCH or match.row or match.problem


def test_no_record_is_found_by_two(every: Every) -> None:
    for facts, found in every:
        for side in (OURS, THEIRS):
            rows = [found[seeker].row for seeker in side if seeker in found and found[seeker].row]
            assert len(rows) == len(set(rows)), facts


def test_who_is_found_finds_the_finder(every: Every) -> None:
    for facts, found in every:
        for seeker, match in found.items():
            if match.row and match.row not in facts.binned:
                assert found[match.row].row == seeker, (facts, seeker)
                assert found[match.row].by_values == match.by_values


def test_a_record_that_is_paired_already_is_never_found_again(every: Every) -> None:
    for facts, found in every:
        if facts.paired:
            assert not {match.row for match in found.values()} & {1, 11}, facts


def test_stored_ids_that_name_one_record_alone_decide_and_any_others_are_a_problem(every: Every) -> None:
    for facts, found in every:
        for seeker, match in found.items():
            linked = facts.linked(seeker)
            if not linked:
                continue
            other, *more = sorted(linked)
            alone = not more and not (facts.paired and other in (1, 11))
            rivals = {
                r
                for r in facts.across(other)
                if r != seeker and facts.names[r] == other and r not in facts.binned
            }
            # What lies in the bin says nothing, nor does an ID of it where a living record stores ours.
            created_anew = facts.names[other] in facts.binned and facts.names[seeker] == other
            points_elsewhere = (
                facts.names[other] not in (None, seeker) and other not in facts.binned and not created_anew
            )
            clear = alone and not rivals and not points_elsewhere
            assert (match.row, bool(match.problem)) == ((other, False) if clear else (None, True)), (
                facts,
                seeker,
            )
            assert not match.by_values, "values are asked only where no ID says anything"


def test_match_values_decide_only_where_exactly_one_record_on_each_side_has_them(every: Every) -> None:
    for facts, found in every:
        for seeker, match in found.items():
            holders = [
                record
                for record in (*OURS, *THEIRS)
                if record not in facts.binned and facts.value[record] == "x"
            ]
            if match.by_values:
                assert facts.value[seeker] == "x"
                assert sorted(holders) == sorted([seeker, match.row or 0]), (
                    facts,
                    "every live record counts, paired or not",
                )
                assert facts.names[seeker] is None
            elif (
                not facts.linked(seeker)
                and facts.value[seeker]
                and set(holders) & set(facts.across(seeker))
                and len(holders) > 2
            ):
                assert match.problem == AMBIGUOUS, facts


def test_a_record_that_nothing_links_and_nothing_resembles_has_no_other_half(every: Every) -> None:
    for facts, found in every:
        for seeker, match in found.items():
            named_by_binned = any(facts.names[other] == seeker for other in facts.binned)
            alike = any(
                facts.value[other] == "x" for other in facts.across(seeker) if other not in facts.binned
            )
            if not facts.linked(seeker) and not named_by_binned and not (facts.value[seeker] and alike):
                assert match == NO_MATCH, (facts, seeker)


# stories

ME, YOU = MatchRecord(1), MatchRecord(11)
NAMES_ME, NAMES_ANOTHER = (
    replace(YOU, stored_id=StoredId.LIVE, names_row=1),
    replace(YOU, stored_id=StoredId.LIVE, names_row=2),
)


@pytest.mark.parametrize(
    ("named", "claimants", "alike", "twins", "answer"),
    [
        pytest.param(None, [], [], 1, NO_MATCH, id="alone"),
        pytest.param(YOU, [], [], 1, Match(11), id="it names one that names nobody"),
        pytest.param(NAMES_ME, [NAMES_ME], [], 1, Match(11), id="they name each other"),
        pytest.param(None, [NAMES_ME], [], 1, Match(11), id="it is named"),
        pytest.param(
            replace(YOU, live=False),
            [],
            [],
            1,
            Match(11),
            id="it names one in the recycle bin, and is deactivated with it",
        ),
        pytest.param(
            None, [replace(NAMES_ME, live=False)], [], 1, Match(11), id="one in the recycle bin names it"
        ),
        pytest.param(
            NAMES_ANOTHER, [], [], 1, Match(problem=CONTRADICTION), id="it names one that names another"
        ),
        pytest.param(
            replace(YOU, claims=1), [], [], 1, Match(problem=AMBIGUOUS), id="another names the same one"
        ),
        pytest.param(
            replace(YOU, paired=True), [], [], 1, Match(problem=AMBIGUOUS), id="it names one that is paired"
        ),
        pytest.param(
            YOU,
            [replace(NAMES_ME, row=12)],
            [],
            1,
            Match(problem=AMBIGUOUS),
            id="it names one and is named by another",
        ),
        pytest.param(
            None, [NAMES_ME, replace(NAMES_ME, row=12)], [], 1, Match(problem=AMBIGUOUS), id="two name it"
        ),
        pytest.param(None, [], [YOU], 1, Match(11, by_values=True), id="one has its values"),
        pytest.param(None, [], [YOU, MatchRecord(12)], 1, Match(problem=AMBIGUOUS), id="two have its values"),
        pytest.param(None, [], [YOU], 2, Match(problem=AMBIGUOUS), id="its twin has the same values"),
        pytest.param(
            None,
            [],
            [replace(YOU, paired=True)],
            1,
            Match(problem=AMBIGUOUS),
            id="the one with its values is paired",
        ),
        pytest.param(
            None,
            [],
            [NAMES_ANOTHER],
            1,
            Match(problem=CONTRADICTION),
            id="the one with its values names another",
        ),
        pytest.param(YOU, [], [MatchRecord(12)], 1, Match(11), id="its ID goes before its values"),
        pytest.param(None, [], [], 2, NO_MATCH, id="twins with nobody across"),
    ],
)
def test_the_other_half_is(
    named: MatchRecord | None,
    claimants: list[MatchRecord],
    alike: list[MatchRecord],
    twins: int,
    answer: Match,
) -> None:
    assert decide_match(ME, named, claimants, alike, twins) == answer


def test_both_problems_say_that_there_is_more_than_one_possible_match_and_what_to_do() -> None:
    assert AMBIGUOUS.startswith("More than one possible match")
    assert CONTRADICTION.startswith("More than one possible match")
    assert "goes on by itself" in AMBIGUOUS
    assert "Put them right" in CONTRADICTION
