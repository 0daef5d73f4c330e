"""The records that a reason names: those of Salesforce as links, those of Element451 to be copied."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from dashboard.shared.markdown import plain
from syncer.core.ids import salesforce_id

_LONGEST_REASON = 2000
_ELEMENT_ID = re.compile(r"\b[0-9a-f]{24}\b")
_SALESFORCE_ID = re.compile(r"\b[A-Za-z0-9]{18}\b")


def draw_reason(
    reason: str,
    account: Mapping[str, Any] | None,
    own_ids: Collection[str | None],
    draw: Callable[[str], object],
) -> None:
    """Draw ``reason`` by ``draw`` (`st.error` and the like), with links, and the Element IDs below it.

    ``account`` is that of the Salesforce connection, whose organization holds the records. ``own_ids`` are
    the IDs of the record that the reason is about, which the page shows elsewhere.
    """
    element_ids, salesforce_ids = ids_in(reason)
    text = plain(reason, longest=_LONGEST_REASON)
    for record_id in salesforce_ids:
        url = salesforce_url(account, record_id)
        if url:
            text = text.replace(record_id, f"[{record_id}]({url})")
    draw(text)
    others = [record_id for record_id in element_ids if record_id not in own_ids]
    if others:
        st.caption("Named there, to copy into Element451’s search")
        with st.container(horizontal=True):
            for record_id in others:
                st.code(record_id, language=None, width="content")


def salesforce_url(account: Mapping[str, Any] | None, record_id: str | None) -> str | None:
    """The address of a record's page in the connected organization; None where nothing is connected, or the
    ID is not one. ``account`` is that of the connection (`connections.ConnectionView`).

    An ID behind the organization's address is the record's page in Salesforce Classic, which redirects to
    that of Lightning Experience. How Element451 addresses a contact's page is not published, so its records
    have no links.
    """
    valid_id = salesforce_id(record_id)
    instance = urlsplit(str((account or {}).get("instance_url") or ""))
    if valid_id is None or instance.scheme not in ("https", "http") or not instance.hostname:
        return None
    return f"{instance.scheme}://{instance.netloc}/{valid_id}"


def ids_in(text: str) -> tuple[list[str], list[str]]:
    """The Element IDs and the Salesforce IDs in a text, each once, in their order. Of other words with 18
    characters the checksum does not fit."""
    salesforce_ids = [
        found
        for found in _SALESFORCE_ID.findall(text)
        if any(map(str.isdigit, found)) and salesforce_id(found) == found
    ]
    return list(dict.fromkeys(_ELEMENT_ID.findall(text))), list(dict.fromkeys(salesforce_ids))
