"""A reason with the records that it names: those of Salesforce as links, those of Element451 to copy."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from dashboard.shared.markdown import plain
from syncer.core.ids import salesforce_id

LONGEST = 2000


def told(
    reason: str, account: Mapping[str, Any] | None, own: Collection[str | None], tell: Callable[[str], object]
) -> None:
    """Say ``reason`` by ``tell`` (`st.error` and the like). ``own``: the IDs of the record itself, which
    stand elsewhere. ``account``: that of the Salesforce connection, whose organization holds the records."""
    ours, theirs = named(reason)
    said = plain(reason, longest=LONGEST)
    for identity in theirs:
        if address := in_salesforce(account, identity):
            said = said.replace(identity, f"[{identity}]({address})")
    tell(said)
    others = [identity for identity in ours if identity not in own]
    if others:
        st.caption("Named there, to copy into Element451’s search")
        with st.container(horizontal=True):
            for identity in others:
                st.code(identity, language=None, width="content")


_ELEMENT_ID, _SALESFORCE_ID = re.compile(r"\b[0-9a-f]{24}\b"), re.compile(r"\b[A-Za-z0-9]{18}\b")


def in_salesforce(account: Mapping[str, Any] | None, identity: str | None) -> str | None:
    """The record's page in the connected organization; None where nothing is connected, or there is no such
    ID. ``account`` is that of the connection (`connections.ConnectionView`).

    An ID behind the organization's address is the page of its record in Salesforce Classic, from where
    Lightning Experience leads on to its own. There is none such for Element451: how it addresses a contact's
    page is not published, so its records are named by their ID alone.
    """
    wanted, home = salesforce_id(identity), urlsplit(str((account or {}).get("instance_url") or ""))
    if wanted is None or home.scheme not in ("https", "http") or not home.hostname:
        return None
    return f"{home.scheme}://{home.netloc}/{wanted}"


def named(text: str) -> tuple[list[str], list[str]]:
    """The Element IDs and the Salesforce IDs that a reason names, each once, in their order. Whatever else is
    18 characters long is none: the last three check the others."""
    theirs = (
        found
        for found in _SALESFORCE_ID.findall(text)
        if any(map(str.isdigit, found)) and salesforce_id(found) == found
    )
    return list(dict.fromkeys(_ELEMENT_ID.findall(text))), list(dict.fromkeys(theirs))
