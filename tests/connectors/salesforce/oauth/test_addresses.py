"""The Salesforce address that a user types, and which addresses may ever get a token."""

import pytest

from syncer.connectors.errors import NotAllowed
from syncer.connectors.salesforce.oauth import check_salesforce_url

SANDBOX = ("127.0.0.1:8451", "[::1]:8451", "localhost:8451", "sf.school.test:9443", "sf.school.test")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://school.my.salesforce.com", "https://school.my.salesforce.com"),
        (" HTTPS://School.My.Salesforce.com/ ", "https://school.my.salesforce.com"),
        ("school.my.salesforce.com", "https://school.my.salesforce.com"),
        ("https://school--full.sandbox.my.salesforce.com", "https://school--full.sandbox.my.salesforce.com"),
        ("https://school.my.salesforce.com:443", "https://school.my.salesforce.com"),
        ("https://login.salesforce.com", "https://login.salesforce.com"),
        ("https://test.salesforce.com/", "https://test.salesforce.com"),
        ("http://127.0.0.1:8451", "http://127.0.0.1:8451"),
        ("http://[::1]:8451", "http://[::1]:8451"),
        ("http://localhost:8451/", "http://localhost:8451"),
        ("https://sf.school.test:9443", "https://sf.school.test:9443"),
        ("https://sf.school.test", "https://sf.school.test"),
    ],
)
def test_a_salesforce_address_is_accepted_and_written_in_one_way(typed: str, address: str) -> None:
    assert check_salesforce_url(typed, SANDBOX) == address


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("", "Enter your Salesforce address"),
        ("https://school.lightning.force.com", "https://school.my.salesforce.com"),
        ("https://school--c.vf.force.com", "https://school.my.salesforce.com"),
        ("https://school.my.salesforce-setup.com", "https://school.my.salesforce.com"),
        ("https://www.salesforce.com", "Setup, My Domain"),
        ("https://my.salesforce.com", "Setup, My Domain"),
        ("https://salesforce.com.evil.test", "not a Salesforce address"),
        ("https://evilmy.salesforce.com", "not a Salesforce address"),
        ("https://school.my.salesforce.com.evil.test", "not a Salesforce address"),
        ("https://na1.salesforce.com", "My Domain address"),
        ("http://school.my.salesforce.com", "https://"),
        ("https://school.my.salesforce.com:8443", "no port"),
        ("https://user:secret@school.my.salesforce.com", "user name and the password"),
        ("https://school.my.salesforce.com@evil.test", "user name and the password"),
        (
            "https://school.my.salesforce.com/lightning/page/home",
            "Enter only the first part of the address: https://school.my.salesforce.com",
        ),
        ("https://school.my.salesforce.com?x=1", "Enter only the first part"),
        ("https://school.my.salesforce.com#x", "Enter only the first part"),
        ("https://evil.test\\.my.salesforce.com", "characters"),
        ("https://evil.test/.my.salesforce.com", "Enter only the first part"),
        ("https://school.my.sаlesforce.com", "characters"),
        ("https://school。my.salesforce.com", "characters"),
        ("https://school.my.salesforce.com\r\nHost: evil.test", "characters"),
        ("https://school..my.salesforce.com", "not a Salesforce address"),
        ("https://-.my.salesforce.com", "not"),
        ("https://%65vil.my.salesforce.com", "not an address"),
        ("https://school.my.salesforce.com:99999", "not an address"),
        ("https://[::1", "not an address"),
        ("ftp://school.my.salesforce.com", "not an address"),
        ("javascript://school.my.salesforce.com", "not an address"),
        ("http://127.0.0.1:9999", "not a Salesforce address"),
        ("http://10.0.0.1:8451", "https://"),
        ("http://sf.school.test:9443", "https://"),
        ("http://127.0.0.1.evil.test:8451", "https://"),
        ("https://169.254.169.254", "not a Salesforce address"),
    ],
)
def test_any_other_address_is_refused_with_what_to_enter_instead(typed: str, advice: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        check_salesforce_url(typed, SANDBOX)
    assert advice in refused.value.sentence


def test_no_extra_host_is_allowed_unless_it_is_listed() -> None:
    with pytest.raises(NotAllowed):
        check_salesforce_url("http://127.0.0.1:8451")
