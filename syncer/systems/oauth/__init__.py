"""Signing in to Salesforce with OAuth 2.0 (authorization code, PKCE, rotating refresh tokens). Knows nothing of the database.

`begin` -> browser -> `exchange` gives a `Grant`; `TokenKeeper` renews it through a `GrantStore`; `revoke` gives it back.
"""

from syncer.systems.oauth.addresses import check_salesforce_url, is_loopback
from syncer.systems.oauth.checks import API_VERSION
from syncer.systems.oauth.connect import SignIn, begin, callback_state, exchange
from syncer.systems.oauth.grant import App, Grant, GrantStore
from syncer.systems.oauth.tokens import TokenKeeper, refresh, revoke
from syncer.systems.oauth.words import STAYED_ON_SALESFORCE

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
    "is_loopback",
    "refresh",
    "revoke",
]
