"""Errors in Salesforce's words (contracts/salesforce.md A2, A8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RowError:
    """Why one record was refused; ``more`` is what the error of a single call says besides."""

    code: str
    message: str
    fields: tuple[str, ...] = ()
    more: Mapping[str, object] = field(default_factory=dict)

    def as_item(self) -> dict[str, object]:
        """As an entry of the results of a collections call."""
        return {"statusCode": self.code, "message": self.message, "fields": list(self.fields)}

    def as_body(self) -> dict[str, object]:
        """As an entry of the error array of a single call."""
        error: dict[str, object] = {"message": self.message, "errorCode": self.code, **self.more}
        return {**error, "fields": list(self.fields)} if self.fields else error


class SalesforceError(Exception):
    """A whole call was refused: HTTP status and the error array."""

    def __init__(self, status: int, code: str, message: str, fields: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.errors = [RowError(code, message, fields)]

    @classmethod
    def of(cls, status: int, errors: list[RowError]) -> "SalesforceError":
        """A refusal with the errors of a record."""
        refusal = cls(status, errors[0].code, errors[0].message)
        refusal.errors = errors
        return refusal


def not_found(message: str = "The requested resource does not exist") -> SalesforceError:
    """404 NOT_FOUND."""
    return SalesforceError(404, "NOT_FOUND", message)


def deleted(status: int = 404) -> SalesforceError:
    """404 ENTITY_IS_DELETED."""
    return SalesforceError(status, "ENTITY_IS_DELETED", "entity is deleted")


ROLLED_BACK = RowError(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone header",
)
