"""Queries: no value can leave its quotes, everything fits into an address, and no record falls between two
pages."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.connectors.errors import FieldRefused, Unexpected
from syncer.connectors.salesforce.field_types import field_type
from syncer.connectors.salesforce.reading import soql
from syncer.connectors.salesforce.reading.soql import Position
from syncer.connectors.salesforce.record_mapper import RecordMapper
from syncer.core.field_types.unmappable import ADDRESS
from syncer.core.fields import Entity, Field
from syncer.core.records import System

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
ESCAPES = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def a_field(key: str = "Element451_ID__c", type: str = "string") -> Field:
    return Field(System.SALESFORCE, key, key, field_type(type))


def unquoted(text: str) -> str:
    """The value of one quoted literal, read as SOQL reads it; fails where it ends early or late."""
    assert text[0] == "'"
    found, rest = [], iter(text[1:])
    for letter in rest:
        if letter == "\\":
            found.append(ESCAPES[next(rest)])
        elif letter == "'":
            assert next(rest, None) is None, "the literal ends before its text does"
            return "".join(found)
        else:
            found.append(letter)
    raise AssertionError("the literal does not end")


@given(st.text(min_size=1, max_size=300))
def test_any_text_stays_within_its_quotes(text: str) -> None:
    literal = soql.literal(a_field(), text)
    assert literal is not None
    assert unquoted(literal) == text


@pytest.mark.parametrize(
    ("type", "value", "literal"),
    [
        ("string", "O'Brien \\", "'O\\'Brien \\\\'"),
        ("email", "zoë@example.edu", "'zoë@example.edu'"),
        ("string", "", None),
        ("string", "x" * 4001, None),
        ("double", "12.50", "12.50"),
        ("double", "1 OR Id != null", None),
        ("int", "007", "007"),
        ("boolean", "true", "true"),
        ("boolean", "yes", None),
        ("date", "2026-11-23", "2026-11-23"),
        ("datetime", "2026-11-23T12:00:00+00:00", "2026-11-23T12:00:00+00:00"),
        ("reference", "003xx000004TmiQ", "'003xx000004TmiQAAS'"),
        ("reference", "003xx000004TmiQ'", None),
    ],
)
def test_a_condition_is_written_as_its_field_needs_it(type: str, value: str, literal: str | None) -> None:
    assert soql.literal(a_field(type=type), value) == literal


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("003xx000004TmiQ", "003xx000004TmiQAAS"),
        ("00Dxx0000001gPL", "00Dxx0000001gPLEAY"),
        ("005xx000001SwiU", "005xx000001SwiUAAS"),
    ],
)
def test_an_id_of_fifteen_characters_gets_its_check_characters(short: str, long: str) -> None:
    assert soql.id18(short) == soql.id18(long) == long
    assert soql.has_valid_checksum(long)
    assert not soql.has_valid_checksum(long.lower())
    assert soql.id18(short + "é") is None
    assert soql.id18(short + "/AA") is None


stamps = st.integers(0, 5).map(lambda seconds: START + timedelta(seconds=seconds))
ids = st.text("ABCabc012", min_size=15, max_size=15).map(lambda text: soql.id18(text) or "")


def follows(position: Position, stamp: datetime, id: str) -> bool:
    """What the position's condition says of a row, checked against its text."""
    literal = position.stamp.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (
        position.after()
        == f"((SystemModstamp = {literal} AND Id > '{position.id}') OR SystemModstamp > {literal})"
    )
    return (stamp == position.stamp and id > position.id) or stamp > position.stamp


@given(st.sets(st.tuples(stamps, ids), max_size=40), st.integers(1, 7))
def test_going_on_behind_a_row_reads_every_row_once_however_many_share_a_second(
    rows: set[tuple[datetime, str]], size: int
) -> None:
    ordered, read = sorted(rows), list[tuple[datetime, str]]()
    position: Position | None = None
    while page := [row for row in ordered if position is None or follows(position, *row)][:size]:
        read += page
        position = Position.parse(str(Position(*page[-1])))
    assert read == ordered


def test_a_stamp_with_milliseconds_is_gone_on_behind_exactly() -> None:
    position = Position.of_row("2026-11-23T13:00:00.250+0100", "003xx000004TmiQ")
    assert position
    assert position.after().startswith(
        "((SystemModstamp = 2026-11-23T12:00:00.250Z AND Id > '003xx000004TmiQAAS')"
    )


@pytest.mark.parametrize(
    "cursor", ["nonsense", "2026-11-23T12:00:00+00:00 ' OR Id != '", "2026-11-23T12:00:00 003xx000004TmiQAAS"]
)
def test_a_cursor_that_names_no_row_is_refused(cursor: str) -> None:
    with pytest.raises(Unexpected):
        Position.parse(cursor)


@given(st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=300, unique=True))
def test_many_values_are_asked_for_in_addresses_that_fit_and_none_is_left_out(values: list[str]) -> None:
    literals = [literal for value in values if (literal := soql.literal(a_field(), value))]
    asked: list[str] = []
    for statement in soql.conditions("SELECT Id FROM Contact", "Element451_ID__c", literals):
        address = soql.path(statement)
        assert len(address.encode()) <= 16_384 - 3_000
        sent = parse_qs(urlsplit(address).query, strict_parsing=True)["q"][0]
        assert sent == statement
        asked.append(
            sent.removeprefix("SELECT Id FROM Contact WHERE Element451_ID__c IN (").removesuffix(")")
        )
    assert ",".join(asked) == ",".join(literals)


def test_columns_that_do_not_fit_into_an_address_are_left_for_reading_by_id() -> None:
    fields = [a_field(f"A_rather_long_name_of_a_field_{number:04d}__c") for number in range(700)]
    entity = Entity(
        "Contact",
        "Contact",
        {field.key: field for field in [a_field("SystemModstamp"), a_field("IsDeleted"), *fields]},
    )
    mapper = RecordMapper(entity, fields)
    assert mapper.columns[:3] == ["Id", "SystemModstamp", "IsDeleted"]
    assert [*mapper.columns[3:], *mapper.rest] == [field.key for field in fields]
    assert len(soql.path(mapper.changed(Position(START, "003xx000004TmiQAAS").after(), 2000))) < 12_000


def test_only_columns_that_the_object_has_are_asked_for() -> None:
    entity = Entity("Thing__c", "Thing", {"SystemModstamp": a_field("SystemModstamp")})
    assert RecordMapper(entity, [a_field("Name"), a_field("Name")]).columns == [
        "Id",
        "SystemModstamp",
        "Name",
    ]


def test_an_object_that_does_not_tell_when_a_record_changed_is_refused() -> None:
    with pytest.raises(FieldRefused):
        RecordMapper(Entity("Thing__c", "Thing", {}), []).changed("", None)


def test_a_field_that_holds_several_parts_is_refused() -> None:
    address = Field(System.SALESFORCE, "MailingAddress", "Mailing Address", ADDRESS, compound=True)
    with pytest.raises(FieldRefused):
        RecordMapper(Entity("Contact", "Contact", {}), [address])
