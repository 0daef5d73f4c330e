"""Everything that is assumed of Element451's API, so that a correction of the contract touches this file
alone. Pure: no I/O.

``F`` and ``A`` with a number name the facts and the assumptions of contracts/element451.md.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from syncer.connectors.element451.account_settings import LARGEST
from syncer.connectors.element451.field_types import REPEATING, field_type
from syncer.core.compiled.readers import RowReader
from syncer.core.field_types.text import TEXT
from syncer.core.fields import Field
from syncer.core.records import Kind, Record, System, Value
from syncer.core.values import is_damaged, read, send

MAX_IDS_PER_READ, MAX_IDS_PER_SEARCH = LARGEST["read_size"], LARGEST["search_size"]  # F10, F11
ELEMENT_ID = "user-elementid"  # F4
SALESFORCE_ID_SLUG = "user-identities-salesforceid"  # A5
MAPPINGS, SEARCH, IMPORT = "mappings", "users/export/search", "users/import"
EXPORT = {Kind.CONTACT: "users/export", Kind.CONVERSATION: "conversations/export"}  # A9
ID_SLUG = {Kind.CONTACT: ELEMENT_ID, Kind.CONVERSATION: "conversation-id"}
UPDATED = {Kind.CONTACT: "user-updated-at", Kind.CONVERSATION: "conversation-updated-at"}  # A2, A9
PLURAL = {Kind.CONTACT: "users", Kind.CONVERSATION: "conversations"}
UNAUTHORIZED, FORBIDDEN, TOO_LARGE, TOO_MANY_REQUESTS = 401, 403, 413, 429  # A10
NAMES_A_FIELD = frozenset({400, 404, 422})  # A11
PROJECTED = {
    "user-first-name": "first_name",
    "user-last-name": "last_name",
    "user-email-address": "email",
}  # F11: all that a search gives along, by slug
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ID = re.compile(r"[0-9a-f]{24}")

Body = dict[str, Any]


def is_transient(status: int) -> bool:
    """Whether what this HTTP status reports may pass in time (A10)."""
    return status >= 500 or status in {408, 425, TOO_MANY_REQUESTS}


def is_id(text: str) -> bool:
    """Whether ``text`` can be the id of a contact or conversation: 24 hexadecimal digits (F4)."""
    return _ID.fullmatch(text) is not None


def names_a_record(raw: object) -> bool:
    """Whether ``raw`` stands for a record in a row of a response."""
    return isinstance(raw, str) and bool(raw.strip()) and not is_damaged(raw)


def fields_of(rows: Iterable[object], salesforce_id_slug: str) -> list[Field]:
    """The catalogue's rows as fields (A1). A row without a slug is left out; every other key may be missing.
    The ids are always there."""
    found = {
        field.key: field
        for row in rows
        if isinstance(row, dict) and (field := _field(row, salesforce_id_slug))
    }
    for kind, slug in ID_SLUG.items():
        found.setdefault(
            slug,
            Field(
                System.ELEMENT451,
                slug,
                slug,
                TEXT,
                kind,
                creatable=False,
                updatable=False,
                unique=True,
                type_name="text",
            ),
        )
    return list(found.values())


def _field(row: Mapping[str, Any], salesforce_id_slug: str) -> Field | None:
    slug = row.get("slug")
    if not isinstance(slug, str) or not slug.strip():
        return None
    type_name = str(row.get("type") or "text")
    type_ = field_type(type_name)
    talk = row.get("entity") == "conversation" or (not row.get("entity") and slug.startswith("conversation-"))
    calculated = slug.startswith("user-calculated-")
    writable = not (talk or calculated or row.get("read_only") is True or slug == ELEMENT_ID)
    options = tuple(_option(option) for option in row.get("options") or [] if isinstance(option, str | dict))
    return Field(
        system=System.ELEMENT451,
        key=slug,
        label=str(row.get("name") or slug),
        type=type_,
        type_name=type_name,
        kind=Kind.CONVERSATION if talk else Kind.CONTACT,
        options=options,
        restricted=bool(options) and type_.listed,
        creatable=writable,
        updatable=writable,
        unique=slug in {*ID_SLUG.values(), salesforce_id_slug} or "unique" in (row.get("range") or []),
        calculated=calculated,
        repeater=row.get("repeater") is True or slug.endswith(("*", "-root")) or type_name in REPEATING,
    )


def _option(option: str | Mapping[str, Any]) -> tuple[str, str]:
    if isinstance(option, str):
        return option, option
    value = option.get("value", option.get("name"))
    return str(value), str(option.get("name") or value)


def since_segment(kind: Kind, since: datetime | None) -> Body:
    """What was updated at ``since`` or later, everything when None (A2)."""
    moment = (since or EPOCH).astimezone(UTC).replace(microsecond=0)
    return _segment(kind, UPDATED[kind], "$gte", moment.isoformat())


def any_of_segment(slug: str, values: Sequence[str]) -> Body:
    """Contacts whose field equals one of ``values`` (F12)."""
    return _segment(Kind.CONTACT, slug, "$in", list(values))


def alike_segment(slug: str, value: str) -> Body:
    """The contacts whose text in ``slug`` is ``value``, whatever its case and outer blanks: the operator
    $match is seen with /…/i (F12)."""
    return _segment(Kind.CONTACT, slug, "$match", rf"/^\s*{re.escape(value.strip())}\s*$/i")


def _segment(kind: Kind, slug: str, operator: str, value: object) -> Body:
    filters = {"type": "filter", "target": f"<mapping:{slug}>", "operator": operator, "value": value}
    return {PLURAL[kind]: {"filters": filters}}


def search_body(
    segment: Body | str, per_page: int, last_id: str | None, fields: Sequence[Field] = ()
) -> Body:
    """The body that asks for ids, and for these fields of `PROJECTED` (F11); ``segment`` is an inline one, or
    the GUID of a stored one (F12)."""
    project = ["_id", *(PROJECTED[field.key] for field in fields)]
    return {
        "item": {"segment": segment, "project": project, "per_page": per_page, "last_id": last_id or None}
    }


def projected(row: Mapping[str, Any], fields: Sequence[Field]) -> Record:
    """A row of a search as a record with these fields (F11); one without a key is empty (A4)."""
    return Record(
        str(row["_id"]), {field.key: read(field, row.get(PROJECTED[field.key])) for field in fields}
    )


def ids_body(kind: Kind, ids: Sequence[str], fields: Sequence[Field]) -> Body:
    """The body that reads the records with these ids, at most 50 (F10)."""
    return {"item": {**_columns(kind, fields), PLURAL[kind]: list(ids)}}


def segment_body(
    kind: Kind, segment: Body, fields: Sequence[Field], last_id: str | None, per_page: int
) -> Body:
    """The body that reads a page of a segment (F10)."""
    return {
        "item": {
            **_columns(kind, fields),
            "segment": segment,
            "per_page": per_page,
            "last_id": last_id or None,
        }
    }


def _columns(kind: Kind, fields: Sequence[Field]) -> Body:
    # The id comes with every row; it is a column only where there is no other, as a template needs one.
    names = {field.key: field.label for field in fields if field.key != ID_SLUG[kind]} or {
        ID_SLUG[kind]: ID_SLUG[kind]
    }
    columns = [{"field": label, "mode": "slug", "slug": slug} for slug, label in names.items()]
    return {"options": {"column_key": "slug"}, "template": {"columns": columns}}


class RowMapper:
    """Makes records of the rows of an export with these fields; a field without a key is empty (A4)."""

    def __init__(self, kind: Kind, fields: Sequence[Field]) -> None:
        self._id = ID_SLUG[kind]
        self._reader = RowReader(fields)
        self._has_id = any(field.key == self._id for field in fields)

    def record(self, row: Mapping[str, Any]) -> Record:
        """The record of a row, which has its id."""
        found = str(row[self._id])
        values, damaged = self._reader.read(row, missing_is_empty=True)
        if self._has_id:
            values[self._id] = found
        return Record(found, values, damaged=damaged - {self._id})


@dataclass(frozen=True, slots=True)
class ImportResponse:
    """What an import says it did. The ids are not tied to rows; ``warnings`` holds each refused row's errors
    by slug."""

    created: frozenset[str]
    updated: frozenset[str]
    warnings: dict[int, dict[str, list[str]]]


def import_body(rows: Sequence[Mapping[str, Value]], unique: str, empty: str) -> Body:
    """An import of ``rows``, which match on the column ``unique`` (A6); ``empty`` is what an empty cell of
    the others does (A7)."""
    slugs = list(dict.fromkeys([unique, *(slug for row in rows for slug in row)]))
    columns = [
        _import_column(slug, unique=slug == unique, empty="skip" if slug == unique else empty)
        for slug in slugs
    ]
    items = [
        {str(number): send(System.ELEMENT451, row.get(slug)) for number, slug in enumerate(slugs)}
        for row in rows
    ]
    return {"item": {"template": {"columns": columns}, "items": items}}


def _import_column(slug: str, *, unique: bool, empty: str) -> Body:
    fixed: Body = {
        "mode": "slug",
        "formula": "",
        "transformations": [],
        "scope": [],
        "validations": [],
        "type": "string",
    }
    return {"field": slug, **fixed, "slug": slug, "range": ["unique"] if unique else [], "empty": empty}


def import_response(body: Mapping[str, Any]) -> ImportResponse:
    """An import's answer. Raises ValueError, TypeError, KeyError or AttributeError where it does not follow
    the contract."""
    data = body["data"]
    if data.get("error"):
        raise ValueError(message_of({"error": data["error"]}))
    result = data["result"]
    warnings = {
        int(warning["index"]): _errors(warning.get("errors"))
        for warning in data.get("warnings") or []
        if isinstance(warning, dict) and "index" in warning
    }
    return ImportResponse(
        frozenset(filter(names_a_record, result.get("created") or [])),
        frozenset(filter(names_a_record, result.get("updated") or [])),
        warnings,
    )


def _errors(errors: object) -> dict[str, list[str]]:
    if not isinstance(errors, dict):
        return {"": [str(errors)]}
    return {
        str(slug): [str(text) for text in texts] if isinstance(texts, list) else [str(texts)]
        for slug, texts in errors.items()
    }


def message_of(body: object) -> str:
    """The text of a refusal: ``message``, ``error`` or ``error.message`` (F3)."""
    if not isinstance(body, dict):
        return ""
    error = body.get("error")
    inner = error.get("message") if isinstance(error, dict) else error
    return str(body.get("message") or inner or "")


def slugs_of(body: object) -> set[str]:
    """The slugs that a request names in its columns, or as its segment's target (A11)."""
    if isinstance(body, list):
        return {slug for part in body for slug in slugs_of(part)}
    if not isinstance(body, dict):
        return set()
    inner = (body.get(key) for key in ("item", "template", "columns", "segment", "filters", *PLURAL.values()))
    own, target = body.get("slug"), body.get("target")
    named = (
        {own}
        if isinstance(own, str)
        else {target.removeprefix("<mapping:").removesuffix(">")}
        if isinstance(target, str)
        else set()
    )
    return named.union(*(slugs_of(part) for part in inner))
