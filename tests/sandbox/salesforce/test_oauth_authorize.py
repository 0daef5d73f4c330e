"""The authorize page: what is shown, what comes back, what never reaches the callback."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.support.sandbox import CALLBACK, CHALLENGE, RunningSandbox

ASKED = {
    "response_type": "code",
    "client_id": "sandbox-client",
    "redirect_uri": CALLBACK,
    "scope": "api refresh_token offline_access",
    "state": "s t/ä&te",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def authorize(sandbox: RunningSandbox, **changes: str | None) -> requests.Response:
    return requests.get(
        f"{sandbox.url}/services/oauth2/authorize",
        params={**ASKED, **changes},
        allow_redirects=False,
        timeout=10,
    )


def came_back(reply: requests.Response) -> dict[str, str]:
    assert reply.status_code == 302
    assert reply.headers["Location"].startswith(CALLBACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(reply.headers["Location"]).query).items()}


def test_a_person_sees_who_asks_for_what_and_can_allow_it(sandbox: RunningSandbox) -> None:
    page = authorize(sandbox)
    assert page.status_code == 200
    for text in ("Element451 Sync", "Allow", "Deny", "Perform requests at any time"):
        assert text in page.text
    pressed = requests.post(
        f"{sandbox.url}/services/oauth2/authorize",
        data={**ASKED, "approve": "1"},
        allow_redirects=False,
        timeout=10,
    )
    assert set(came_back(pressed)) == {"code", "state"}


def test_allowing_sends_the_browser_back_with_the_state_and_a_code_whose_equals_signs_are_encoded(
    sandbox: RunningSandbox,
) -> None:
    reply = authorize(sandbox, approve="1")
    result = came_back(reply)
    assert result["state"] == ASKED["state"]
    assert result["code"].endswith("==")
    assert "%3D%3D" in reply.headers["Location"]


def test_denying_comes_back_as_access_denied(sandbox: RunningSandbox) -> None:
    assert came_back(authorize(sandbox, approve="0")) == {
        "error": "access_denied",
        "error_description": "end-user denied authorization",
        "state": ASKED["state"],
    }


@pytest.mark.parametrize(
    "callback",
    [
        CALLBACK + "/",
        CALLBACK.upper(),
        "http://127.0.0.1:8501/clients/integrations/salesforce/oauth2",
        "https://evil.example/",
    ],
)
def test_a_callback_that_is_not_registered_byte_for_byte_stays_on_the_orgs_page(
    sandbox: RunningSandbox, callback: str
) -> None:
    page = authorize(sandbox, redirect_uri=callback, approve="1")
    assert page.status_code == 400
    assert "redirect_uri must match configuration" in page.text


def test_an_unknown_client_stays_on_the_orgs_page(sandbox: RunningSandbox) -> None:
    page = authorize(sandbox, client_id="somebody", approve="1")
    assert page.status_code == 400
    assert "client identifier invalid" in page.text


def test_a_further_callback_can_be_registered(sandbox: RunningSandbox) -> None:
    sandbox.control("POST", "salesforce/callbacks", {"callbacks": ["http://127.0.0.1:9999/back?keep=1"]})
    reply = authorize(sandbox, redirect_uri="http://127.0.0.1:9999/back?keep=1", approve="1")
    assert reply.headers["Location"].startswith("http://127.0.0.1:9999/back?keep=1&code=")


def test_a_missing_challenge_is_refused_on_the_callback_unless_the_app_does_without(
    sandbox: RunningSandbox,
) -> None:
    missing = came_back(authorize(sandbox, code_challenge=None, code_challenge_method=None, approve="1"))
    assert (missing["error"], missing["error_description"]) == (
        "invalid_request",
        "missing required code challenge",
    )
    sandbox.options(pkce_required=False)
    assert "code" in came_back(
        authorize(sandbox, code_challenge=None, code_challenge_method=None, approve="1")
    )


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "api everything"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"immediate": "true"}, "immediate_unsuccessful"),
    ],
)
def test_other_refusals_come_back_on_the_callback(
    sandbox: RunningSandbox, changes: dict[str, str], error: str
) -> None:
    assert came_back(authorize(sandbox, **changes, approve="1"))["error"] == error


def test_what_the_page_repeats_is_escaped(sandbox: RunningSandbox) -> None:
    assert '"><script>' not in authorize(sandbox, state='"><script>alert(1)</script>').text
