"""Links to a record's own page."""

import pytest

from dashboard.shared import record_links

ACCOUNT = {"instance_url": "https://school.my.salesforce.com", "organization_id": "00D"}


def test_a_record_of_the_connected_organization_has_its_page() -> None:
    assert (
        record_links.salesforce_url(ACCOUNT, "003xx000004TmiQAAS")
        == "https://school.my.salesforce.com/003xx000004TmiQAAS"
    )
    assert (
        record_links.salesforce_url(ACCOUNT, "003xx000004TmiQ")
        == "https://school.my.salesforce.com/003xx000004TmiQAAS"
    )


def test_the_sandbox_keeps_its_port() -> None:
    assert (
        record_links.salesforce_url({"instance_url": "http://127.0.0.1:8451/"}, "003xx000004TmiQAAS")
        == "http://127.0.0.1:8451/003xx000004TmiQAAS"
    )


@pytest.mark.parametrize(
    "identity", [None, "", "(new)", "../secur/logout", "003xx000004TmiQ?x", "javascript:alert(1)"]
)
def test_what_is_no_id_is_never_a_link(identity: str | None) -> None:
    assert record_links.salesforce_url(ACCOUNT, identity) is None


@pytest.mark.parametrize(
    "account",
    [
        None,
        {},
        {"instance_url": ""},
        {"instance_url": "javascript:alert(1)//x"},
        {"instance_url": "https://"},
    ],
)
def test_without_an_organization_there_is_no_link(account: dict[str, str] | None) -> None:
    assert record_links.salesforce_url(account, "003xx000004TmiQAAS") is None


def test_a_reason_names_ids_of_both_systems_and_other_words_of_their_length_are_none() -> None:
    said = (
        f"In Element451: {'a1' * 12}, {'b2' * 12}. In Salesforce: 003xx000004TmiQAAS, 003xx000004TmiQAAS;"
        " 003xx000004TmiQAAB and abcdefghijklmnopqr."
    )
    assert record_links.ids_in(said) == (["a1" * 12, "b2" * 12], ["003xx000004TmiQAAS"])
