"""The filter of who is synced (rule 12) as a condition of a query that reads everything. It never leaves out
a record that meets the filter; what SOQL cannot say exactly, it lets through, since whoever reads judges
again."""

from collections.abc import Iterable
from decimal import Decimal

from syncer.connectors.salesforce.reading import soql
from syncer.core.field_types.field_type import Family
from syncer.core.fields import Field
from syncer.core.matching.conditions import Condition, Operator
from syncer.core.records import Value

MAX_BYTES = 2_500
"""Bytes of an address that all conditions may take, beside the columns and the place in the order."""
_EXACT = (Family.BOOLEAN, Family.DATE)
"""Salesforce compares texts without regard to case, numbers before they are rounded to their scale, and times
to the millisecond: with these it may leave out what we let in."""


def where(conditions: Iterable[Condition]) -> str:
    """What every record meets that meets all the conditions; empty where that says nothing."""
    said, length = list[str](), 0
    for one in filter(None, map(clause, conditions)):
        length += len(soql.encoded(f" AND {one}"))
        if length > MAX_BYTES:
            break
        said.append(one)
    return " AND ".join(said)


def clause(condition: Condition) -> str:
    """One condition; empty where SOQL cannot ask for it without leaving out somebody who meets it."""
    field, operator = condition.field, condition.operator
    if not field.filterable:
        return ""
    if operator in (Operator.EMPTY, Operator.NOT_EMPTY):
        compared = "=" if operator is Operator.EMPTY else "!="
        return "" if field.family is Family.BOOLEAN else f"{field.key} {compared} null"
    if operator in (Operator.AT_LEAST, Operator.AT_MOST):
        return _bound(field, condition.wanted[0], operator)
    literals = [_literal(field, one) for one in condition.wanted]
    if None in literals or field.family in (Family.NUMBER, Family.DATETIME):
        return ""
    listed = ",".join(str(one) for one in literals)
    if operator in (Operator.IS, Operator.IN):
        word = "INCLUDES" if field.family is Family.SEVERAL else "IN"
        return f"{field.key} {word} ({listed})"
    return f"{field.key} NOT IN ({listed})" if field.family in _EXACT else ""


def _bound(field: Field, value: Value, operator: Operator) -> str:
    """At least, or at most, a day or a number; of moments only the former, to the second."""
    least = operator is Operator.AT_LEAST
    if field.family is Family.NUMBER:
        # Salesforce holds more decimals than it shows: a number that is rounded up to the bound is let in.
        value = str(Decimal(str(value)) + (-1 if least else 1))
    elif field.family is Family.DATETIME and not least:
        return ""
    literal = _literal(field, value)
    return f"{field.key} {'>=' if least else '<='} {literal}" if literal else ""


def _literal(field: Field, value: Value) -> str | None:
    if isinstance(value, list):
        parts = [str(one) for one in value]
        return None if any(";" in one for one in parts) else soql.literal(field, ";".join(parts))
    if isinstance(value, bool):
        return soql.literal(field, str(value).lower())
    return soql.literal(field, str(value))
