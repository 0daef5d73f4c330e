"""The two systems in memory, for tests of the road: fast, exact, with a clock that a test moves and troubles
that it asks for."""

from tests.support.memory_account import Account
from tests.support.memory_catalogue import (
    contact_entity,
    conversation_entity,
    element451_catalogue,
    element451_field,
    salesforce_catalogue,
    salesforce_field,
)
from tests.support.memory_common import EVERYTHING, Clock, Entry, Faults, NotPossible
from tests.support.memory_element451 import MemoryElement451
from tests.support.memory_org import Org
from tests.support.memory_salesforce import MemorySalesforce

__all__ = [
    "EVERYTHING",
    "Account",
    "Clock",
    "Entry",
    "Faults",
    "MemoryElement451",
    "MemorySalesforce",
    "NotPossible",
    "Org",
    "contact_entity",
    "conversation_entity",
    "element451_catalogue",
    "element451_field",
    "salesforce_catalogue",
    "salesforce_field",
]
