"""CSV that a spreadsheet opens harmlessly: what it would obey is text, what people write stays as it is, and
all of it reads back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.infra import csv_export

ANY = st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("'=+-@\t\r\n\",;＝ \ufeff"))


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "\ufeff=1",
        "\u200b@x",
        "\u3164=1",
        "\u2800=1",
        "＝1",
        "－1",
    ],
)
def test_a_formula_becomes_text(formula: str) -> None:
    assert csv_export.escape(formula) == f"'{formula}"


@pytest.mark.parametrize(
    "plain",
    [
        "-5",
        "+1 555",
        "-12.50",
        "+1 555 010 0199",
        "+49 30.123.456",
        "-1,234.5",
        "Ann",
        "a=b",
        "'tis",
        "O'Neill",
        "",
        "–",
    ],
)
def test_what_people_write_stays_readable(plain: str) -> None:
    assert csv_export.escape(plain) == plain


@pytest.mark.parametrize("computed", ["+1-555-0100", "-5-3", "+1(555)", "-A1", "+1e5", "- 5"])
def test_what_a_spreadsheet_would_compute_becomes_text(computed: str) -> None:
    assert csv_export.escape(computed) == f"'{computed}"


def test_values_of_every_sort_are_written_as_people_would() -> None:
    assert [csv_export.escape(value) for value in (None, 7, ["White", "Asian"], ["=1"], [])] == [
        "",
        "7",
        "White; Asian",
        "'=1",
        "",
    ]


@given(st.lists(st.tuples(ANY, ANY), max_size=5))
def test_whatever_is_written_reads_back_as_it_was(values: list[tuple[str, str]]) -> None:
    written = csv_export.file(["a", "b"], [{"a": a, "b": b} for a, b in values])
    assert written.startswith(b"\xef\xbb\xbf")
    header, *rows = read(written)
    assert header == ["a", "b"]
    assert [tuple(map(csv_export.unescape, row)) for row in rows] == values


@given(ANY)
def test_no_cell_begins_with_what_a_spreadsheet_obeys(value: str) -> None:
    cell = csv_export.escape(value)
    assert cell[:1] not in ("=", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
    if cell[:1] in ("+", "-"):
        assert set(cell[1:]) <= set("0123456789 .,")


def test_a_large_table_is_written_line_by_line() -> None:
    source = iter(range(1000))
    written = csv_export.lines(["a"], ({"a": number} for number in source))
    assert [next(written) for _ in range(3)] == [b"\xef\xbb\xbfa\r\n", b"0\r\n", b"1\r\n"]
    assert next(source) == 2


def test_a_name_of_a_column_is_no_formula_either() -> None:
    assert read(csv_export.file(["=1"], []))[0] == ["'=1"]
