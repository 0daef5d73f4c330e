"""What the preferences are called on the screen, and their values in words. Pure; standard library only."""

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
class Word:
    """A preference: where it stands in a document's preferences, its name, how its value is said, and what a
    number of it counts."""

    path: tuple[str, ...]
    label: str
    said: Callable[[Any], str] = str
    unit: str = ""

    def of(self, preferences: Mapping[str, Any]) -> Any:
        """Its value in a document's preferences."""
        value: Any = preferences
        for key in self.path:
            value = value[key]
        return value


def _switch(value: Any) -> str:
    return "on" if value else "off"


_SHARE = "{} %".format

WORDS = (
    Word(("sync_conversations",), "Sync Conversations", _switch),
    Word(("conversation_entity",), "Conversation Entity"),
    Word(("contact_entity",), "Contact Entity"),
    Word(("import", "update_existing"), "Update Existing", _switch),
    Word(("import", "create_new"), "Create New", _switch),
    Word(("export", "mode"), "Export Mode", lambda value: EXPORT_MODES[ExportMode(value)]),
    Word(("export", "scope"), "Which contacts", lambda value: SCOPES[Scope(value)]),
    Word(("match_on",), "Match fields", lambda value: ", ".join(value) or "none"),
    Word(("interval_minutes",), "Sync every", lambda value: counted(value, "minute"), "minutes"),
    Word(
        ("guard", "records"),
        "Ask above",
        lambda value: counted(value, "record of a kind", "records of a kind"),
        "records of a kind",
    ),
    Word(("guard", "percent"), "Ask above this share", _SHARE, "%"),
    Word(("guard", "at_least"), "Do not ask up to", lambda value: counted(value, "record"), "records"),
    Word(("api_share_percent",), "Share of Salesforce's daily limit", _SHARE, "%"),
    Word(("batch_size",), "Batch size", lambda value: counted(value, "record"), "records"),
    Word(("salesforce_threads",), "Batches to Salesforce at the same time"),
    Word(("element451_threads",), "Requests to Element451 at the same time"),
)
"""Every preference, in the order of the Sync Preferences page."""
