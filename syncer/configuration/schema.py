"""The shape of the configuration file (docs/architecture.md, "Surfaces"): every key, its default and its
bounds, as pydantic models.

Scalars may come as text, since the file is read without guessing at types (see
`syncer.configuration.yaml_io`).
"""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from syncer.core.matching.conditions import Operator
from syncer.core.preferences import ExportMode, GuardLimits, Scope
from syncer.core.preferences import Preferences as Defaults
from syncer.core.records import System

_DEFAULTS, _GUARD = Defaults(), GuardLimits()
_MAX_RECORDS = 1_000_000_000
"""More than any school has, and still a number that a browser holds exactly."""


def _as_text(value: object) -> object:
    # JSON may hold numbers and true/false where the file means text, as in a value map
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


ApiName = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=255)
]
"""A Salesforce API name."""

Slug = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[^\s\x00-\x1f\x7f]+$", max_length=255)
]
"""An Element451 slug."""

MapValue = Annotated[
    str, BeforeValidator(_as_text), StringConstraints(pattern=r"^[^\x00]*[^\x00\s][^\x00]*$", max_length=4000)
]
"""A value in a value map: anything but empty."""


class Section(BaseModel):
    """Base of every part of the file. An unknown key is an error; a key without a value counts as left
    out."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _drop_empty_keys(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {key: value for key, value in given.items() if value is not None}


class ImportSection(Section):
    """Salesforce → Element451; Match Existing is always on."""

    update_existing: bool = _DEFAULTS.update_existing
    create_new: bool = _DEFAULTS.create_new


class ExportSection(Section):
    """Element451 → Salesforce."""

    mode: ExportMode = _DEFAULTS.export_mode
    scope: Scope = _DEFAULTS.scope


class ConditionSection(Section):
    """A condition on a field: exactly one of the others. Or the GUID of a segment of Element451, and nothing
    else."""

    segment: Slug | None = None
    field: Slug | None = Field(None, validate_default=True)
    is_: MapValue | None = Field(None, alias="is")
    is_not: MapValue | None = None
    in_: list[MapValue] | None = Field(None, alias="in", min_length=1)
    not_in: list[MapValue] | None = Field(None, min_length=1)
    empty: Literal[True] | None = None
    not_empty: Literal[True] | None = None
    at_least: MapValue | None = None
    at_most: MapValue | None = None

    @field_validator("field")
    @classmethod
    def _or_segment(cls, field: str | None, given: ValidationInfo) -> str | None:
        if field is None and not given.data.get("segment"):
            raise PydanticCustomError("missing", "missing")
        return field

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.segment and len(self._short()) != 1:
            raise PydanticCustomError(
                "segment_alone", "A segment is a condition of its own: list it by itself."
            )
        if not self.segment and len(self._short()) != 2:
            raise PydanticCustomError(
                "one_condition", "Exactly one of these is needed: {names}.", {"names": ", ".join(Operator)}
            )
        return self

    @model_serializer
    def _short(self) -> dict[str, Any]:
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return {name.rstrip("_"): value for name, value in given.items() if value is not None}


def _listed(given: object) -> object:
    """A segment alone may be written without a list."""
    return [given] if isinstance(given, dict) else given


class FilterSection(Section):
    """Who is synced at all: all conditions of a side must hold (rule 12)."""

    salesforce: list[ConditionSection] = Field(default_factory=list)
    element451: Annotated[list[ConditionSection], BeforeValidator(_listed)] = Field(default_factory=list)

    @field_validator("salesforce")
    @classmethod
    def _of_fields(cls, conditions: list[ConditionSection]) -> list[ConditionSection]:
        if any(one.segment for one in conditions):
            raise PydanticCustomError(
                "no_segments", "Salesforce has no segments. List the segment below element451."
            )
        return conditions


class GuardSection(Section):
    """The limits above which a run asks before it writes."""

    records: int = Field(_GUARD.records, ge=1, le=_MAX_RECORDS)
    percent: int = Field(_GUARD.percent, ge=1, le=100)
    at_least: int = Field(_GUARD.at_least, ge=0, le=_MAX_RECORDS)


class PreferencesSection(Section):
    """The school's preferences."""

    contact_entity: ApiName = _DEFAULTS.contact_entity
    import_: ImportSection = Field(default_factory=ImportSection, alias="import")
    export: ExportSection = Field(default_factory=ExportSection)
    sync_conversations: bool = _DEFAULTS.sync_conversations
    conversation_entity: ApiName = _DEFAULTS.conversation_entity
    match_on: list[Slug] = Field(default_factory=list)
    filter: FilterSection = Field(default_factory=FilterSection)
    interval_minutes: int = Field(_DEFAULTS.interval_minutes, ge=1, le=1440)
    guard: GuardSection = Field(default_factory=GuardSection)
    batch_size: int = Field(_DEFAULTS.batch_size, ge=1, le=200)
    salesforce_threads: int = Field(_DEFAULTS.salesforce_threads, ge=1, le=16)
    element451_threads: int = Field(_DEFAULTS.element451_threads, ge=1, le=32)
    api_share_percent: int = Field(_DEFAULTS.api_share_percent, ge=1, le=100)

    @field_validator("match_on")
    @classmethod
    def _once_each(cls, slugs: list[str]) -> list[str]:
        for slug in slugs:
            if slugs.count(slug) > 1:
                raise PydanticCustomError("twice", "“{slug}” is listed twice. Remove one.", {"slug": slug})
        return slugs


class Unlisted(StrEnum):
    """What becomes of a value that a value map does not list: the record fails, or the value passes
    unchanged."""

    FAIL = "fail"
    PASS = "pass"  # noqa: S105 - no password


class MappedFieldSection(Section):
    """A mapped field. ``values``: Element451 value → Salesforce value, in the order of preference, and
    ``unlisted`` what becomes of others.
    ``default``: what a creation gets where the source has no value, as Salesforce takes it. ``suspended``: it
    stands still until somebody resumes it.

    Without ``element451`` it is a constant, which has a default and nobody who owns it. The default comes
    first, since the others are judged by it.
    """

    default: MapValue | None = None
    element451: Slug | None = Field(None, validate_default=True)
    salesforce: ApiName
    owner: System | None = Field(None, validate_default=True)
    values: dict[MapValue, MapValue] = Field(default_factory=dict)
    unlisted: Unlisted = Unlisted.FAIL
    suspended: bool = False

    @field_validator("element451")
    @classmethod
    def _or_constant(cls, slug: str | None, given: ValidationInfo) -> str | None:
        if slug is None and given.data.get("default") is None:
            raise PydanticCustomError("missing", "missing")
        return slug

    @field_validator("owner")
    @classmethod
    def _of_mapped_field(cls, owner: System | None, given: ValidationInfo) -> System | None:
        if "element451" in given.data and given.data["element451"] is None:
            return None
        if owner is None:
            raise PydanticCustomError("missing", "missing")
        return owner

    @field_validator("values")
    @classmethod
    def _of_two_fields(cls, values: dict[str, str], given: ValidationInfo) -> dict[str, str]:
        if values and "element451" in given.data and given.data["element451"] is None:
            sentence = "There is no Element451 field whose values could be translated. Remove the value map."
            raise PydanticCustomError("constant", sentence)
        return values

    @model_serializer
    def _short(self) -> dict[str, Any]:
        row: dict[str, Any] = {
            "element451": self.element451,
            "salesforce": self.salesforce,
            "owner": self.owner.value if self.owner else None,
            "values": self.values,
            "unlisted": "pass" if self.values and self.unlisted is Unlisted.PASS else None,
            "default": self.default,
            "suspended": self.suspended,
        }
        return {key: value for key, value in row.items() if value}


class MappingsSection(Section):
    """The mapped fields of both kinds."""

    contact: list[MappedFieldSection] = Field(default_factory=list)
    conversation: list[MappedFieldSection] = Field(default_factory=list)


class ConfigurationSchema(Section):
    """The whole file."""

    version: int = Field(1, ge=1, le=1)
    preferences: PreferencesSection = Field(default_factory=PreferencesSection)
    mappings: MappingsSection = Field(default_factory=MappingsSection)


def preference_bounds(*path: str) -> tuple[int, int | None]:
    """The smallest and the largest number that the preference at ``path`` may be, such as ``("guard",
    "percent")``; None if there is no largest."""
    section: type[BaseModel] = PreferencesSection
    for key in path[:-1]:
        inner = section.model_fields[key].annotation
        assert isinstance(inner, type)
        section = inner
    limits = {
        name: getattr(one, name)
        for one in section.model_fields[path[-1]].metadata
        for name in ("ge", "le")
        if hasattr(one, name)
    }
    return limits.get("ge", 0), limits.get("le")
