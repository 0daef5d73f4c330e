"""What people do in the org by hand, and whom its sharing lets the API see."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.salesforce.fields import SObject
from sandbox.salesforce.ids import normal_id
from sandbox.salesforce.org import Org
from sandbox.salesforce.saving.checks import NO_ACCESS
from sandbox.salesforce.saving.drafts import Draft
from sandbox.salesforce.seeding import find

MOST_MERGED = 2  # besides the one that stays


def create(org: Org, object: str, fields: Mapping[str, Any]) -> str:
    """Create a record as a person would. Returns its id. Raises ValueError in the org's words."""
    return create_many(org, object, [fields])[0]


def create_many(org: Org, object: str, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Create records as people would, all or none. Returns their ids, in order. Raises ValueError in the
    org's words."""
    item = find(org, object)
    return _saved(org, org.saver.insert((item, fields) for fields in records))


def edit(org: Org, object: str, id: str, fields: Mapping[str, Any]) -> str:
    """Change a record as a person would. Raises ValueError in the org's words."""
    return edit_many(org, object, [{**fields, "Id": id}])[0]


def edit_many(org: Org, object: str, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Change records, each named by its ``Id``, as people would, all or none. Raises ValueError in the org's
    words."""
    item = find(org, object)
    return _saved(org, org.saver.update((item, fields) for fields in records))


def delete(org: Org, object: str, ids: Sequence[str]) -> None:
    """Put records into the recycle bin. Raises ValueError for one that is not live."""
    item = find(org, object)
    org.store.delete(item, _in_state(org, item, ids, deleted=False), "person")


def undelete(org: Org, object: str, ids: Sequence[str]) -> None:
    """Take records out of the recycle bin. Raises ValueError for one that is not in it, or whose unique value
    was taken meanwhile."""
    item = find(org, object)
    found = _in_state(org, item, ids, deleted=True)
    for key in (field for field in item.fields if field.unique):
        for id in found:
            taken = org.world.db.execute(
                f'SELECT o.Id FROM "{item.name}" o JOIN "{item.name}" d ON o."{key.column}" = d."{key.column}"'
                " WHERE d.Id = ? AND o.Id <> d.Id AND NOT o.IsDeleted",
                (id,),
            ).fetchone()
            if taken:
                raise ValueError(
                    f"duplicate value found: {key.name} duplicates value on record with id: {taken[0]}"
                )
    org.store.undelete(item, found, "person")


def purge(org: Org, object: str, ids: Sequence[str]) -> None:
    """Empty records out of the recycle bin for good. Raises ValueError for one that is not in it."""
    item = find(org, object)
    org.store.purge(item, _in_state(org, item, ids, deleted=True), "person")


def merge(org: Org, object: str, winner: str, losers: Sequence[str], fields: Mapping[str, Any]) -> None:
    """Merge up to two records into a third: they go to the recycle bin with its id, and what pointed to them
    points to it.

    What pointed to them keeps its SystemModstamp (contracts/salesforce.md A5.2). Raises ValueError in the
    org's words.
    """
    item = find(org, object)
    if not item.mergeable:
        raise ValueError(f"{item.name} records cannot be merged")
    if not 1 <= len(losers) <= MOST_MERGED:
        raise ValueError(f"a merge takes one or {MOST_MERGED} records besides the one that stays")
    (master,) = _in_state(org, item, [winner], deleted=False)
    gone = _in_state(org, item, losers, deleted=False)
    if master in gone:
        raise ValueError("a record cannot be merged into itself")
    org.store.delete(item, gone, "person", {"MasterRecordId": master}, "merge")
    for child, lookup in org.schema.children(item):
        if lookup.updateable:
            marks = ", ".join("?" * len(gone))
            moved = org.world.db.execute(
                f'SELECT Id FROM "{child.name}" WHERE "{lookup.column}" IN ({marks})', gone
            ).fetchall()
            org.store.update(
                child, [(id, {lookup.column: master}) for (id,) in moved], "person", "reparent", stamped=False
            )
    edit(org, object, master, fields)


def hide(org: Org, object: str, ids: Sequence[str], code: str = "INVALID_CROSS_REFERENCE_KEY") -> None:
    """Let sharing hide records from the API: no read finds them, deleted or not, and writes of them are
    refused with ``code``. Raises ValueError."""
    item = find(org, object)
    if code not in NO_ACCESS:
        raise ValueError(f"error is one of {', '.join(NO_ACCESS)}, not {code!r}")
    org.store.visibility.hide(item, [normal_id(text) or text for text in ids], code)


def show(org: Org, object: str, ids: Sequence[str] | None = None) -> None:
    """Show hidden records again; all of the object's where none is named."""
    item = find(org, object)
    org.store.visibility.show(item, None if ids is None else [normal_id(text) or text for text in ids])


def _saved(org: Org, drafts: list[Draft]) -> list[str]:
    results = org.saver.save(drafts, by="person")
    errors = [error for saved in results for error in saved.errors]
    if errors:
        raise ValueError("; ".join(f"{error.code}: {error.message}" for error in errors[:5]))
    return [saved.id for saved in results]


def _in_state(org: Org, item: SObject, given: Sequence[str], deleted: bool) -> list[str]:
    ids = [normal_id(text) or text for text in given]
    states = org.store.states(item, ids)
    for id in ids:
        if states.get(id) != deleted:
            raise ValueError(
                f"{item.name} {id} is {'not in the recycle bin' if deleted else 'not a live record'}"
            )
    return ids
