"""Checks a literal against the field that it is compared with, and turns it into what the store holds."""

import re
from datetime import date, datetime
from decimal import Decimal

from lark import Token

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.fields import NUMBER_TYPES, TEXT_TYPES, Field
from sandbox.salesforce.ids import normal_id
from sandbox.salesforce.soql.errors import malformed
from sandbox.salesforce.soql.relative import span
from sandbox.salesforce.stamps import parse_date, parse_datetime, stamp

LONGEST_STRING = 4000
_ESCAPES = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "b": "\b",
    "f": "\f",
    '"': '"',
    "'": "'",
    "\\": "\\",
    "N": "\n",
    "R": "\r",
    "T": "\t",
}
_TYPE_WORDS = {"datetime": "dateTime", "int": "int"}


def unquote(token: Token, like: bool = False) -> str:
    """The text of a string literal; in a LIKE pattern ``\\%`` and ``\\_`` stay escaped. Raises
    SalesforceError (MALFORMED_QUERY)."""

    def replace(match: "re.Match[str]") -> str:
        letter = match[1]
        if letter in "%_":
            return match[0] if like else letter
        if letter == "\\" and like:
            return "\\\\"
        if letter not in _ESCAPES:
            raise malformed(
                f"Invalid string literal {token}. Illegal character sequence '{match[0]}' in string literal."
            )
        return _ESCAPES[letter]

    text = re.sub(r"\\(.)", replace, token[1:-1], flags=re.DOTALL)
    if len(text) > LONGEST_STRING:
        raise malformed(f"a string in a WHERE clause cannot be longer than {LONGEST_STRING} characters")
    return text


def relative_span(item: Field, token: Token, now: datetime) -> tuple[str, str]:
    """The span of a date literal, first included and last excluded, as the field stores it. Raises
    SalesforceError."""
    days = span(str(token), now.date()) if item.type in ("date", "datetime") else None
    if days is None:
        if item.type in ("date", "datetime"):
            raise malformed(f"unexpected token: '{token}'")
        raise _wrong(item)
    return _edge(item, days[0]), _edge(item, days[1])


def stored(item: Field, token: Token) -> object:
    """The literal as the field stores it; None for null and the empty string. Raises SalesforceError."""
    if token.type == "NULL":
        if item.type == "boolean":
            raise _wrong(item)
        return None
    if item.type in TEXT_TYPES:
        _expect(item, token, "STRING")
        return unquote(token) or None
    if item.type in ("id", "reference"):
        _expect(item, token, "STRING")
        id = normal_id(unquote(token))
        if id is None:
            raise SalesforceError(400, "INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {unquote(token)}")
        return id
    if item.type == "boolean":
        _expect(item, token, "TRUE", "FALSE")
        return token.type == "TRUE"
    if item.type in NUMBER_TYPES or item.type == "int":
        _expect(item, token, "NUMBER", "INTEGER")
        return float(Decimal(str(token)))
    return _stored_time(item, token)


def _stored_time(item: Field, token: Token) -> str:
    if item.type == "date":
        _expect(item, token, "DATE")
        day = parse_date(str(token))
        if day is None:
            raise malformed(f"Invalid date: {token}")
        return day.isoformat()
    _expect(item, token, "DATETIME")
    moment = parse_datetime(str(token).upper())
    if moment is None:
        raise malformed(f"Invalid datetime: {token}")
    return stamp(moment)


def _edge(item: Field, day: date) -> str:
    return day.isoformat() if item.type == "date" else f"{day.isoformat()}T00:00:00.000+0000"


def _expect(item: Field, token: Token, *types: str) -> None:
    if token.type not in types:
        raise _wrong(item)


def _wrong(item: Field) -> SalesforceError:
    if item.type in TEXT_TYPES or item.type in ("id", "reference"):
        kind, ending = "string", "and should be enclosed in quotes"
    else:
        kind, ending = _TYPE_WORDS.get(item.type, item.type), "and should not be enclosed in quotes"
    return SalesforceError(
        400,
        "INVALID_FIELD",
        f"value of filter criterion for field '{item.name}' must be of type {kind} {ending}",
    )
