"""The org's objects and fields as `Entity` and `Field` (contracts/salesforce.md A3, describe), read with
simple-salesforce."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from syncer.connectors.errors import Fault, FieldRefused, Unexpected
from syncer.connectors.salesforce.field_types import COMPOUND, field_type
from syncer.connectors.salesforce.oauth import API_VERSION
from syncer.connectors.salesforce.session import OrgSession
from syncer.core.fields import Entity, Field
from syncer.core.records import System

if TYPE_CHECKING:
    # Imported where it is used: its import takes a fifth of a process's start.
    from simple_salesforce.api import SFType

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}")


def checked_name(name: str) -> str:
    """``name``, if it can be an API name. Raises `FieldRefused`: nothing else may get into a path or a
    query."""
    if not NAME.fullmatch(name):
        raise FieldRefused(
            System.SALESFORCE,
            f"{name!r} cannot be the name of a Salesforce object or field.",
            code="INVALID_FIELD",
        )
    return name


def entities(session: OrgSession) -> list[tuple[str, str]]:
    """(API name, label) of the objects that can be queried, created and updated, by label."""
    from simple_salesforce.api import Salesforce

    tokens = session.token_manager.current()
    org = Salesforce(
        instance_url=tokens.instance_url, session_id=tokens.access_token, session=session, version=API_VERSION
    )
    answer = org.describe()
    found = answer.get("sobjects") if isinstance(answer, dict) else None
    if not isinstance(found, list):
        raise Unexpected(System.SALESFORCE, "Salesforce's list of objects was not understood.")
    usable = [
        one
        for one in found
        if isinstance(one, dict)
        and one.get("name")
        and one.get("queryable")
        and one.get("createable")
        and one.get("updateable")
        and not one.get("deprecatedAndHidden")
    ]
    return sorted(
        ((one["name"], one.get("label") or one["name"]) for one in usable),
        key=lambda one: (one[1].casefold(), one[0]),
    )


def object_of(session: OrgSession, name: str) -> "SFType":
    """simple-salesforce's resource of one object, through our session."""
    from simple_salesforce.api import SFType

    tokens = session.token_manager.current()
    host = tokens.instance_url.partition("://")[2]
    return SFType(checked_name(name), tokens.access_token, host, sf_version=API_VERSION, session=session)


def describe(session: OrgSession, name: str, clock: Callable[[], datetime]) -> Entity:
    """The object with its fields as the connected user may see them. Raises `FieldRefused` for an unknown or
    hidden object."""
    try:
        raw = object_of(session, name).describe()
    except Fault as fault:
        if fault.code not in ("NOT_FOUND", "INVALID_TYPE"):
            raise
        sentence = f"Salesforce has no object {name}, or the connected user may not see it."
        raise FieldRefused(System.SALESFORCE, sentence, code=fault.code, detail=fault.detail) from fault
    if not isinstance(raw, dict) or not isinstance(raw.get("fields"), list):
        raise Unexpected(System.SALESFORCE, f"Salesforce's description of {name} was not understood.")
    fields = [
        _field(one) for one in raw["fields"] if isinstance(one, dict) and NAME.fullmatch(str(one.get("name")))
    ]
    return Entity(
        name=str(raw.get("name") or name),
        label=str(raw.get("label") or name),
        fields={field.key: field for field in fields},
        key_prefix=raw.get("keyPrefix") or None,
        creatable=bool(raw.get("createable")),
        updatable=bool(raw.get("updateable")),
        queryable=bool(raw.get("queryable")),
        replicateable=bool(raw.get("replicateable")),
        read_at=clock(),
    )


def _field(raw: dict[str, Any]) -> Field:
    type_name = str(raw.get("type") or "string")
    listed = raw.get("picklistValues") or []
    return Field(
        system=System.SALESFORCE,
        key=str(raw["name"]),
        label=str(raw.get("label") or raw["name"]),
        type=field_type(type_name),
        type_name=type_name,
        length=int(raw.get("length") or 0),
        scale=int(raw.get("scale") or 0),
        precision=int(raw.get("precision") or raw.get("digits") or 0),
        options=tuple(
            (str(one["value"]), str(one.get("label") or one["value"]))
            for one in listed
            if isinstance(one, dict) and one.get("active") and one.get("value")
        ),
        inactive=tuple(str(one["value"]) for one in listed if not one.get("active") and one.get("value")),
        restricted=bool(raw.get("restrictedPicklist")),
        rich_text=bool(raw.get("htmlFormatted")),
        creatable=bool(raw.get("createable")),
        updatable=bool(raw.get("updateable")),
        required=bool(raw.get("createable")) and not raw.get("nillable") and not raw.get("defaultedOnCreate"),
        nillable=bool(raw.get("nillable")),
        unique=bool(raw.get("unique")),
        external_id=bool(raw.get("externalId")),
        calculated=bool(raw.get("calculated")),
        filterable=bool(raw.get("filterable")),
        compound=type_name in COMPOUND,
        refers_to=tuple(raw.get("referenceTo") or ()),
    )
