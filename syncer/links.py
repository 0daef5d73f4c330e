"""The address of a record's page in the system that holds it, for a link. Pure; standard library only."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from syncer.core.ids import salesforce_id

_ELEMENT_ID, _SALESFORCE_ID = re.compile(r"\b[0-9a-f]{24}\b"), re.compile(r"\b[A-Za-z0-9]{18}\b")


def in_salesforce(account: Mapping[str, Any] | None, identity: str | None) -> str | None:
    """The record's page in the connected organization; None where nothing is connected, or there is no such ID. ``account`` is that of the
    connection (`connections.ConnectionView`).

    An ID behind the organization's address is the page of its record in Salesforce Classic, from where Lightning Experience leads on to its
    own. There is none such for Element451: how it addresses a contact's page is not published, so its records are named by their ID alone.
    """
    wanted, home = salesforce_id(identity), urlsplit(str((account or {}).get("instance_url") or ""))
    if wanted is None or home.scheme not in ("https", "http") or not home.hostname:
        return None
    return f"{home.scheme}://{home.netloc}/{wanted}"


def named(text: str) -> tuple[list[str], list[str]]:
    """The Element IDs and the Salesforce IDs that a reason names, each once, in their order. Whatever else is 18 characters long is none: the last
    three check the others."""
    theirs = (found for found in _SALESFORCE_ID.findall(text) if any(map(str.isdigit, found)) and salesforce_id(found) == found)
    return list(dict.fromkeys(_ELEMENT_ID.findall(text))), list(dict.fromkeys(theirs))
