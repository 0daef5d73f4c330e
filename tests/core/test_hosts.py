"""Which hosts are this machine."""

import pytest

from syncer.core.hosts import is_loopback, is_loopback_url


@pytest.mark.parametrize(
    ("host", "is_it"),
    [("localhost", True), ("127.0.0.1", True), ("[::1]", True), ("127.0.0.1.evil.com", False), ("", False)],
)
def test_only_this_machine_is_loopback(host: str, is_it: bool) -> None:
    assert is_loopback(host) is is_it


@pytest.mark.parametrize(
    ("url", "is_it"),
    [
        ("http://localhost:8501", True),
        ("https://127.0.0.1/v2", True),
        ("http://[::1]:80/", True),
        ("http://127.0.0.1.evil.com", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_an_address_on_this_machine_is_recognised(url: str, is_it: bool) -> None:
    assert is_loopback_url(url) is is_it
