"""A stored ID that names nobody for certain, and one that is in the recycle bin (rules 7 and 9)."""

from dataclasses import replace

import pytest

from syncer.core.matching.decision import MatchRecord, StoredId, decide_match
from syncer.core.reasons import AMBIGUOUS, STORED_ID_NOT_SEEN, STORED_ID_OF_ANOTHER_OBJECT


@pytest.mark.parametrize(
    ("stored", "problem"),
    [
        (StoredId.NOT_SEEN, STORED_ID_NOT_SEEN),
        (StoredId.OF_ANOTHER_OBJECT, STORED_ID_OF_ANOTHER_OBJECT),
    ],
)
def test_a_stored_id_that_proves_nothing_is_neither_empty_nor_a_match(stored: StoredId, problem: str) -> None:
    seeker, other = MatchRecord(1, stored_id=stored), MatchRecord(11)
    assert decide_match(seeker, None, [], [other], 1).problem == problem
    assert decide_match(MatchRecord(11), None, [], [replace(seeker, row=1)], 1).problem == problem
    assert decide_match(MatchRecord(11), seeker, [], [], 1).problem == problem


def test_a_pair_takes_a_living_record_in_place_of_a_deleted_one_by_its_id_and_never_by_its_values() -> None:
    left = MatchRecord(1, paired=True, stored_id=StoredId.IN_RECYCLE_BIN, half_deleted=True)
    assert decide_match(MatchRecord(11), left, [], [], 1).row == 1
    assert decide_match(MatchRecord(11), None, [], [left], 1).problem == AMBIGUOUS
