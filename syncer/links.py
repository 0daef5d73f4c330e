"""The address of a record's page in the system that holds it, for a link. Pure; standard library only."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from syncer.pair import salesforce_id


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
