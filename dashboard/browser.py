"""By what a browser is known again that leaves for Salesforce and comes back: a secret in a cookie, which no
other browser holds, whoever is signed in."""

import secrets

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser

_COOKIE = "sync-browser"


def of_this_page() -> str:
    """The secret of the browser that the page is drawn for; empty where it keeps no cookies."""
    return str(st.context.cookies.get(_COOKIE, ""))


def of_request(headers: Headers) -> str:
    """The secret of the browser that sent a request with these headers; empty where it sent none."""
    return cookie_parser(headers.get("cookie", "")).get(_COOKIE, "")


def give(request: Headers, answer: MutableHeaders, path: str) -> None:
    """Give a browser that is sent a page its secret, if it has none. ``path`` is that of PUBLIC_URL."""
    if answer.get("content-type", "").startswith("text/html") and not of_request(request):
        # Lax: it comes along when Salesforce sends the browser back.
        cookie = f"{_COOKIE}={secrets.token_urlsafe(24)}; HttpOnly; SameSite=Lax; Path={path or '/'}"
        answer.append("set-cookie", cookie)
