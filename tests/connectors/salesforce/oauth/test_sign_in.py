"""Connecting: the address to sign in at, what comes back, and every way in which it can go wrong, each with
what to do about it."""

import os
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from syncer.connectors.errors import Fault, NotAllowed, ReconnectNeeded, Unexpected, Unreachable
from syncer.connectors.salesforce.oauth import App, Tokens, begin, callback_state, exchange
from tests.connectors.salesforce.scripted_server import (
    HTML,
    ORG,
    SECRET,
    USER,
    Asked,
    Reply,
    Scripted,
    refused,
    scripted,
    token_reply,
)

CALLBACK = "http://localhost:8501/clients/integrations/salesforce/oauth2"
WHO = {"sub": "x", "user_id": USER, "organization_id": ORG, "preferred_username": "sync@school.edu"}
VERSIONS = [{"label": "Spring '26", "url": "/services/data/v66.0", "version": "66.0"}]


class Org:
    """An org that signs in; a test replaces single answers by path, or by tokens type."""

    def __init__(self, **answers: Reply | Callable[[Asked], Reply]) -> None:
        self.answers: dict[str, Reply | Callable[[Asked], Reply]] = {
            "userinfo": Reply(WHO),
            "data": Reply(VERSIONS),
            "v66.0": Reply({"limits": "/services/data/v66.0/limits"}),
            "revoke": Reply(None),
            **answers,
        }

    def __call__(self, asked: Asked) -> Reply:
        address = f"http://{asked.headers['host']}"
        name = asked.path.rsplit("/", 1)[1]
        if name == "token":
            name = asked.form["grant_type"]
            rotated = name == "refresh_token"
            usual = token_reply(
                address, "00Dxx!second" if rotated else "00Dxx!first", "refresh-2" if rotated else "refresh-1"
            )
            self.answers.setdefault(name, usual)
        answer = self.answers[name]
        return answer if isinstance(answer, Reply) else answer(asked)


def connect(server: Scripted, answer: str = "", **changes: Any) -> Tokens:
    app = App("client", SECRET, (server.host,))
    sign_in = begin(server.address, app, CALLBACK)
    given = {
        "salesforce_url": server.address,
        "app": app,
        "callback": CALLBACK,
        "state": sign_in.state,
        "verifier": sign_in.verifier,
        **changes,
    }
    return exchange(answer or f"{CALLBACK}?code=aPrx.AB%2BC%3D%3D&state={sign_in.state}", **given)


def failing(org: Org, kind: type[Fault], answer: str = "", **changes: Any) -> Fault:
    with scripted(org) as server, pytest.raises(kind) as raised:
        connect(server, answer, **changes)
    return raised.value


def test_the_sign_in_address_asks_for_the_scopes_with_a_state_and_a_code_challenge() -> None:
    app = App("client", SECRET, ("127.0.0.1:8451",))
    sign_in = begin("http://127.0.0.1:8451/", app, CALLBACK)
    parts = urlsplit(sign_in.authorize_url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "http://127.0.0.1:8451/services/oauth2/authorize"
    assert query["response_type"] == "code"
    assert query["client_id"] == "client"
    assert query["redirect_uri"] == CALLBACK
    assert set(query["scope"].split()) == {"api", "refresh_token"}
    assert query["state"] == sign_in.state
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) == 43
    assert sign_in.verifier not in sign_in.authorize_url
    assert begin("http://127.0.0.1:8451/", app, CALLBACK).state != sign_in.state


def test_a_mistaken_address_is_refused_before_the_browser_goes_anywhere() -> None:
    with pytest.raises(NotAllowed):
        begin("https://school.lightning.force.com", App("client", SECRET), CALLBACK)


def test_a_sign_in_gives_the_tokens_of_the_first_renewal() -> None:
    with scripted(Org()) as server:
        tokens = connect(server)
        assert (tokens.access_token, tokens.refresh_token) == ("00Dxx!second", "refresh-2")
        assert (tokens.organization_id, tokens.user_id, tokens.username) == (ORG, USER, "sync@school.edu")
        assert tokens.instance_url == server.address
        form = server.asked[0].form
        assert form["code"] == "aPrx.AB+C=="
        assert form["redirect_uri"] == CALLBACK
        assert form["client_secret"] == SECRET
        assert len(form["code_verifier"]) >= 43
        assert "authorization" not in server.asked[0].headers
        assert not server.paths("revoke")


def test_the_code_alone_may_be_given_when_the_web_server_has_decoded_it() -> None:
    with scripted(Org()) as server:
        connect(server, "aPrx.AB+C==")
        assert server.asked[0].form["code"] == "aPrx.AB+C=="


def test_the_state_of_an_answer_names_the_sign_in_it_belongs_to() -> None:
    assert callback_state(f"{CALLBACK}?code=x&state=a%2Bb") == "a+b"
    assert callback_state(CALLBACK) == ""


def test_the_switch_for_plain_http_does_not_outlast_the_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT", raising=False)
    with scripted(Org()) as server:
        connect(server)
    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ


def test_an_answer_to_another_sign_in_is_refused_without_using_its_code() -> None:
    with scripted(Org()) as server, pytest.raises(NotAllowed) as raised:
        connect(server, f"{CALLBACK}?code=aPrx&state=forged")
    assert "another sign-in" in raised.value.sentence
    assert not server.asked


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("error=access_denied&error_description=end-user+denied+authorization", "choose Allow"),
        ("error=access-denied", "choose Allow"),
        ("error=immediate_unsuccessful", "sign in first"),
        ("error=OAUTH_APPROVAL_ERROR_GENERIC&error_description=An+unexpected+error", "not installed"),
        ("error=invalid_request&error_description=missing%20required%20code%20challenge", "code challenge"),
        ("error=invalid_scope", "scope"),
        ("error=new_error&error_description=Something+new", "Something new"),
        ("nothing=here", "no sign-in code"),
    ],
)
def test_each_refusal_on_the_salesforce_page_says_what_to_do(query: str, words: str) -> None:
    app = App("client", SECRET, ("127.0.0.1:8451",))
    with pytest.raises(NotAllowed) as raised:
        exchange(
            f"{CALLBACK}?{query}&state=s",
            salesforce_url="http://127.0.0.1:8451",
            app=app,
            callback=CALLBACK,
            state="s",
            verifier="v" * 43,
        )
    assert words in raised.value.sentence


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (
            refused("invalid_grant", "expired authorization code"),
            ReconnectNeeded,
            "expired or was used already",
        ),
        (
            refused("invalid_grant", "invalid authorization code"),
            ReconnectNeeded,
            "expired or was used already",
        ),
        (refused("invalid_request", "wrong code_verifier"), ReconnectNeeded, "match this sign-in"),
        (refused("invalid_client", "invalid client credentials"), ReconnectNeeded, "consumer key or secret"),
        (
            refused("redirect_uri_mismatch", "redirect_uri must match configuration"),
            NotAllowed,
            "callback address",
        ),
        (Reply(HTML, 503), Unreachable, "not available"),
        (Reply(HTML, 200), Unreachable, "not available"),
        (Reply(cut=True), Unreachable, "could not be reached"),
    ],
)
def test_each_refusal_of_the_code_says_what_to_do(reply: Reply, kind: type[Fault], words: str) -> None:
    assert words in failing(Org(authorization_code=reply), kind).sentence


def test_the_code_is_not_sent_on_to_another_address() -> None:
    with scripted(lambda asked: Reply({"access_token": "x"})) as thief:
        failing(Org(authorization_code=Reply(None, 307, {"Location": thief.address})), Unreachable)
        assert not thief.asked


def test_an_answer_that_is_not_signed_with_the_apps_secret_is_not_used() -> None:
    forged = Org(
        authorization_code=lambda asked: token_reply(f"http://{asked.headers['host']}", signature="Zm9yZ2Vk")
    )
    assert failing(forged, NotAllowed).code == "signature"
    unsigned = Org(
        authorization_code=lambda asked: token_reply(f"http://{asked.headers['host']}", signature=None)
    )
    assert failing(unsigned, NotAllowed).code == "signature"


def test_a_hostile_instance_address_never_gets_the_token() -> None:
    with scripted(lambda asked: Reply(WHO)) as thief:
        for instance in (
            thief.address,
            "https://evil.test",
            "http://169.254.169.254",
            "https://school.my.salesforce.com@evil.test",
        ):
            hostile = Org(authorization_code=token_reply(thief.address, instance=instance))
            assert "not Salesforce's" in failing(hostile, NotAllowed).sentence
        assert not thief.asked


def test_another_organization_than_before_is_refused_and_its_tokens_revoked() -> None:
    with scripted(Org()) as server, pytest.raises(NotAllowed) as raised:
        connect(server, organization_id="00Dyy0000001gPLEAY")
    assert "another Salesforce organization" in raised.value.sentence
    assert server.asked[-1].path.endswith("/revoke")
    assert server.asked[-1].form == {"token": "refresh-1"}


def test_the_same_organization_may_connect_again() -> None:
    with scripted(Org()) as server:
        assert connect(server, organization_id=ORG[:15]).organization_id == ORG


def test_two_identities_for_one_sign_in_are_refused() -> None:
    assert (
        failing(Org(userinfo=Reply({**WHO, "organization_id": "00Dyy0000001gPLEAY"})), Unexpected).code
        == "identity"
    )
    assert (
        failing(Org(userinfo=Reply({**WHO, "user_id": "005yy000001SwiUAAS"})), Unexpected).code == "identity"
    )


def test_a_user_who_may_not_use_the_api_is_told_so() -> None:
    assert "API Enabled" in failing(Org(userinfo=Reply("Bad_OAuth_Token", 403)), NotAllowed).sentence


def test_an_organization_without_our_api_version_is_refused() -> None:
    assert "66.0" in failing(Org(data=Reply([{"version": "59.0"}])), NotAllowed).sentence


def test_a_user_whom_the_api_is_not_for_is_told_which_permission_is_missing() -> None:
    refusal = Reply(
        [
            {
                "errorCode": "API_DISABLED_FOR_ORG",
                "message": "The REST API is not enabled for this Organization.",
            }
        ],
        403,
    )
    assert '"API Enabled"' in failing(Org(**{"v66.0": refusal}), NotAllowed).sentence


def test_a_days_limit_that_is_used_up_is_no_reason_not_to_connect() -> None:
    refusal = Reply(
        [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}], 403
    )
    with scripted(Org(**{"v66.0": refusal})) as server:
        assert connect(server).access_token == "00Dxx!second"


def test_a_sign_in_without_a_refresh_token_names_the_scope_and_the_policy() -> None:
    none = Org(authorization_code=lambda asked: token_reply(f"http://{asked.headers['host']}", refresh=None))
    fault = failing(none, ReconnectNeeded)
    assert "refresh_token" in fault.sentence
    assert "immediately expire" in fault.sentence


def test_the_policy_that_ends_a_sign_in_at_once_is_recognised_while_connecting() -> None:
    fault = failing(
        Org(refresh_token=refused("invalid_grant", "expired access/refresh token")), ReconnectNeeded
    )
    assert "immediately expire" in fault.sentence


def test_a_first_renewal_that_cannot_be_made_is_not_taken_for_a_policy() -> None:
    assert "policy" not in failing(Org(refresh_token=Reply(HTML, 503)), Unreachable).sentence
