"""Tables written as classes: each annotation is a column, of the annotation's type, that may be NULL where
the annotation allows None. Nobody makes objects of these classes; statements use their `TableRow.table`.

SQLModel would do the same, but builds a pydantic model and a mapper for each class, which is a good part of
what a run takes that finds nothing to do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from inspect import get_annotations
from types import NoneType
from typing import Any, ClassVar, get_args, get_origin

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    String,
    Table,
)
from sqlalchemy.types import TypeDecorator, TypeEngine


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC. One without a time zone is refused with ValueError; SQLite, which keeps no zone, gives
    it back in UTC as well."""

    impl = DateTime
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(timezone=True)

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """The type of what is added or compared: a period stays one."""
        return Interval() if isinstance(value, timedelta) else self

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """On the way into the database."""
        if value is not None and value.utcoffset() is None:
            raise ValueError("a moment needs a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """On the way out of the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.utcoffset() is None else value.astimezone(UTC)


_TYPES: dict[type, type[TypeEngine[Any]]] = {
    bool: Boolean,
    bytes: LargeBinary,
    datetime: UTCDateTime,
    dict: JSON,
    float: Float,
    int: Integer,
    list: JSON,
    str: String,
}


@dataclass(frozen=True, slots=True)
class _More:
    default: Any
    primary_key: bool
    index: bool | None
    type: type[TypeEngine[Any]] | None


def column(
    default: Any = None,
    *,
    primary_key: bool = False,
    index: bool | None = None,
    type: type[TypeEngine[Any]] | None = None,
) -> Any:
    """More of a column than its annotation says: ``default`` is what an insert without it writes (a function
    is called for each), ``type`` another type than the annotation's."""
    return _More(default, primary_key, index, type)


class TableRow:
    """A row of the table ``__tablename__``, with the indexes in ``__table_args__``."""

    metadata: ClassVar[MetaData] = MetaData()
    table: ClassVar[Table]
    __tablename__: ClassVar[str]
    __table_args__: ClassVar[tuple[Index, ...]] = ()

    def __init_subclass__(cls) -> None:
        columns = [_made(cls, name, annotated) for name, annotated in get_annotations(cls).items()]
        cls.table = Table(cls.__tablename__, cls.metadata, *columns, *cls.__table_args__)


def _made(cls: type[TableRow], name: str, annotated: Any) -> Column[Any]:
    given = vars(cls).get(name)
    more = given if isinstance(given, _More) else _More(given, False, None, None)
    kinds = get_args(annotated) if NoneType in get_args(annotated) else (annotated,)
    kind = get_origin(kinds[0]) or kinds[0]
    default: Callable[[], Any] | Any = more.default
    return Column(
        name,
        more.type or _TYPES[kind],
        default=default,
        primary_key=more.primary_key,
        index=more.index,
        nullable=NoneType in kinds and not more.primary_key,
    )
