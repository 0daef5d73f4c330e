"""The IDs of both systems (contracts/salesforce.md A6; contracts/element451.md F4)."""

from collections.abc import Callable
from string import ascii_letters, ascii_uppercase, digits

import hypothesis.strategies as st
import pytest
from hypothesis import given

from syncer.core.ids import element_id, salesforce_id
from syncer.core.pair import Pair
from syncer.core.records import Kind, RecordState, System
from tests.core.builders import EID, SFID, law

SHORT = st.text(ascii_letters + digits, min_size=15, max_size=15)


def check_characters(short: str) -> str:
    """The three check characters of an ID, computed by hand: which of five letters are capitals, written as a
    binary number, last letter first."""
    alphabet = ascii_uppercase + "012345"
    chunks = (short[0:5], short[5:10], short[10:15])
    return "".join(
        alphabet[int("".join("1" if letter in ascii_uppercase else "0" for letter in reversed(chunk)), 2)]
        for chunk in chunks
    )


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("001D000000IRFma", "001D000000IRFmaIAH"),
        ("003000000000001", "003000000000001AAA"),
        ("a0B5e00000ABCDE", "a0B5e00000ABCDEEA5"),
        ("003D000000PtvxF", "003D000000PtvxFIAR"),
        ("ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMNO555"),
    ],
)
def test_a_short_id_gets_its_three_check_characters(short: str, whole: str) -> None:
    assert salesforce_id(short) == whole
    assert salesforce_id(whole) == whole
    assert salesforce_id(f" {whole}\n") == whole, "as it is copied from a page"


@law
@given(SHORT)
def test_every_short_id_and_its_long_form_are_the_same_record(short: str) -> None:
    whole = short + check_characters(short)
    assert salesforce_id(short) == salesforce_id(whole) == whole


@law
@given(SHORT, SHORT)
def test_ids_that_differ_in_case_alone_are_different_records(one: str, other: str) -> None:
    assert (salesforce_id(one) == salesforce_id(other)) == (one == other)
    assert (salesforce_id(one) == salesforce_id(one.swapcase())) == (one == one.swapcase())


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        " ",
        "003",
        SFID[:14],
        SFID[:16],
        SFID[:17],
        SFID + "A",
        "003D000000Ptvx-",
        "003D000000Ptvxé",
        "003D0000 0PtvxF",
        "(new)",
        0,
        EID,
        [],
    ],
    ids=repr,
)
def test_what_is_no_salesforce_id_is_none(raw: object) -> None:
    assert salesforce_id(raw) is None


@law
@given(st.text(max_size=30).filter(lambda text: len(text.strip()) not in (15, 18)))
def test_text_of_another_length_is_no_salesforce_id(text: str) -> None:
    assert salesforce_id(text) is None


@law
@given(st.text("0123456789abcdefABCDEF", min_size=24, max_size=24))
def test_an_element_id_is_the_same_in_capitals(raw: str) -> None:
    assert element_id(raw) == element_id(f" {raw.upper()} ") == raw.lower()


@pytest.mark.parametrize(
    "raw", [None, "", "5f0", EID + "0", EID[:-1], EID[:-1] + "g", SFID, "٠" * 24, 5], ids=repr
)
def test_what_is_no_element_id_is_none(raw: object) -> None:
    assert element_id(raw) is None


def test_a_pair_tells_each_side_by_its_system() -> None:
    pair = Pair(Kind.CONTACT, EID, SFID, {"slug": 1}, {"Field": 2}, salesforce_state=RecordState.DELETED)
    sides = [(pair.id(system), dict(pair.values(system)), pair.state(system)) for system in System]
    assert sides == [(EID, {"slug": 1}, RecordState.LIVE), (SFID, {"Field": 2}, RecordState.DELETED)]


X, Y = "0035g000000000AAAQ", "0035g000000000aAAA"
"""Two people whose IDs differ by case alone."""


@pytest.mark.parametrize("spoilt", [str.lower, str.upper])
@pytest.mark.parametrize("whole", [X, Y])
def test_the_last_three_characters_restore_a_case_that_was_lost(
    whole: str, spoilt: Callable[[str], str]
) -> None:
    assert salesforce_id(spoilt(whole)) == whole


@pytest.mark.parametrize("text", ["0035g000000000AAAA", "0035G000000000aAAQ", "0035g000000000AAA9"])
def test_an_id_whose_last_three_characters_contradict_the_others_is_none(text: str) -> None:
    assert salesforce_id(text) is None
