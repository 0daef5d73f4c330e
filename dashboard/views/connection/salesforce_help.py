"""What somebody has to set up in Salesforce before it can be connected (contracts/salesforce.md A1.2,
A1.5)."""

import streamlit as st

from syncer.connectors.salesforce.oauth import STAYED_ON_SALESFORCE

_STEPS = """
In Salesforce, as an administrator, under **Setup → External Client App Manager**:

1. **New External Client App**, with OAuth enabled, and this callback URL, letter by letter:
"""
_REST = """
2. OAuth scopes: **Manage user data via APIs (api)** and **Perform requests at any time (refresh_token, offline_access)**.
3. Flow: the authorization code flow (web server flow), with a secret. *Require Proof Key for Code Exchange (PKCE)* and
   *Enable Refresh Token Rotation* may both be on, and should be.
4. Policies: the refresh token is **valid until revoked** (not *Immediately expire*), and the user who will sign in is among the permitted users.
5. Copy the **Consumer Key** (Client ID here) and the **Consumer Secret** (Secret Key here). A new app needs up to ten minutes.

Sign in as a user made for the sync: everything is written in that user's name, and records that this user cannot see look deleted to the
sync: grant *View All Records* on the objects that you sync. The user also needs *API Enabled*, and the right to read and edit the fields that you
map and the two ID fields.
"""


def draw(callback_url: str, *, expanded: bool) -> None:
    """Draw the steps, with the callback URL to copy."""
    with st.expander("What to set up in Salesforce", expanded=expanded, icon=":material/help:"):
        st.markdown(_STEPS)
        st.code(callback_url, language=None, wrap_lines=True)
        st.markdown(_REST)
        st.caption(STAYED_ON_SALESFORCE)
