"""How every outgoing connection leaves this machine, and why one did not arrive.

Two settings of the environment hold for all of them, whatever library makes them: the proxy (HTTPS_PROXY,
HTTP_PROXY, NO_PROXY) and the authorities whose certificates are trusted (REQUESTS_CA_BUNDLE), which replace
the usual ones.
"""

import os
import ssl
from collections.abc import MutableMapping
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path

import requests
from requests.utils import get_environ_proxies

from syncer.core.hosts import is_loopback_url

TLS, PROXY, NETWORK = "tls", "proxy", "network"
"""Why a connection could not be made."""
_SENTENCES = {
    TLS: (
        "This machine does not trust the certificate that answered for {name}. Where a proxy looks into TLS,"
        " save the certificate of its authority in a file (PEM) and name that in REQUESTS_CA_BUNDLE; else"
        " check the address and this machine's clock."
    ),
    PROXY: (
        "The proxy that HTTPS_PROXY names does not answer, or does not let calls to {name} through. Have it"
        " checked, or correct HTTPS_PROXY or NO_PROXY."
    ),
    NETWORK: (
        "{name} could not be reached. It is tried again later. Where this machine reaches others only by a"
        " proxy, name that in HTTPS_PROXY."
    ),
}


def authorities() -> str | None:
    """The file or folder of the certificates to trust; None for the usual ones."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or None


def tls_context() -> ssl.SSLContext:
    """What connections without `requests` check certificates with."""
    place = authorities()
    if place is None:
        return ssl.create_default_context()
    of_folder = Path(place).is_dir()
    return ssl.create_default_context(
        cafile=None if of_folder else place, capath=place if of_folder else None
    )


def trust_in_libraries(environment: MutableMapping[str, str]) -> None:
    """Make libraries that read OpenSSL's own variables trust the same authorities: httpx, by which people
    sign in."""
    if place := authorities():
        environment["SSL_CERT_DIR" if Path(place).is_dir() else "SSL_CERT_FILE"] = place


def prepare(session: requests.Session, address: str) -> None:
    """Make ``session`` fit for ``address``: the machine's proxy and authorities are used (no proxy for
    loopback), but never a ~/.netrc, which would replace the Authorization header, and no cookies."""
    session.trust_env = False
    session.verify = authorities() or True
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    if not is_loopback_url(address):
        session.proxies = dict(get_environ_proxies(address))


def cause_of(error: Exception) -> str:
    """Why a connection could not be made, or broke off: `TLS`, `PROXY` or `NETWORK`; of whichever library the
    ``error`` is."""
    behind: BaseException | None = error
    while behind is not None:
        if type(behind).__name__ == "ProxyError":  # of requests, urllib3 or httpx
            return PROXY
        if isinstance(behind, requests.exceptions.SSLError | ssl.SSLError):
            # A connection that ends in the middle of the handshake says nothing about certificates.
            return TLS if "EOF" not in str(behind) else NETWORK
        behind = behind.__cause__ or behind.__context__
    return NETWORK


def sentence(cause: str, name: str) -> str:
    """What to say of a ``cause``, and what to do; ``name``: whose connection it is."""
    return _SENTENCES[cause].format(name=name)
