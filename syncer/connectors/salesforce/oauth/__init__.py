"""Signing in to Salesforce with OAuth 2.0 (authorization code, PKCE, rotating refresh tokens). Knows nothing
of the database.

`begin` -> browser -> `exchange` gives a `Grant`; `TokenKeeper` renews it through a `GrantStore`; `revoke`
gives it back.
"""

from syncer.connectors.salesforce.oauth.addresses import check_salesforce_url
from syncer.connectors.salesforce.oauth.grant import App, Grant, GrantStore
from syncer.connectors.salesforce.oauth.grant_checks import API_VERSION
from syncer.connectors.salesforce.oauth.messages import STAYED_ON_SALESFORCE
from syncer.connectors.salesforce.oauth.sign_in import SignIn, begin, callback_state, exchange
from syncer.connectors.salesforce.oauth.tokens import TokenKeeper, refresh, revoke

__all__ = [
    "API_VERSION",
    "STAYED_ON_SALESFORCE",
    "App",
    "Grant",
    "GrantStore",
    "SignIn",
    "TokenKeeper",
    "begin",
    "callback_state",
    "check_salesforce_url",
    "exchange",
    "refresh",
    "revoke",
]
