"""Everything in a configuration that decides what is planned for a pair, as one value: what has changed in it
makes pairs due, and is what a forecast counts. Pure; standard library only."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from syncer.core.mapping import MappedField
from syncer.core.plan import Rules
from syncer.core.preferences import ExportMode, Preferences, Scope
from syncer.core.records import System


@dataclass(frozen=True, slots=True)
class Modes:
    """The preferences that decide a plan. One that is added later has the default that runs before it went
    by, so that an older database compares as unchanged."""

    update_existing: bool
    create_new: bool
    export_mode: ExportMode
    scope: Scope
    sync_conversations: bool

    @classmethod
    def of(cls, preferences: Preferences) -> Self:
        """Those of ``preferences``."""
        return cls(
            preferences.update_existing,
            preferences.create_new,
            preferences.export_mode,
            preferences.scope,
            preferences.sync_conversations,
        )


@dataclass(frozen=True, slots=True)
class FieldInputs:
    """What decides a plan in a mapped field: both keys, the owner, the value map in its order, the default,
    and whether values that the map does not list pass, as they always did before that was a choice."""

    element451: str
    salesforce: str
    owner: System
    values: tuple[tuple[str, str], ...]
    default: str = ""
    unlisted_passes: bool = True

    @classmethod
    def of(cls, mapped: MappedField) -> Self:
        """That of ``mapped``."""
        passes = mapped.unlisted_passes or not mapped.values
        return cls(
            mapped.element451.key, mapped.salesforce.key, mapped.owner, mapped.values, mapped.default, passes
        )


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """What decides the plans of one kind: the Salesforce object, the modes, all mapped fields with the links
    first, (field, value) of each constant, and the filters. Two configurations with equal values plan every
    pair alike, on the same day.

    Match fields are not part of it: they decide which records become a pair, not what is planned for it.
    """

    entity: str
    modes: Modes
    fields: tuple[FieldInputs, ...]
    constants: tuple[tuple[str, str], ...] = ()
    filters: tuple[str, ...] = ()

    @classmethod
    def of(cls, rules: Rules) -> Self:
        """Those of the rules of one kind."""
        mapping = rules.mapping
        links = [link for link in (mapping.element_id, mapping.salesforce_id, mapping.contact) if link]
        fields = tuple(FieldInputs.of(mapped) for mapped in (*links, *mapping.fields))
        constants = tuple((one.salesforce.key, one.default) for one in mapping.constants)
        filters = tuple(
            repr((one.field.system, one.field.key, one.operator, one.wanted)) for one in mapping.filters
        )
        return cls(mapping.entity.name, Modes.of(rules.preferences), fields, constants, filters)

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The value that `to_json` gave, in this version or in an earlier one, which stored modes and fields
        as lists."""
        modes, fields = stored["modes"], stored["fields"]
        return cls(
            stored["entity"],
            _modes(modes if isinstance(modes, dict) else dict(zip(_LISTED_MODES, modes, strict=True))),
            tuple(
                _field(field if isinstance(field, dict) else dict(zip(_LISTED_FIELD, field, strict=True)))
                for field in fields
            ),
            tuple((key, default) for key, default in stored.get("constants", ())),
            tuple(stored.get("filters", ())),
        )


_LISTED_MODES = ("update_existing", "create_new", "export_mode", "scope", "sync_conversations")
_LISTED_FIELD = ("element451", "salesforce", "owner", "values")
"""What the lists of earlier versions hold, in their order."""


def _modes(raw: dict[str, Any]) -> Modes:
    return Modes(**raw | {"export_mode": ExportMode(raw["export_mode"]), "scope": Scope(raw["scope"])})


def _field(raw: dict[str, Any]) -> FieldInputs:
    values = tuple((element451, salesforce) for element451, salesforce in raw["values"])
    return FieldInputs(**raw | {"owner": System(raw["owner"]), "values": values})
