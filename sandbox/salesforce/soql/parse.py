"""Reads SOQL into a tree."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, UnexpectedToken

from sandbox.salesforce.soql.errors import located, malformed

LONGEST = 100_000
MOST_ROWS = 2**31  # no org holds more

GRAMMAR = r"""
start: select
select: _SELECT columns _FROM NAME [_WHERE condition] [_ORDER _BY orders] [_LIMIT INTEGER] [_OFFSET INTEGER]
columns: COUNT "(" ")" -> count
       | column ("," column)*
?column: path | FIELDS "(" NAME ")" -> all_fields | "(" select ")" -> child
path: NAME ("." NAME)*

?condition: unit | unit (_AND unit)+ -> all_of | unit (_OR unit)+ -> any_of
?unit: _NOT unit -> negation | "(" condition ")" | comparison
?comparison: path OPERATOR literal -> compare
           | path LIKE literal -> compare
           | path SET_OPERATOR values -> among
           | path _NOT IN_OPERATOR values -> not_among
           | path IN_OPERATOR values -> among
values: "(" literal ("," literal)* ")"
      | "(" select ")" -> semi_join
?literal: STRING | DATETIME | DATE | NUMBER | INTEGER | TRUE | FALSE | NULL | RELATIVE

orders: order ("," order)*
order: path [DIRECTION] [_NULLS PLACE]

_SELECT.5: /SELECT\b/i
_FROM: /FROM\b/i
_WHERE: /WHERE\b/i
_ORDER: /ORDER\b/i
_BY: /BY\b/i
_LIMIT: /LIMIT\b/i
_OFFSET: /OFFSET\b/i
_AND: /AND\b/i
_OR: /OR\b/i
_NOT.2: /NOT\b/i
_NULLS: /NULLS\b/i
COUNT.2: /COUNT(?=\s*\(\s*\))/i
FIELDS.2: /FIELDS(?=\s*\()/i
DIRECTION: /(ASC|DESC)\b/i
PLACE: /(FIRST|LAST)\b/i
LIKE: /LIKE\b/i
IN_OPERATOR: /IN\b/i
SET_OPERATOR: /(INCLUDES|EXCLUDES)\b/i
OPERATOR: "=" | "!=" | "<>" | "<=" | ">=" | "<" | ">"
STRING: /'(\\.|[^'\\])*'/s
DATETIME.4: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)/i
DATE.3: /\d{4}-\d\d-\d\d(?!T)/
NUMBER.2: /[+-]?\d*\.\d+/
INTEGER.1: /[+-]?\d+/
TRUE.2: /TRUE\b/i
FALSE.2: /FALSE\b/i
NULL.2: /NULL\b/i
RELATIVE: /[A-Z][A-Z_0-9]*(:\d+)?/i
NAME: /(?!(AND|ASC|DESC|EXCLUDES|FIRST|FROM|GROUP|HAVING|IN|INCLUDES|LAST|LIKE|LIMIT|NOT|NULL|NULLS|OR|SELECT|USING|WHERE|WITH)\b)[A-Z][A-Z0-9_]*/i
%ignore /\s+/
"""


@dataclass(frozen=True)
class Path:
    """A field, or a field of a parent: ``Account.Name``."""

    names: tuple[str, ...]
    at: int


@dataclass(frozen=True)
class AllFields:
    """``FIELDS(ALL)`` and its kin."""

    kind: str
    at: int


@dataclass(frozen=True)
class Compare:
    """``path operator literal``; the operator in upper case."""

    path: Path
    operator: str
    value: Token


@dataclass(frozen=True)
class Among:
    """``path IN (...)``, and INCLUDES, EXCLUDES, NOT IN; the values are literals or a query of one column."""

    path: Path
    operator: str
    values: "list[Token] | Select"


@dataclass(frozen=True)
class Not:
    """NOT."""

    part: Any


@dataclass(frozen=True)
class Joined:
    """Conditions joined by ``AND`` or ``OR``."""

    word: str
    parts: list[Any]


@dataclass(frozen=True)
class Order:
    """One key of ORDER BY."""

    path: Path
    descending: bool
    nulls_last: bool


@dataclass(frozen=True)
class Select:
    """A whole query. ``columns`` empty means COUNT()."""

    columns: "list[Path | AllFields | Select]"
    object: Token
    where: Any = None
    orders: list[Order] = field(default_factory=list)
    limit: int | None = None
    offset: int | None = None


def _number(token: Token | None) -> int | None:
    return None if token is None else min(int(token), MOST_ROWS)


@v_args(inline=True)
class _Builder(Transformer[Token, Select]):
    def start(self, select: Select) -> Select:
        return select

    def select(
        self, columns: Any, name: Token, where: Any, orders: Any, limit: Token | None, offset: Token | None
    ) -> Select:
        return Select(columns, name, where, orders or [], _number(limit), _number(offset))

    def count(self, word: Token) -> list[Any]:
        return []

    def columns(self, *columns: Any) -> list[Any]:
        return list(columns)

    def all_fields(self, word: Token, kind: Token) -> AllFields:
        return AllFields(kind.upper(), word.start_pos or 0)

    def child(self, select: Select) -> Select:
        return select

    def path(self, *names: Token) -> Path:
        return Path(tuple(map(str, names)), names[0].start_pos or 0)

    def all_of(self, *parts: Any) -> Joined:
        return Joined("AND", list(parts))

    def any_of(self, *parts: Any) -> Joined:
        return Joined("OR", list(parts))

    def negation(self, part: Any) -> Not:
        return Not(part)

    def compare(self, path: Path, operator: Token, value: Token) -> Compare:
        return Compare(path, "!=" if operator == "<>" else operator.upper(), value)

    def among(self, path: Path, operator: Token, values: Any) -> Among:
        return Among(path, operator.upper(), values)

    def not_among(self, path: Path, operator: Token, values: Any) -> Among:
        return Among(path, "NOT IN", values)

    def values(self, *values: Token) -> list[Token]:
        return list(values)

    def semi_join(self, select: Select) -> Select:
        return select

    def orders(self, *orders: Order) -> list[Order]:
        return list(orders)

    def order(self, path: Path, direction: Token | None, place: Token | None) -> Order:
        return Order(path, (direction or "").upper() == "DESC", (place or "").upper() == "LAST")


_PARSER = Lark(
    GRAMMAR, parser="lalr", transformer=_Builder(), maybe_placeholders=True, propagate_positions=False
)


@lru_cache(maxsize=256)
def parse(soql: str) -> Select:
    """The tree of a query. Raises SalesforceError (MALFORMED_QUERY)."""
    if not soql.strip():
        raise malformed("A query string has to be specified")
    if len(soql) > LONGEST:
        raise malformed(f"SOQL statements cannot be longer than {LONGEST} characters.")
    try:
        tree: Any = _PARSER.parse(soql)
    except UnexpectedToken as error:
        if error.token.type == "$END":
            raise located(soql, len(soql), "MALFORMED_QUERY", "unexpected token: <EOF>") from None
        raise located(
            soql, error.token.start_pos or 0, "MALFORMED_QUERY", f"unexpected token: '{error.token}'"
        ) from None
    except UnexpectedInput as error:
        position = error.pos_in_stream or 0
        word = soql[position:].split(maxsplit=1)[0] if soql[position:].strip() else "<EOF>"
        raise located(soql, position, "MALFORMED_QUERY", f"unexpected token: '{word[:40]}'") from None
    assert isinstance(tree, Select)
    return tree
