"""The shape of an import's body: its columns and rows, checked before anything is matched or stored."""

from dataclasses import dataclass
from typing import Any

from sandbox.element451 import catalogue
from sandbox.element451.api.refusal import Refusal, bad, keys
from sandbox.element451.fields import Field

MOST_ROWS = 500
EMPTIES = ("remove", "null", "skip", "empty_string")
_KEYS = (
    "field",
    "mode",
    "slug",
    "formula",
    "transformations",
    "scope",
    "validations",
    "type",
    "range",
    "empty",
)
_FIXED: dict[str, Any] = {
    "mode": "slug",
    "formula": "",
    "transformations": [],
    "scope": [],
    "validations": [],
    "type": "string",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key of its cells, its field, whether it matches existing contacts, and what its empty
    cells do."""

    cell: str
    field: Field
    unique: bool
    empty: str


@dataclass(frozen=True, slots=True)
class Import:
    """A call that may be carried out."""

    columns: list[Column]
    rows: list[dict[str, Any]]


def read(body: Any, fields: dict[str, Field]) -> Import:
    """The import that a body states. Raises Refusal: 413 for too many rows, 400 for what the contract does
    not know."""
    item = keys(keys(body, "The body", ["item"])["item"], "item", ["template", "items"])
    given = keys(item["template"], "template", ["columns"])["columns"]
    if not isinstance(given, list) or not given:
        raise bad("template.columns must be a list of columns.")
    columns = [_column(number, column, fields) for number, column in enumerate(given)]
    slugs = [column.field.slug for column in columns]
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise bad(f"Columns are given twice: {', '.join(twice)}.")
    if not any(column.unique for column in columns):
        raise bad('No column has the range ["unique"].')
    return Import(columns, _rows(item["items"], {column.cell for column in columns}))


def _column(number: int, given: Any, fields: dict[str, Field]) -> Column:
    where = f"columns[{number}]"
    stated = keys(given, where, _KEYS)
    for name, wanted in _FIXED.items():
        if stated[name] != wanted:
            raise bad(f"{where}: {name} must be {wanted!r}, not {stated[name]!r}.")
    if not isinstance(stated["field"], str):
        raise bad(f"{where}: field must be a text.")
    if stated["range"] not in ([], ["unique"]):
        raise bad(f'{where}: range must be [] or ["unique"].')
    if stated["empty"] not in EMPTIES:
        raise bad(f"{where}: empty must be one of {', '.join(EMPTIES)}.")
    unique = stated["range"] == ["unique"]
    return Column(str(number), _field_of(where, stated["slug"], unique, fields), unique, stated["empty"])


def _field_of(where: str, slug: object, unique: bool, fields: dict[str, Field]) -> Field:
    field = fields.get(slug) if isinstance(slug, str) else None
    if field is None or field.entity != "user":
        raise bad(f"{where}: there is no user field {slug!r}.")
    if slug == catalogue.ELEMENT_ID:
        if not unique:
            raise bad(f"{where}: {slug} can only match contacts; its range must be ['unique'].")
    elif unique and field.type != "text":
        raise bad(f"{where}: {slug} holds no text and cannot match contacts.")
    elif not field.importable:
        raise bad(f"{where}: {slug} cannot be imported.")
    return field


def _rows(given: Any, cells: set[str]) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not given:
        raise bad("items must be a list of rows.")
    if len(given) > MOST_ROWS:
        raise Refusal(413, f"items holds {len(given)} rows, at most {MOST_ROWS} are allowed.")
    for number, row in enumerate(given):
        if not isinstance(row, dict):
            raise bad(f"items[{number}] must be an object.")
        if row.keys() != cells:
            odd = ", ".join(sorted(row.keys() ^ cells))
            raise bad(f"items[{number}] must have one cell for each column; missing or too many: {odd}.")
    return given
