"""Decoding what the systems send: lenient with characters, strict with JSON (rule 22)."""

from typing import Any

import hypothesis.strategies as st
import orjson
import pytest
from hypothesis import given

from syncer.connectors.json_bodies import decode, encode
from syncer.core.values import DamagedText, is_damaged, is_whole

DOCUMENTS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def damaged_texts(document: Any) -> list[str]:
    if isinstance(document, dict):
        return [text for inner in document.values() for text in damaged_texts(inner)]
    if isinstance(document, list):
        return [text for inner in document for text in damaged_texts(inner)]
    return [document] if isinstance(document, DamagedText) else []


@given(DOCUMENTS)
def test_whatever_is_encoded_is_decoded_undamaged(document: Any) -> None:
    assert decode(encode(document)) == document
    assert not damaged_texts(decode(encode(document)))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b'"x\\ud83d"', "x�"),
        (b'"\\ude00x"', "�x"),
        (b'"\\ud83d\\ud83d\\ude00"', "�😀"),
        (b'"\xff"', "�"),
        (b'"Zo\xc3"', "Zo�"),
        (b'"\\ud83d\xff"', "��"),
    ],
)
def test_a_character_that_is_none_damages_its_own_text_only(raw: bytes, text: str) -> None:
    whole = '"Zoë 🎓 �"'.encode()
    document = decode(b'[{"a": ' + raw + b', "b": ' + whole + b"}, [" + raw + b"], 18446744073709551616]")
    assert document[0] == {"a": text, "b": "Zoë 🎓 �"}
    assert damaged_texts(document) == [text, text]
    assert is_damaged(document[1])
    assert not is_damaged(document[0]["b"])


@pytest.mark.parametrize("raw", [b"", b"<html>", b'{"a": "x', b'"\xff', b"[NaN]", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whatever it says
        decode(raw)


@given(st.binary(max_size=60))
def test_no_bytes_bring_a_half_character_in(raw: bytes) -> None:
    try:
        document = decode(b'["' + raw.replace(b'"', b"") + b'"]')
    except ValueError:
        return
    assert is_whole(document)
    assert decode(orjson.dumps(document)) == document


def test_a_half_character_does_not_stop_what_is_sent_with_it() -> None:
    assert decode(encode({"a": "x\ud83d", "\ude00": ["b"]})) == {"a": "x�", "�": ["b"]}
