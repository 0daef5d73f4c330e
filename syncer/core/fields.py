"""Fields and objects as the two systems' catalogues describe them. Pure; standard library only."""

from dataclasses import dataclass
from datetime import datetime

from syncer.core.field_types.field_type import Family, FieldType
from syncer.core.records import Kind, System


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one system.

    ``key`` is the slug (Element451) or the API name (Salesforce); ``type_name`` is the system's own word for
    the ``type``. ``length`` is in characters (0: no limit known), ``scale`` in decimals. ``options`` holds
    (value, label) of the values that may be chosen, ``inactive`` those that old records may still hold;
    ``restricted`` says that nothing else is accepted. ``rich_text``: Salesforce stores it as HTML.
    ``creatable`` and ``updatable`` say when it may be written, ``required`` that a creation needs it
    (Salesforce: createable, not nillable, not defaulted: contracts/salesforce.md A3). ``refers_to`` names the
    objects that a lookup points to. ``repeater`` (Element451) and ``compound`` (Salesforce) fields hold more
    than a value and cannot be mapped.
    """

    system: System
    key: str
    label: str
    type: FieldType
    kind: Kind | None = None
    length: int = 0
    scale: int = 0
    precision: int = 0
    options: tuple[tuple[str, str], ...] = ()
    inactive: tuple[str, ...] = ()
    restricted: bool = False
    rich_text: bool = False
    creatable: bool = True
    updatable: bool = True
    required: bool = False
    nillable: bool = True
    unique: bool = False
    external_id: bool = False
    calculated: bool = False
    filterable: bool = True
    repeater: bool = False
    compound: bool = False
    refers_to: tuple[str, ...] = ()
    type_name: str = ""

    @property
    def family(self) -> Family | None:
        """What sort of value it holds; None where it cannot be mapped (repeating, compound, or a type such as
        a file: rule 4)."""
        return None if self.repeater or self.compound else self.type.family

    @property
    def limited(self) -> bool:
        """Whether it takes the values of its list only."""
        listed = self.restricted or (self.system is System.ELEMENT451 and self.type.listed)
        return listed and bool(self.options)

    def offers(self, value: str) -> bool:
        """Whether ``value`` is one of its options."""
        return any(value == option for option, _ in self.options)


@dataclass(frozen=True, slots=True)
class Entity:
    """One Salesforce object: its fields by API name, and what may be done with it."""

    name: str
    label: str
    fields: dict[str, Field]
    key_prefix: str | None = None
    creatable: bool = True
    updatable: bool = True
    queryable: bool = True
    replicateable: bool = True
    read_at: datetime | None = None
