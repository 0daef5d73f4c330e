"""Calls that carry more records than the org's automation, policies or limits bear (contracts/salesforce.md
A8, A9).

A limit is ``{"object", "most", "operation"?, "code"?, "message"?}``: ``operation`` is ``insert``, ``update``,
``retrieve`` or ``query``, empty for the first two; ``code`` is one of ``MESSAGES``, whose first one
refuses each record of the part, the others the part as a whole.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.fields import SObject
from sandbox.salesforce.saving.drafts import Draft

CPU = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
MESSAGES = {
    CPU: "{object}Trigger: System.LimitException: Apex CPU time limit exceeded",
    "TXN_SECURITY_METERING_ERROR": (
        "We can't complete the action because enabled transaction security policies took too long to complete."
    ),
    "OPERATION_TOO_LARGE": "exceeded {most} distinct who/what's",
    "EXCEEDED_ID_LIMIT": "record limit reached. cannot submit more than {most} records into this call",
}
Limits = Sequence[Mapping[str, Any]]


def run_automation(limits: Limits, item: SObject, drafts: Sequence[Draft]) -> None:
    """Refuse the records of a part, or raise SalesforceError for the part, where a limit says so."""
    for operation, created in (("insert", True), ("update", False)):
        part = [draft for draft in drafts if draft.created is created and not draft.errors]
        limit = _exceeded(limits, item, operation, len(part))
        if limit is None:
            continue
        code, message = _error(limit, item)
        if code != CPU:
            raise SalesforceError(400, code, message)
        for draft in part:
            draft.refuse(code, message)


def check_part(limits: Limits, item: SObject, operation: str, count: int) -> None:
    """Raise SalesforceError where a limit forbids to read so many records at once."""
    if limit := _exceeded(limits, item, operation, count):
        raise SalesforceError(400, *_error(limit, item))


def _exceeded(limits: Limits, item: SObject, operation: str, count: int) -> Mapping[str, Any] | None:
    for limit in limits:
        concerned = [limit["operation"]] if limit.get("operation") else ["insert", "update"]
        about = limit["object"].lower() == item.name.lower() and operation in concerned
        if about and count > limit["most"]:
            return limit
    return None


def _error(limit: Mapping[str, Any], item: SObject) -> tuple[str, str]:
    code = limit.get("code", CPU)
    message = limit.get("message") or MESSAGES[code]
    return code, message.format(object=item.name, most=limit["most"])
