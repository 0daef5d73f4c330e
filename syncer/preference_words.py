"""What the preferences are called on the screen, and their values in words. Pure; standard library only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from syncer.modes import ExportMode, Scope

EXPORT_MODES = {
    ExportMode.MATCH_EXISTING: "Match Existing and Import New",
    ExportMode.UPDATE_EXISTING: "Update Existing and Import New",
}
SCOPES = {
    Scope.CONVERSATIONS: "Contacts who take part in a conversation",
    Scope.ALL: "All contacts",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A preference: where it stands in a document's preferences, its name, and how its value is said."""

    path: tuple[str, ...]
    label: str
    said: Callable[[Any], str] = str

    def of(self, preferences: Mapping[str, Any]) -> Any:
        """Its value in a document's preferences."""
        value: Any = preferences
        for key in self.path:
            value = value[key]
        return value


def _switch(value: Any) -> str:
    return "on" if value else "off"


def _counted(one: str, many: str) -> Callable[[Any], str]:
    return lambda value: f"{value:,} {one if value == 1 else many}"


WORDS = (
    Word(("sync_conversations",), "Sync Conversations", _switch),
    Word(("conversation_entity",), "Conversation Entity"),
    Word(("contact_entity",), "Contact Entity"),
    Word(("import", "update_existing"), "Update Existing", _switch),
    Word(("import", "create_new"), "Create New", _switch),
    Word(("export", "mode"), "Export Mode", lambda value: EXPORT_MODES[ExportMode(value)]),
    Word(("export", "scope"), "Which contacts", lambda value: SCOPES[Scope(value)]),
    Word(("match_on",), "Match fields", lambda value: ", ".join(value) or "none"),
    Word(("interval_minutes",), "Sync every", _counted("minute", "minutes")),
    Word(("guard", "records"), "Ask from so many records on", _counted("record", "records")),
    Word(("guard", "percent"), "Ask from this share of the records on", "{} %".format),
    Word(("guard", "at_least"), "Never ask below", _counted("record", "records")),
    Word(("api_share_percent",), "Share of Salesforce's daily limit", "{} %".format),
    Word(("batch_size",), "Batch size", _counted("record", "records")),
    Word(("salesforce_threads",), "Salesforce batches at once"),
    Word(("element451_threads",), "Element451 requests at once"),
)
"""Every preference, in the order of the Sync Preferences page."""
