"""How a query is refused: the query echoed, a caret, the place (contracts/salesforce.md A8)."""

from sandbox.salesforce.errors import SalesforceError


def located(soql: str, position: int, code: str, message: str) -> SalesforceError:
    """A refusal that points into the query."""
    before = soql[:position]
    row = before.count("\n") + 1
    column = position - (before.rfind("\n") + 1)
    lines = soql.split("\n")
    line = lines[row - 1] if row <= len(lines) else ""
    shown = line[max(0, column - 60) : column + 60]
    caret = " " * min(column, 60) + "^"
    return SalesforceError(
        400, code, f"\n{shown}\n{caret}\nERROR at Row:{row}:Column:{column + 1}\n{message}"
    )


def malformed(message: str) -> SalesforceError:
    """400 MALFORMED_QUERY without a place."""
    return SalesforceError(400, "MALFORMED_QUERY", message)
