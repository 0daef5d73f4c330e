"""The authorize endpoint: a page for a person, ``approve=1`` or ``approve=0`` for a program
(contracts/salesforce.md A1.2)."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sandbox.salesforce.oauth.grants import Code
from sandbox.salesforce.oauth.pages import consent_page, error_page
from sandbox.salesforce.org import Org

KNOWN_SCOPES = ("refresh_token", "api", "openid", "id", "profile", "email", "web", "full")
USERNAME = "integration@sandbox.example"


def granted_scope(asked: str) -> str | None:
    """The scope as the org spells it (``offline_access`` is ``refresh_token``); None when something unknown
    is asked for."""
    names = {"refresh_token" if name == "offline_access" else name for name in asked.split()} or {
        "refresh_token",
        "api",
    }
    return None if names - set(KNOWN_SCOPES) else " ".join(name for name in KNOWN_SCOPES if name in names)


async def authorize(org: Org, request: Request) -> Response:
    """Show the page, or send the browser back with a code or an error."""
    parameters = {
        str(name): str(value)
        for name, value in (
            await request.form() if request.method == "POST" else request.query_params
        ).items()
    }
    answer = parameters.pop("approve", None)
    if parameters.get("client_id") != org.client.id:
        return HTMLResponse(error_page("invalid_client_id", "client identifier invalid"), 400)
    if parameters.get("redirect_uri") not in org.client.callbacks:
        return HTMLResponse(error_page("redirect_uri_mismatch", "redirect_uri must match configuration"), 400)
    problem = _problem(org, parameters)
    if problem:
        return _back(parameters, error=problem[0], error_description=problem[1])
    scope = granted_scope(parameters.get("scope", "")) or ""
    if answer is None:
        return HTMLResponse(consent_page(org.client.name, USERNAME, scope, parameters))
    if answer != "1":
        return _back(parameters, error="access_denied", error_description="end-user denied authorization")
    code = Code(org.client.id, parameters["redirect_uri"], scope, parameters.get("code_challenge"))
    return _back(parameters, code=org.sessions.add_code(code))


def _problem(org: Org, parameters: Mapping[str, str]) -> tuple[str, str] | None:
    if parameters.get("response_type") != "code":
        return "unsupported_response_type", "response type not supported"
    if granted_scope(parameters.get("scope", "")) is None:
        return "invalid_scope", "the requested scope is invalid, unknown, or malformed"
    if parameters.get("code_challenge_method", "S256") != "S256":
        return "invalid_request", "code challenge method not supported"
    if org.options.pkce_required and not parameters.get("code_challenge"):
        return "invalid_request", "missing required code challenge"
    if parameters.get("immediate") == "true":
        return "immediate_unsuccessful", "immediate unsuccessful"
    return None


def _back(parameters: Mapping[str, str], **result: str) -> Response:
    callback = parameters["redirect_uri"]
    if "state" in parameters:
        result["state"] = parameters["state"]
    return RedirectResponse(callback + ("&" if "?" in callback else "?") + urlencode(result), 302)
