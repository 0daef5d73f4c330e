"""What people do in the account's own screens: conversations."""

from collections.abc import Mapping
from typing import Any

from sandbox.element451 import store, zone
from sandbox.element451.catalogue import CONVERSATION_ANONYMOUS, CONVERSATION_USER
from sandbox.element451.contacts import change, contact, record, typed
from sandbox.element451.store import CONVERSATION, Row, Values
from sandbox.world import World

_CREATED, _ACTIVE, _COUNT = (
    "conversation-created-at",
    "conversation-last-activity-at",
    "conversation-message-count",
)
_STATUS, _TRANSCRIPT = "conversation-status", "conversation-transcript"


def create(world: World, given: Mapping[str, Any]) -> str:
    """A new conversation, open unless said otherwise, anonymous when ``conversation-user-elementid`` is
    missing; gives its id."""
    stamp = zone.stamp(store.now(world))
    fresh: Values = {
        "conversation-channel": "messenger",
        _STATUS: "open",
        _COUNT: 1,
        _CREATED: stamp,
        _ACTIVE: stamp,
        "conversation-is-private": False,
    }
    kept = {**fresh, **typed(world, CONVERSATION, given)}
    _name_contact(world, kept)
    with world.transaction():
        (id,) = store.new_ids(world, 1)
        change(world, CONVERSATION, Row(id, 0, {}), kept, "create")
    return id


def edit(world: World, id: str, given: Mapping[str, Any]) -> None:
    """Change a conversation's values; null, "" or [] removes one. Naming a contact ends its anonymity."""
    row, kept = record(world, CONVERSATION, id), typed(world, CONVERSATION, given)
    if CONVERSATION_USER in kept:
        _name_contact(world, kept)
    with world.transaction():
        change(world, CONVERSATION, row, kept)


def attach(world: World, id: str, contact_id: str) -> None:
    """Say who an anonymous conversation was with."""
    edit(world, id, {CONVERSATION_USER: contact_id})


def close(world: World, id: str) -> None:
    """Close a conversation."""
    edit(world, id, {_STATUS: "closed"})


def reopen(world: World, id: str, message: str) -> None:
    """A new message comes in: the conversation is open again and its transcript longer."""
    row = record(world, CONVERSATION, id)
    transcript = "\n".join(part for part in (row.values.get(_TRANSCRIPT), message) if part)
    count = int(row.values.get(_COUNT) or 0) + 1
    changes: Values = {
        _STATUS: "open",
        _COUNT: count,
        _TRANSCRIPT: transcript,
        _ACTIVE: zone.stamp(store.now(world)),
    }
    with world.transaction():
        change(world, CONVERSATION, row, changes)


def delete(world: World, id: str) -> None:
    """Delete a conversation for good."""
    record(world, CONVERSATION, id)
    with world.transaction():
        store.delete(world, CONVERSATION, id)
        world.journal.write("element451", "delete", CONVERSATION.name, id, {}, "person")


def _name_contact(world: World, kept: Values) -> None:
    """Let the anonymity flag agree with the contact. Raises KeyError for a contact that does not exist."""
    if who := kept.get(CONVERSATION_USER):
        contact(world, who)
    kept[CONVERSATION_ANONYMOUS] = not who
