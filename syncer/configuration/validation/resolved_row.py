"""A mapped field of a document together with what the catalogues know of its two fields. Pure; standard
library only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from syncer.configuration.document import FieldKeys, MappingRow, unlisted_passes
from syncer.core.fields import Field
from syncer.core.mapping import MappedField
from syncer.core.records import System


@dataclass(frozen=True, slots=True)
class ResolvedRow:
    """A mapped field as written, its place in the document, and both fields (None where the catalogue has
    none by that key). Of a constant, all that is Element451's is empty."""

    where: str
    element451: str
    salesforce: str
    owner: System | None
    values: Mapping[str, str]
    default: str
    unlisted_passes: bool
    element451_field: Field | None
    salesforce_field: Field | None

    @property
    def keys(self) -> FieldKeys:
        """The slug and the API name."""
        return self.element451, self.salesforce

    @property
    def is_constant(self) -> bool:
        """Whether it is a value for every new Salesforce record, and no mapped field."""
        return bool(self.default) and not self.element451

    @property
    def mapped_field(self) -> MappedField | None:
        """The mapped field; None where one of its fields or its owner is unknown."""
        if not (self.element451_field and self.salesforce_field and self.owner):
            return None
        return MappedField(
            self.element451_field,
            self.salesforce_field,
            self.owner,
            tuple(self.values.items()),
            self.default,
            self.unlisted_passes,
        )

    def key(self, system: System) -> str:
        """The key of the field on ``system``'s side."""
        return self.element451 if system is System.ELEMENT451 else self.salesforce

    def field(self, system: System) -> Field | None:
        """The field on ``system``'s side."""
        return self.element451_field if system is System.ELEMENT451 else self.salesforce_field


def resolve_rows(
    where: str, rows: Sequence[MappingRow], element451: Mapping[str, Field], salesforce: Mapping[str, Field]
) -> list[ResolvedRow]:
    """The rows of the list at ``where`` with their fields, which are given by key. What a row leaves out is
    empty, its owner None."""
    return [_resolved(f"{where}[{at}]", row, element451, salesforce) for at, row in enumerate(rows)]


def _resolved(
    where: str, row: MappingRow, element451: Mapping[str, Field], salesforce: Mapping[str, Field]
) -> ResolvedRow:
    slug, api_name = str(row.get("element451") or ""), str(row.get("salesforce") or "")
    return ResolvedRow(
        where,
        slug,
        api_name,
        System(row["owner"]) if row.get("owner") in list(System) else None,
        row.get("values") or {},
        row.get("default") or "",
        unlisted_passes(row),
        element451.get(slug),
        salesforce.get(api_name),
    )
