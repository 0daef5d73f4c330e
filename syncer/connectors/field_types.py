"""The types of fields by the names that the two systems give them."""

from syncer.connectors.element451 import field_types as element451
from syncer.connectors.salesforce import field_types as salesforce
from syncer.core.field_types.field_type import FieldType
from syncer.core.records import System

_BY_SYSTEM = {System.ELEMENT451: element451.field_type, System.SALESFORCE: salesforce.field_type}


def field_type(system: System, name: str) -> FieldType:
    """The type that ``system`` calls ``name``; one that cannot be mapped where it is not known."""
    return _BY_SYSTEM[system](name)
