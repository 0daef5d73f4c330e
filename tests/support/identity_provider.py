"""A small OpenID Connect provider on loopback: a page with people to sign in as, and no passwords. It checks
what a real one checks."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "dashboard", "planted-login-secret"


@dataclass
class IdentityProvider:
    """One provider. ``people``: what it says of each, beside their address. ``ago``: how many seconds ago it
    says that somebody signed in."""

    redirect_uri: str
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    ago: int = 0
    issuer: str = ""
    signed_out: int = 0
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """What the dashboard's environment says of it."""
        return {
            "LOGIN_ISSUER": self.issuer,
            "LOGIN_CLIENT_ID": CLIENT_ID,
            "LOGIN_CLIENT_SECRET": CLIENT_SECRET,
        }

    def metadata(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0, section 3."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def page(self, asked: dict[str, str]) -> str:
        """Who do you want to be?"""
        assert asked["client_id"] == CLIENT_ID
        assert asked["redirect_uri"] == self.redirect_uri
        assert asked["code_challenge_method"] == "S256"
        links = [
            f'<li><a href="/choose?{escape(urlencode(asked | {"who": who}))}">{escape(who)}</a>'
            for who in self.people
        ]
        return (
            "<!doctype html><title>The school's sign-in</title><h1>Who are"
            f" you?</h1><ul>{''.join(links)}</ul>"
        )

    def choose(self, asked: dict[str, str]) -> str:
        """Where the browser goes once somebody is chosen."""
        code = secrets.token_urlsafe(24)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The answer to a code, once; None where something does not fit."""
        asked = self.codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
            .rstrip(b"=")
            .decode()
        )
        if asked is None or authorization != f"Basic {basic}" or asked["code_challenge"] != challenge:
            return None
        now = int(time.time()) - self.ago
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": f"id of {asked['who']}",
            "iat": now,
            "exp": now + self.ago + 3600,
        }
        claims |= {"nonce": asked["nonce"], "email": asked["who"], "email_verified": True} | self.people[
            asked["who"]
        ]
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        return {
            "access_token": secrets.token_urlsafe(24),
            "token_type": "Bearer",
            "expires_in": 3600,
            "id_token": signed,
        }


@contextmanager
def identity_provider(dashboard: str, people: dict[str, dict[str, Any]]) -> Iterator[IdentityProvider]:
    """A provider for the dashboard at that address, until the end of the block."""
    provider = IdentityProvider(f"{dashboard}/oauth2callback", people)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(provider: IdentityProvider) -> type[BaseHTTPRequestHandler]:  # noqa: C901  a route a case
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            match parts.path:
                case "/.well-known/openid-configuration":
                    self._json(provider.metadata())
                case "/keys":
                    self._json({"keys": [provider.key.as_dict(private=False)]})
                case "/authorize":
                    self._answer(200, "text/html; charset=utf-8", provider.page(asked))
                case "/choose":
                    self._redirect(provider.choose(asked))
                case "/logout":
                    provider.signed_out += 1
                    self._redirect(asked["post_logout_redirect_uri"])
                case _:
                    self._answer(404, "text/plain", "")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            answer = provider.token(form, self.headers.get("Authorization", ""))
            self._json(answer or {"error": "invalid_grant"}, 200 if answer else 400)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

        def _json(self, value: object, status: int = 200) -> None:
            self._answer(status, "application/json", json.dumps(value))

        def _redirect(self, address: str) -> None:
            self.send_response(302)
            self.send_header("Location", address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _answer(self, status: int, kind: str, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
