"""Problems, not records: what fails now, grouped by cause, field and value, and what can be done here about a
whole group (rules 15 and 16)."""

import hashlib
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from sqlalchemy import Engine

from syncer.application.container import Application
from syncer.application.remedies import for_code
from syncer.configuration.document import Document, MappingRow, field_keys, mapping_rows
from syncer.configuration.required_mappings import required_mapping
from syncer.core.error_codes.code import Code
from syncer.core.field_types.field_type import quoted
from syncer.core.plan import Direction
from syncer.core.records import Kind
from syncer.core.trust.culprits import is_whole
from syncer.infra.database.engine import reading
from syncer.sync import failures
from syncer.sync.failures import Problem, Which

ADD_TO_VALUE_MAP, SET_DEFAULT, LINK = "add_to_value_map", "set_default", "link_records"
_ACTS = {Code.VALUE_NOT_IN_MAP.value: ADD_TO_VALUE_MAP, Code.REQUIRED_FIELD_MISSING.value: SET_DEFAULT}
"""What can be done here about a field's failures with a code: each takes a value, and makes a version."""


class NoSuchProblem(Exception):
    """Nothing fails so any more, or nothing can be done about it here; ``str()`` says so."""


def groups(engine: Engine, document: Document) -> list[dict[str, Any]]:
    """The groups of what fails now under the configuration in force, most records first: ``{"group", "kind",
    "direction", "code", "field", "salesforce", "value", "values", "records", "remedy", "title", "act",
    "examples"}``. ``field`` is the slug where the failure names one, ``salesforce`` the API name. ``values``:
    how many values the group has, None where they are too many to be told apart. ``act``: what `remedied` can
    do about it, None where nothing. ``examples``: the IDs of the first records."""
    with reading(engine).connect() as connection:
        found = failures.problems(connection, document)
    every = [one for problem in found for one in _groups(problem)]
    return sorted(every, key=lambda one: -one["records"])


def which(group: dict[str, Any]) -> Which:
    """What a Retry of this group does again."""
    value = (group["value"] or "") if group["field"] and group["values"] == 1 else None
    return Which(group["code"], group["field"], value, group["kind"], group["direction"])


def find(engine: Engine, document: Document, group: str) -> dict[str, Any]:
    """The group of this name. Raises `NoSuchProblem`."""
    for one in groups(engine, document):
        if one["group"] == group:
            return one
    raise NoSuchProblem(f"There is no group {group} any more: it was resolved, or fails otherwise.")


def remedy(
    application: Application, group: str, value: str | None, based_on: int | None = None
) -> dict[str, Any]:
    """Put the remedy of the group of this name into force, as a version of its own; the group, to be followed
    by a Retry of `which`. ``based_on``: the version that somebody looked at. Raises `NoSuchProblem`, and as
    storing a version does."""
    version, document = application.configuration.current() or (0, None)
    if document is None:
        raise NoSuchProblem("Nothing is mapped yet, so that nothing fails.")
    found = find(application.database, document, group)
    application.configuration.store(remedied(document, found, value), based_on=based_on or version)
    return found


def remedied(document: Document, group: dict[str, Any], value: str | None) -> Document:
    """The document with the group's remedy: its value translated to ``value``, or this as the default of the
    field; where it is None, the field is suspended. To be forecast, stored, and followed by a Retry of
    `which`. Raises `NoSuchProblem`, also where that would replace another translation."""
    if value is None:
        return _suspended(document, group)
    if group["act"] == LINK:
        raise NoSuchProblem("Say of each which record is its other half: link ELEMENT_ID SALESFORCE_ID")
    if group["act"] is None:
        raise NoSuchProblem(f"Nothing in the settings helps against {group['code']}. {group['remedy']}")
    edited = deepcopy(document)
    for row in mapping_rows(edited, Kind(group["kind"])):
        if group["field"] in field_keys(row):
            _remedy(row, group, value)
            return edited
    raise NoSuchProblem(f"{group['field']} is not mapped any more.")


def _suspended(document: Document, group: dict[str, Any]) -> Document:
    edited = deepcopy(document)
    for row in mapping_rows(edited, Kind(group["kind"])):
        if group["field"] and group["field"] in field_keys(row):
            if required_mapping(Kind(group["kind"]), field_keys(row)):
                raise NoSuchProblem("The IDs are the link, and cannot be suspended.")
            row["suspended"] = True
            return edited
    raise NoSuchProblem("These failures belong to no mapped field, so that none can be suspended.")


def _remedy(row: MappingRow, group: dict[str, Any], value: str) -> None:
    if group["act"] == SET_DEFAULT:
        row["default"] = value
        return
    exports = group["direction"] == Direction.EXPORT
    ours, theirs = (group["value"], value) if exports else (value, group["value"])
    known = row.get("values", {})
    for listed, translated in known.items():
        if listed.strip() == ours.strip() and translated != theirs:
            raise NoSuchProblem(
                f"The value map translates {quoted(ours)} to {quoted(translated)} already, and lists an"
                " Element451 value once. Choose another value, or change that translation in the mappings."
            )
    row["values"] = {**known, ours: theirs}


def _groups(problem: Problem) -> Iterator[dict[str, Any]]:
    field = problem.element451 or problem.salesforce or None
    act = _ACTS.get(problem.code) if field else _link(problem)
    if act == SET_DEFAULT and not problem.creations:
        act = None  # a default is for new records: nobody's value is replaced by it
    if problem.values is None:
        act = act if act == SET_DEFAULT else None
        yield _group(problem, field, None, None, problem.records, act)
        return
    for value, records in problem.values.most_common():
        helps = act in (SET_DEFAULT, LINK) or is_whole(value)
        yield _group(problem, field, value, 1 if field else 0, records, act if helps else None)


def _link(problem: Problem) -> str | None:
    contacts = problem.kind == Kind.CONTACT and problem.code == Code.MORE_THAN_ONE_MATCH
    return LINK if contacts else None


def _group(
    problem: Problem, field: str | None, value: str | None, values: int | None, records: int, act: str | None
) -> dict[str, Any]:
    named = "\n".join((problem.kind, problem.direction, problem.code, field or "", value or "", str(values)))
    about = for_code(problem.code, problem.cause)
    return {
        "group": hashlib.blake2b(named.encode(), digest_size=4).hexdigest(),
        "kind": problem.kind,
        "direction": problem.direction,
        "code": problem.code,
        "field": field,
        "salesforce": problem.salesforce or None,
        "value": value,
        "values": values,
        "records": records,
        "title": about.title,
        "remedy": about.advice,
        "act": act,
        "examples": [
            {"element_id": ours, "salesforce_id": theirs} for ours, theirs in problem.examples.get(value, [])
        ],
    }
