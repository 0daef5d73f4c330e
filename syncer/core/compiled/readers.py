"""How the values of one field are read, made ready once for many records: `syncer.core.values` is asked
wherever the answer is not plain. Pure; standard library only."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from syncer.core import values
from syncer.core.field_types.field_type import FieldType, trimmed
from syncer.core.fields import Field
from syncer.core.records import System, Value

Read = Callable[[object], Value]
Store = Callable[[Value], Value]


class RowReader:
    """Reads the values of these fields from rows as they came over the wire."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._readers = [(field.key, reader(field)) for field in fields]

    def read(
        self, row: Mapping[str, object], *, missing_is_empty: bool
    ) -> tuple[dict[str, Value], frozenset[str]]:
        """The normalised values by key, and the keys of those that could not be decoded, which have none. A
        column that the row does not have is empty, or unknown."""
        found: dict[str, Value] = {}
        damaged: list[str] = []
        for key, read in self._readers:
            if key in row:
                raw = row[key]
                if type(raw) is not str and values.is_damaged(raw):
                    damaged.append(key)
                else:
                    found[key] = read(raw)
            elif missing_is_empty:
                found[key] = None
        return found, frozenset(damaged)


def reader(field: Field) -> Read:
    """`values.read` of one field."""
    kind, otherwise = type(field.type), partial(values.read, field)
    if kind.read is not FieldType.read or kind.parse is not FieldType.parse:
        return otherwise

    def read_text(raw: object) -> Value:
        plain = type(raw) is str and raw and "\x00" not in raw and not raw.isspace()
        return raw if plain else otherwise(raw)  # type: ignore[return-value]  # it is a str

    return read_text


def store(field: Field) -> Store | None:
    """`values.stored` of one field; None where it changes nothing."""
    if type(field.type).stored is not FieldType.stored:
        return partial(values.stored, field)
    return trimmed if field.system is System.SALESFORCE else None
