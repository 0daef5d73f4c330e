"""The names of the preferences on the screen, and their values in words. Pure; standard library only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from syncer.core.preferences import ExportMode, Scope
from syncer.core.text import counted

EXPORT_MODES = {
    ExportMode.MATCH_EXISTING: "Match Existing and Import New",
    ExportMode.UPDATE_EXISTING: "Update Existing and Import New",
}
SCOPES = {
    Scope.CONVERSATIONS: "Contacts who take part in a conversation",
    Scope.ALL: "All contacts",
}


@dataclass(frozen=True, slots=True)
class PreferenceLabel:
    """A preference: its path within a document's preferences, its name, how its value is written, and the
    unit of a number."""

    path: tuple[str, ...]
    label: str
    format: Callable[[Any], str] = str
    unit: str = ""

    def value_in(self, preferences: Mapping[str, Any]) -> Any:
        """Its value in a document's preferences."""
        value: Any = preferences
        for key in self.path:
            value = value[key]
        return value


def _switch(value: Any) -> str:
    return "on" if value else "off"


def _filter(rows: Any) -> str:
    told = (
        f"segment {row[name]}" if name == "segment" else f"{row['field']} {name} {row[name]}"
        for row in rows
        for name in row
        if name != "field"
    )
    return ", ".join(told) or "everybody"


_SHARE = "{} %".format

PREFERENCE_LABELS = (
    PreferenceLabel(("sync_conversations",), "Sync Conversations", _switch),
    PreferenceLabel(("conversation_entity",), "Conversation Entity"),
    PreferenceLabel(("contact_entity",), "Contact Entity"),
    PreferenceLabel(("import", "update_existing"), "Update Existing", _switch),
    PreferenceLabel(("import", "create_new"), "Create New", _switch),
    PreferenceLabel(("export", "mode"), "Export Mode", lambda value: EXPORT_MODES[ExportMode(value)]),
    PreferenceLabel(("export", "scope"), "Which contacts", lambda value: SCOPES[Scope(value)]),
    PreferenceLabel(("match_on",), "Match fields", lambda value: ", ".join(value) or "none"),
    PreferenceLabel(("filter", "salesforce"), "Who is synced of Salesforce", _filter),
    PreferenceLabel(("filter", "element451"), "Who is synced of Element451", _filter),
    PreferenceLabel(("interval_minutes",), "Sync every", lambda value: counted(value, "minute"), "minutes"),
    PreferenceLabel(
        ("guard", "records"),
        "Ask above",
        lambda value: counted(value, "record of a kind", "records of a kind"),
        "records of a kind",
    ),
    PreferenceLabel(("guard", "percent"), "Ask above this share", _SHARE, "%"),
    PreferenceLabel(
        ("guard", "at_least"), "Do not ask up to", lambda value: counted(value, "record"), "records"
    ),
    PreferenceLabel(("api_share_percent",), "Share of Salesforce's daily limit", _SHARE, "%"),
    PreferenceLabel(("batch_size",), "Batch size", lambda value: counted(value, "record"), "records"),
    PreferenceLabel(("salesforce_threads",), "Batches to Salesforce at the same time"),
    PreferenceLabel(("element451_threads",), "Requests to Element451 at the same time"),
)
"""Every preference, in the order of the Sync Preferences page."""
