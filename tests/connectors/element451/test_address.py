"""The API address that a person types."""

import pytest

from syncer.connectors.element451 import Element451Client, check_element451_url, check_own_machine


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("https://school.api.451.io/v2", "https://school.api.451.io/v2"),
        (" https://School.API.451.io/ ", "https://school.api.451.io/v2"),
        ("https://school.api.451.io/v2/", "https://school.api.451.io/v2"),
        ("http://127.0.0.1:8451", "http://127.0.0.1:8451/v2"),
        ("http://localhost:8451/v2", "http://localhost:8451/v2"),
        ("http://[::1]:8451/v2", "http://[::1]:8451/v2"),
    ],
)
def test_the_address_is_completed(typed: str, used: str) -> None:
    assert check_element451_url(typed) == used


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ("", "in full"),
        ("school", "in full"),
        ("ftp://school.api.451.io", "in full"),
        ("http://school.api.451.io/v2", "begins with https"),
        ("https://school.api.451.io.example.com/v2", "not an address of Element451"),
        ("https://451.io.example.com", "not an address of Element451"),
        ("https://not451.io", "not an address of Element451"),
        ("https://school.api.451.io@example.com/v2", "without a user name"),
        ("https://school.api.451.io/v1", "ends in /v2"),
        ("https://school.api.451.io/v2?token=1", "question mark"),
        ("https://school.api.451.io:99999/v2", "port"),
        ("http://10.0.0.1/v2", "not an address of Element451"),
        ("https://[::1", "in full"),
        ("https://example.com\\.451.io/v2", "in full"),
    ],
)
def test_an_address_that_is_not_element451s_is_refused_in_words(typed: str, because: str) -> None:
    with pytest.raises(ValueError, match=because):
        check_element451_url(typed)
    with pytest.raises(ValueError, match=because):
        Element451Client(typed, "token")


@pytest.mark.parametrize(
    ("address", "allowed", "admitted"),
    [
        ("https://school.api.451.io/v2", [], True),
        ("http://127.0.0.1:8451/v2", ["127.0.0.1:8451"], True),
        ("http://localhost/v2", ["localhost"], True),
        ("https://[::1]:443/v2", ["[::1]"], True),
        ("http://127.0.0.1:8451/v2", [], False),
        ("http://127.0.0.1:6379/v2", ["127.0.0.1:8451"], False),
        ("http://localhost:6379/v2", ["localhost"], False),
    ],
)
def test_an_address_on_this_machine_is_admitted_only_where_it_is_named(
    address: str, allowed: list[str], admitted: bool
) -> None:
    if admitted:
        check_own_machine(address, allowed)
    else:
        with pytest.raises(ValueError, match="ALLOWED_SALESFORCE_HOSTS"):
            check_own_machine(address, allowed)
