"""The flows of records in people's words."""

from collections.abc import Mapping
from typing import Any

from syncer.core.plan import Direction, Flow
from syncer.core.records import Kind

FLOW_LABELS: dict[str, str] = {
    Flow.IMPORT_CONTACT: "Contacts imported",
    Flow.EXPORT_CONTACT: "Contacts exported",
    Flow.EXPORT_CONVERSATION: "Conversations exported",
}
"""For each flow, its name where records are counted or chosen."""
_SINGLE_LABELS = {
    Flow.IMPORT_CONTACT: "Contact import",
    Flow.EXPORT_CONTACT: "Contact export",
    Flow.EXPORT_CONVERSATION: "Conversation export",
}


def flow_label(record: Mapping[str, Any]) -> str:
    """The flow of one log entry or plan, such as "Contact import"."""
    return _SINGLE_LABELS[Flow.of(Direction(record["direction"]), Kind(record["kind"]))]
