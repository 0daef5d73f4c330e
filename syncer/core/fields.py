"""Fields and objects as the two systems' catalogues describe them. Pure; standard library only."""

from dataclasses import dataclass
from datetime import datetime

from syncer.core.records import Kind, System


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one system.

    ``key`` is the slug (Element451) or the API name (Salesforce), ``type`` the system's own word for the
    type. ``length`` is in characters (0: no limit known), ``scale`` in decimals. ``options`` holds (value,
    label) of the values that may be chosen; ``restricted`` says that nothing else is accepted. ``creatable``
    and ``updatable`` say when it may be written, ``required`` that a creation needs it (Salesforce:
    createable, not nillable, not defaulted: contracts/salesforce.md A3). ``refers_to`` names the objects that
    a lookup points to. ``repeater`` (Element451) and ``compound`` (Salesforce) fields hold more than a value
    and cannot be mapped.
    """

    system: System
    key: str
    label: str
    type: str
    kind: Kind | None = None
    length: int = 0
    scale: int = 0
    precision: int = 0
    options: tuple[tuple[str, str], ...] = ()
    restricted: bool = False
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
