"""A reason with the records that it names: those of Salesforce as links, those of Element451 to copy."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import streamlit as st

from dashboard.parts.text import plain
from syncer import links

LONGEST = 2000


def told(reason: str, account: Mapping[str, Any] | None, own: Collection[str | None], tell: Callable[[str], object]) -> None:
    """Say ``reason`` by ``tell`` (`st.error` and the like). ``own``: the IDs of the record itself, which stand elsewhere. ``account``: that of the
    Salesforce connection, whose organization holds the records."""
    ours, theirs = links.named(reason)
    said = plain(reason, longest=LONGEST)
    for identity in theirs:
        if address := links.in_salesforce(account, identity):
            said = said.replace(identity, f"[{identity}]({address})")
    tell(said)
    others = [identity for identity in ours if identity not in own]
    if others:
        st.caption("Named there, to copy into Element451’s search")
        with st.container(horizontal=True):
            for identity in others:
                st.code(identity, language=None, width="content")
