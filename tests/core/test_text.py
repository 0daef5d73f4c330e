"""Numbers with their nouns."""

import pytest

from syncer.core.text import counted


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 records"), (1, "1 record"), (2, "2 records"), (1234, "1,234 records")]
)
def test_a_noun_is_singular_for_one_alone(number: int, words: str) -> None:
    assert counted(number, "record") == words


def test_a_plural_that_is_not_the_noun_with_an_s_is_given() -> None:
    assert counted(2, "record of a kind", "records of a kind") == "2 records of a kind"


@pytest.mark.parametrize(("number", "words"), [(1, "one example"), (2, "2 examples")])
def test_one_may_be_written_otherwise(number: int, words: str) -> None:
    assert counted(number, "example", one="one example") == words
