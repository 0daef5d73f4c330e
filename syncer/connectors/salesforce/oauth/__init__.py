"""Signing in to Salesforce with OAuth 2.0 (authorization code, PKCE, rotating refresh tokens). Knows nothing
of the database, nor of any record.

`begin` -> browser -> `exchange` gives `Tokens`; `TokenManager` renews them through a `TokenStore`;
`revoke` ends them.
"""

from syncer.connectors.salesforce.oauth.addresses import check_salesforce_url
from syncer.connectors.salesforce.oauth.credentials import App, Tokens, TokenStore
from syncer.connectors.salesforce.oauth.messages import STAYED_ON_SALESFORCE
from syncer.connectors.salesforce.oauth.sign_in import SignIn, begin, callback_state, exchange
from syncer.connectors.salesforce.oauth.sign_in_checks import API_VERSION, same_organization
from syncer.connectors.salesforce.oauth.token_manager import TokenManager, refresh
from syncer.connectors.salesforce.oauth.token_requests import revoke

__all__ = [
    "API_VERSION",
    "STAYED_ON_SALESFORCE",
    "App",
    "SignIn",
    "TokenManager",
    "TokenStore",
    "Tokens",
    "begin",
    "callback_state",
    "check_salesforce_url",
    "exchange",
    "refresh",
    "revoke",
    "same_organization",
]
