"""What a person sees of the sandbox in a browser: search a record, open it, correct it."""

import re
from html import unescape

import pytest
import requests

from tests.support.sandbox import RunningSandbox


@pytest.fixture
def school(sandbox: RunningSandbox) -> RunningSandbox:
    sandbox.reset(contacts=30, conversations=2)
    return sandbox


def typed(page: str) -> dict[str, str]:
    """What the form of a page would send as it is."""
    found = dict(re.findall(r'<input name="([^"]+)" value="([^"]*)"', page))
    return {name: unescape(value) for name, value in found.items()} | {
        name: unescape(value)
        for name, value in re.findall(r'<textarea name="([^"]+)" rows="4">\n([^<]*)</textarea>', page)
    }


def test_a_contact_is_found_by_name_and_opened_in_either_system(school: RunningSandbox) -> None:
    row = next(row for row in school.records("Contact") if row["Element451_ID__c"])
    page = requests.get(school.url, params={"q": row["Email"]}, timeout=10).text
    assert f"/lightning/r/Contact/{row['Id']}/view" in page
    short = requests.get(f"{school.url}/{row['Id'][:15]}", timeout=10)
    assert short.url == f"{school.url}/lightning/r/Contact/{row['Id']}/view"
    assert typed(short.text)["LastName"] == row["LastName"]


def test_a_value_is_corrected_in_salesforce_and_nothing_else_is_touched(school: RunningSandbox) -> None:
    before = next(row for row in school.records("Contact") if row["Email"])
    school.edit("Contact", before["Id"], Description="two\nlines")
    before, after = (
        next(row for row in school.records("Contact") if row["Id"] == before["Id"]),
        len(school.journal()),
    )
    address = f"{school.url}/lightning/r/Contact/{before['Id']}/view"
    saved = requests.post(
        address,
        data=typed(requests.get(address, timeout=10).text)
        | {
            "LastName": "<Nuñez>",
            "Description": "two\r\nlines",
        },
        timeout=10,
    )
    assert "Saved." in saved.text
    assert "&lt;Nuñez&gt;" in saved.text
    saved_row = next(row for row in school.records("Contact") if row["Id"] == before["Id"])
    assert {name for name in before if saved_row[name] != before[name]} <= {
        "LastName",
        "Name",
        "LastModifiedDate",
        "SystemModstamp",
    }
    (line,) = school.journal()[after:]
    assert line["by"] == "person"


def test_a_value_is_corrected_in_element451(school: RunningSandbox) -> None:
    person = school.records("contact", "element451")[0]["user-elementid"]
    address = f"{school.url}/people/{person}"
    given = typed(requests.get(address, timeout=10).text) | {
        "user-first-name": "Zoë",
        "user-custom-interests": "",
    }
    assert "Saved." in requests.post(address, data=given, timeout=10).text
    after = next(row for row in school.records("contact", "element451") if row["user-elementid"] == person)
    assert after["user-first-name"] == "Zoë"
    assert len(school.journal()) == 1


def test_a_refusal_is_told_beside_what_was_typed(school: RunningSandbox) -> None:
    row = school.records("Contact")[0]
    address = f"{school.url}/lightning/r/Contact/{row['Id']}/view"
    refused = requests.post(
        address, data=typed(requests.get(address, timeout=10).text) | {"Email": "nowhere"}, timeout=10
    )
    assert refused.status_code == 400
    assert "INVALID_EMAIL_ADDRESS" in refused.text
    assert typed(refused.text)["Email"] == "nowhere"
    assert school.journal() == []


@pytest.mark.parametrize(
    "path",
    ["/003000000000000AAA", "/nobody", "/people/nobody", "/lightning/r/Nothing/003000000000000AAA/view"],
)
def test_a_record_that_is_not_there_is_said_to_be_missing(school: RunningSandbox, path: str) -> None:
    reply = requests.get(school.url + path, timeout=10)
    assert reply.status_code == 404
    assert "no such record" in reply.text
