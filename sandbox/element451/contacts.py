"""What people do in the account's own screens: contacts. Every change is noted in the journal as a
person's."""

from collections.abc import Mapping
from typing import Any

from sandbox.element451 import catalogue, store, values
from sandbox.element451.options import Element451Options
from sandbox.element451.store import CONTACT, CONVERSATION, Kind, Row, Values
from sandbox.world import World


def contact(world: World, id: str) -> Row:
    """The contact. Raises KeyError when there is none."""
    return record(world, CONTACT, id)


def record(world: World, kind: Kind, id: str) -> Row:
    """The record. Raises KeyError when there is none."""
    row = store.by_ids(world, kind, [id]).get(id)
    if row is None:
        raise KeyError(f"there is no {kind.name} {id}")
    return row


def typed(world: World, kind: Kind, given: Mapping[str, Any]) -> Values:
    """The values as the account keeps them; empty ones are None. Raises ValueError for an unknown slug or a
    value that does not fit.

    A person's edit may carry what an import may not: calculated values, repeaters, uploads. The id and the
    time of update are nobody's to set.
    """
    fields, zone_name = store.fields(world), world.options.of(Element451Options).element451_zone
    kept: Values = {}
    for slug, value in given.items():
        field = fields.get(slug)
        if field is None or field.entity != kind.entity or slug in (kind.id_slug, kind.updated_slug):
            raise ValueError(f"{slug} cannot be set on a {kind.name}")
        try:
            kept[slug] = None if values.is_empty(value) else values.store(field, value, zone_name)
        except ValueError as error:
            raise ValueError(f"{slug} {error}") from None
    return kept


def change(world: World, kind: Kind, row: Row, changes: Values, operation: str = "update") -> None:
    """Keep a record with ``changes`` made (None removes a value), and note it. Its time of update moves even
    when nothing else does."""
    after = {slug: value for slug, value in {**row.values, **changes}.items() if value is not None}
    store.save(world, kind, [(row.id, after)])
    world.journal.write("element451", operation, kind.name, row.id, changes, "person")


def create(world: World, given: Mapping[str, Any]) -> str:
    """A new contact; gives its Element ID."""
    kept = typed(world, CONTACT, given)
    with world.transaction():
        (id,) = store.new_ids(world, 1)
        change(world, CONTACT, Row(id, 0, {}), kept, "create")
    return id


def edit(world: World, id: str, given: Mapping[str, Any]) -> None:
    """Change a contact's values; null, "" or [] removes one."""
    row, kept = contact(world, id), typed(world, CONTACT, given)
    with world.transaction():
        change(world, CONTACT, row, kept)


def delete(world: World, id: str) -> None:
    """Delete a contact for good. Its conversations go on naming it."""
    contact(world, id)
    with world.transaction():
        store.delete(world, CONTACT, id)
        world.journal.write("element451", "delete", CONTACT.name, id, {}, "person")


def merge(world: World, master_id: str, loser_id: str) -> None:
    """Merge a duplicate into its master (contracts/element451.md F16).

    The master keeps its Element ID and its values, and takes over the loser's Salesforce ID when it has none;
    the loser's conversations become the master's; the loser is deleted.
    """
    if master_id == loser_id:
        raise ValueError("a contact cannot be merged into itself")
    master, loser = contact(world, master_id), contact(world, loser_id)
    taken: Values = {}
    if not master.values.get(catalogue.SALESFORCE_ID) and (
        salesforce_id := loser.values.get(catalogue.SALESFORCE_ID)
    ):
        taken[catalogue.SALESFORCE_ID] = salesforce_id
    with world.transaction():
        store.delete(world, CONTACT, loser_id)
        world.journal.write(
            "element451", "delete", CONTACT.name, loser_id, {"merged_into": master_id}, "person"
        )
        change(world, CONTACT, master, taken, "merge")
        concerned = f"{store.column(CONVERSATION, catalogue.CONVERSATION_USER)} = ?"
        for conversation in store.select(world, CONVERSATION, concerned, [loser_id]):
            change(world, CONVERSATION, conversation, {catalogue.CONVERSATION_USER: master_id})
