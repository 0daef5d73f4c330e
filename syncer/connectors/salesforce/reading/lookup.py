"""Reading named records: by their ids, or by a field that holds one of many values."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from syncer.connectors.errors import Fault, FieldRefused
from syncer.connectors.salesforce.reading import soql
from syncer.connectors.salesforce.reading.describe import checked_name, object_of
from syncer.connectors.salesforce.reading.queries import Queries
from syncer.connectors.salesforce.record_mapper import RecordMapper, Row
from syncer.connectors.salesforce.session import OrgSession
from syncer.core.field_types.field_type import Family
from syncer.core.field_types.text import ID, LOOKUP
from syncer.core.fields import Entity, Field
from syncer.core.records import Record, System

DELETED_DAYS = (14, 1)
"""How far getDeleted is asked to go back, and how far if it refuses that."""
_BAD_ID = frozenset({"INVALID_QUERY_FILTER_OPERATOR", "MALFORMED_ID", "MALFORMED_QUERY"})


def read(queries: Queries, entity: Entity, ids: Sequence[str], fields: Sequence[Field]) -> list[Record]:
    """See `syncer.connectors.protocol.Salesforce.read`. What cannot be an id names no record and is not asked
    for."""
    mapper = RecordMapper(entity, fields)
    literals = dict.fromkeys(f"'{known}'" for known in map(soql.id18, ids) if known)
    return mapper.records(_by_id(queries, mapper, "Id", list(literals)), queries.retrieve)


def find(
    queries: Queries, entity: Entity, field: Field, values: Sequence[str], fields: Sequence[Field]
) -> list[Record]:
    """See `syncer.connectors.protocol.Salesforce.find`. Raises `FieldRefused` for a field that Salesforce
    cannot search by. Texts are compared by Salesforce, without regard to case."""
    if not field.filterable or field.family is Family.SEVERAL:
        raise FieldRefused(
            System.SALESFORCE, f"Salesforce cannot search by {field.label}.", code="INVALID_FIELD"
        )
    mapper = RecordMapper(entity, fields)
    name = checked_name(field.key)
    literals = list(
        dict.fromkeys(one for one in (soql.literal(field, value) for value in values) if one is not None)
    )
    if field.type in (ID, LOOKUP):
        rows = _by_id(queries, mapper, name, literals)
    else:
        rows = queries.rows(list(soql.conditions(mapper.head, name, literals)))
    return mapper.records(_once(rows), queries.retrieve)


def deleted(session: OrgSession, entity: Entity, now: datetime) -> frozenset[str]:
    """See `syncer.connectors.protocol.Salesforce.deleted`. getDeleted goes back 15 days, or less where much
    was deleted (A5.1). Whatever it refuses, nothing is proved then."""
    if not entity.replicateable:
        return frozenset()
    for days in DELETED_DAYS:
        try:
            answer = object_of(session, entity.name).deleted(now - timedelta(days=days), now)
        except Fault:
            continue
        rows = answer.get("deletedRecords") if isinstance(answer, dict) else None
        ids = (soql.id18(str(row.get("id"))) for row in rows or () if isinstance(row, dict))
        return frozenset(filter(None, ids))
    return frozenset()


def _by_id(queries: Queries, mapper: RecordMapper, name: str, literals: Sequence[str]) -> list[Row]:
    """A mistyped id makes Salesforce refuse the whole query, so ids whose check characters are wrong are
    asked for by themselves."""
    sound = [one for one in literals if soql.has_valid_checksum(one.strip("'"))]
    odd = [one for one in literals if not soql.has_valid_checksum(one.strip("'"))]
    rows = queries.rows(list(soql.conditions(mapper.head, name, sound)))
    try:
        rows += queries.rows(list(soql.conditions(mapper.head, name, odd)))
    except Fault as fault:
        if fault.code not in _BAD_ID:
            raise
    return _once(rows)


def _once(rows: list[Row]) -> list[Row]:
    return list({str(row.get("Id")): row for row in rows}.values())
