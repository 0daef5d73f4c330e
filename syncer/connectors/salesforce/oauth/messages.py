"""Salesforce's sign-in errors in a school administrator's words (contracts/salesforce.md A1.2, A1.4). `Busy`
passes within a second."""

from syncer.connectors.errors import Fault, NotAllowed, ReconnectNeeded, Unexpected, Unreachable
from syncer.core.records import System

STAYED_ON_SALESFORCE = (
    "If the browser stays on a Salesforce error page: redirect_uri_mismatch means that the callback address"
    " in the External Client App differs from the one shown here; invalid_client_id means that the consumer"
    " key is wrong or was made less than ten minutes ago."
)
"""Errors that Salesforce shows on its own page and never sends back (A1.2): to be shown beside the sign-in
link."""

LAPSED = "The sign-in to Salesforce has expired or was revoked. Connect to Salesforce again."
ZERO_POLICY = (
    "Salesforce gave a sign-in that ends at once. In the External Client App, under Policies, set the refresh"
    ' token policy to "valid until revoked" (not "immediately expire"), and connect again.'
)
NO_LASTING_SIGN_IN = (
    'Salesforce gave no lasting sign-in. In the External Client App, add the scope "Perform requests at any'
    ' time (refresh_token)", and under Policies choose any refresh token policy but "immediately expire".'
    " Then connect again."
)

_CALLBACK = {
    "access_denied": "Access was denied on the Salesforce page. Connect again and choose Allow.",
    "immediate_unsuccessful": (
        "Salesforce wanted the user to sign in first. Connect again and sign in when asked."
    ),
    "oauth_approval_error_generic": (
        "Salesforce could not finish the sign-in. The usual reasons: the External Client App is not installed"
        ' in this organization, the user may only use the API, or the app lacks the scopes "api" and'
        ' "refresh_token".'
    ),
    "invalid_scope": (
        "The External Client App lacks a scope. It needs both of these: "
        '"Manage user data via APIs (api)" and "Perform requests at any time (refresh_token)".'
    ),
    "login_required": "Salesforce wanted the user to sign in first. Connect again and sign in when asked.",
}

_CONFIG = {
    "invalid_client_id": (
        "Salesforce does not know the consumer key. Check it; a new External Client App needs up to ten"
        " minutes."
    ),
    "redirect_uri_mismatch": (
        "The callback address in the External Client App differs from the one of this installation. They must"
        " be equal."
    ),
    "inactive_user": (
        "The connected Salesforce user is inactive. Activate the user, or connect with another one."
    ),
    "inactive_org": "The Salesforce organization is inactive.",
    "invalid_app_access": (
        "The connected user is not admitted to the External Client App. Change the app's permitted users, or"
        " assign the user."
    ),
    "app_not_found": (
        "The External Client App no longer exists in this organization, or is not installed there."
    ),
    "unsupported_grant_type": (
        "The External Client App does not allow this sign-in flow. Enable the authorization code flow in its"
        " OAuth settings."
    ),
    "invalid_scope": _CALLBACK["invalid_scope"],
}

_GRANT = (
    (
        "ip restricted",
        (
            "Salesforce refuses sign-ins from this network address. Relax the IP restrictions of the External"
            " Client App or of the profile."
        ),
    ),
    ("hasn't approved", "The user has not approved the External Client App. Connect to Salesforce again."),
    (
        "no client credentials user",
        (
            "The External Client App expects another sign-in flow. Enable the authorization code flow in its"
            " OAuth settings."
        ),
    ),
    (
        "invalid user credentials",
        (
            "Salesforce refuses the connected user. Check that the user is active and not locked, then"
            " connect again."
        ),
    ),
)


class Busy(Unreachable):
    """Another request is renewing the same token at this moment (A1.4): wait a second and read the stored
    tokens again."""


def callback_fault(error: str, description: str) -> Fault:
    """The fault for a callback that came back with ``error=`` (A1.2)."""
    key = error.lower().replace("-", "_")
    detail = f"{error}: {description}"
    if "code challenge" in description.lower():
        sentence = (
            "The External Client App requires a code challenge (PKCE) that did not arrive. Connect again from"
            " the beginning."
        )
        return NotAllowed(System.SALESFORCE, sentence, code=error, detail=detail)
    sentence = (
        _CALLBACK.get(key) or _CONFIG.get(key) or f"Salesforce refused the sign-in: {description or error}."
    )
    return NotAllowed(System.SALESFORCE, sentence, code=error, detail=detail)


def token_fault(status: int, error: str, description: str, *, connecting: bool = False) -> Fault:
    """The fault for a refusal of the token address (table A1.4). ``connecting`` says that it answered a code,
    not a refresh token."""
    detail, said = f"{status} {error}: {description}", description.lower()

    def fault(kind: type[Fault], sentence: str) -> Fault:
        return kind(System.SALESFORCE, sentence, code=error or str(status), detail=detail)

    if "already being processed" in said:
        return fault(Busy, "Another process is renewing the sign-in to Salesforce.")
    if status >= 500 or status in (420, 429) or error == "rate_limit_exceeded" or not error:
        return fault(
            Unreachable, "Salesforce's sign-in is not available at the moment. It is tried again later."
        )
    if error == "invalid_client":
        return fault(
            ReconnectNeeded,
            "Salesforce refuses the consumer key or secret. If they were changed in Salesforce, enter them"
            " anew and connect.",
        )
    if error in _CONFIG:
        return fault(NotAllowed, _CONFIG[error])
    if error == "invalid_grant":
        for words, sentence in _GRANT:
            if words in said:
                return fault(NotAllowed, sentence)
        return fault(
            ReconnectNeeded,
            "This sign-in has expired or was used already. Connect again." if connecting else LAPSED,
        )
    if error == "invalid_request":
        return fault(
            ReconnectNeeded,
            "Salesforce could not match this sign-in with its beginning. Connect again from the start.",
        )
    return fault(Unexpected, f"Salesforce refused the sign-in: {description or error}.")
