"""The school that the sandbox is filled with: the same for the same seed, spread as documented, and true to
both catalogues."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox import element451, salesforce, school
from sandbox.element451 import catalogue, choices, values
from sandbox.salesforce import schema
from sandbox.school import cases, real
from sandbox.school.names import AWKWARD, FIRST, LAST
from sandbox.school.places import CITIZENSHIPS
from sandbox.world import World

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Row = dict[str, Any]


@dataclass
class School:
    """What both systems hold."""

    people: dict[str, Row]
    talks: dict[str, Row]
    contacts: dict[str, Row]
    accounts: dict[str, Row]
    records: dict[str, Row]

    @property
    def live(self) -> dict[str, Row]:
        return {id: row for id, row in self.contacts.items() if not row["IsDeleted"]}


def opened(contacts: int, conversations: int, seed: int, dull: bool = False) -> School:
    world = World()
    salesforce.routes(world)
    element451.routes(world)
    world.clock.set(NOON)
    (school.fill_pairs if dull else school.fill)(world, contacts, conversations, seed)

    def here(object: str, key: str) -> dict[str, Row]:
        return {str(row[key]): dict(row) for row in element451.rows(world, object)}

    def there(object: str) -> dict[str, Row]:
        return {str(row["Id"]): dict(row) for row in salesforce.rows(world, object)}

    found = School(
        here("contact", "user-elementid"),
        here("conversation", "conversation-id"),
        there("Contact"),
        there("Account"),
        there("E451_Conversation__c"),
    )
    world.close()
    return found


@pytest.fixture(scope="module", autouse=True)
def no_real_rows() -> Iterator[None]:
    """The file of a real org's contacts is nothing that the numbers may depend on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(real, "contacts", lambda: [])
        yield


@pytest.fixture(scope="module")
def whole() -> School:
    return opened(2000, 300, 1)


@pytest.fixture(scope="module")
def dull() -> School:
    return opened(300, 40, 1, dull=True)


def test_the_same_seed_opens_the_same_school_and_another_seed_another(whole: School) -> None:
    small = opened(200, 30, 7)
    assert opened(200, 30, 7) == small
    assert not set(opened(200, 30, 8).people) & set(small.people)


def test_names_are_drawn_from_several_hundred() -> None:
    assert min(len(set(FIRST)), len(set(LAST))) > 300


def test_two_thousand_people_are_spread_as_documented(whole: School) -> None:
    seen = Counter([_case_of_person(whole, id) for id in whole.people] + _cases_of_strangers(whole))
    assert seen == {str(case): round(share * 2000) for case, share in cases.SHARES.items()}
    assert seen.total() == 2000
    assert (len(whole.people), len(whole.contacts), len(whole.live)) == (1820, 1830, 1790)


def _case_of_person(all: School, id: str) -> str:
    """The case that the records themselves tell of."""
    row = all.people[id]
    linked = all.contacts.get(str(row.get(catalogue.SALESFORCE_ID)))
    holders = [contact for contact in all.live.values() if contact["Element451_ID__c"] == id]
    if linked is not None and linked["IsDeleted"]:
        return "merged" if linked["MasterRecordId"] in all.live else "recycled"
    if linked is not None:
        return {id: "paired", None: "half_element451"}.get(linked["Element451_ID__c"], "survivor")
    if holders:
        return "half_salesforce"
    mail = str(row.get(catalogue.EMAIL, "nobody's")).lower()
    same = [contact for contact in all.live.values() if str(contact["Email"]).lower() == mail]
    return ("only_element451", "unpaired", "ambiguous")[len(same)]


def _cases_of_strangers(all: School) -> list[str]:
    """The cases of the live Salesforce contacts that nobody in Element451 has to do with."""
    linked = {row.get(catalogue.SALESFORCE_ID) for row in all.people.values()}
    mails = {str(row[catalogue.EMAIL]).lower() for row in all.people.values() if catalogue.EMAIL in row}
    strangers = [
        row for id, row in all.live.items() if id not in linked and row["Element451_ID__c"] not in all.people
    ]
    return [
        "stale" if row["Element451_ID__c"] else "only_salesforce"
        for row in strangers
        if str(row["Email"]).lower() not in mails
    ]


@pytest.mark.parametrize("contacts", [0, 1, 3, 10, 99])
def test_a_small_school_has_as_many_people_as_asked_for(contacts: int) -> None:
    found = opened(contacts, 5, 1)
    assert len(found.talks) == 5
    assert len(found.people) <= contacts
    assert (contacts == 0) == (not found.contacts)


def test_awkward_names_leading_zeros_and_mixed_letters_occur(whole: School) -> None:
    names = {(row["user-first-name"], row["user-last-name"]) for row in whole.people.values()}
    assert set(AWKWARD) <= names
    assert any(str(row.get("user-addresses-home-zip", "")).startswith("0") for row in whole.people.values())
    assert any(str(row.get("user-phone-cell-number", "")).startswith("0") for row in whole.people.values())
    mails = [str(row.get(catalogue.EMAIL, "")) for row in whole.people.values()]
    assert any(mail != mail.lower() for mail in mails)
    assert any(not mail for mail in mails)
    assert all(
        sum(slug not in row for row in whole.people.values()) > 50
        for slug in ("user-dob", "user-gender", "user-race-categories")
    )


def test_conversations_are_spread_as_documented(whole: School) -> None:
    talks = list(whole.talks.values())
    anonymous = [row for row in talks if catalogue.CONVERSATION_USER not in row]
    deleted = [row for row in talks if row.get(catalogue.CONVERSATION_USER, "") not in {"", *whole.people}]
    assert len(talks) == 300
    assert 20 <= len(anonymous) <= 55
    assert 3 <= len(deleted) <= 20
    assert all(row["conversation-is-anonymous"] == (catalogue.CONVERSATION_USER not in row) for row in talks)
    assert {row["conversation-channel"] for row in talks} == {"messenger", "sms", "email", "call", "whatsapp"}
    assert {row["conversation-status"] for row in talks} == {"open", "closed"}
    assert max(len(row["conversation-transcript"]) for row in talks) > 15_000
    assert all("conversation-tags" in row for row in talks) is False


def test_some_conversations_are_in_salesforce_already_and_some_of_these_are_outdated(whole: School) -> None:
    pairs = [(row, whole.talks[row["Conversation_ID__c"]]) for row in whole.records.values()]
    assert 20 <= len(pairs) <= 80
    for record, talk in pairs:
        assert whole.contacts[record["Contact__c"]]["Element451_ID__c"] == talk[catalogue.CONVERSATION_USER]
    assert 0 < sum(record["Status__c"] != talk["conversation-status"] for record, talk in pairs) < len(pairs)


def test_stamps_lie_in_the_past_year_the_last_at_least_an_hour_ago(whole: School) -> None:
    stamps = [row["user-updated-at"] for row in whole.people.values()] + [
        row["conversation-updated-at"] for row in whole.talks.values()
    ]
    stamps += [
        row["SystemModstamp"]
        for table in (whole.contacts, whole.accounts, whole.records)
        for row in table.values()
    ]
    moments = [datetime.fromisoformat(stamp) for stamp in stamps]
    assert max(moments) <= NOON - timedelta(hours=1)
    assert min(moments) >= NOON - timedelta(days=366)
    assert max(moments) - min(moments) > timedelta(days=350)


def test_every_contact_has_an_account_and_some_share_one(whole: School) -> None:
    used = Counter(row["AccountId"] for row in whole.contacts.values())
    assert set(used) == set(whole.accounts)
    assert 0.7 < len(used) / len(whole.contacts) < 0.9


def test_every_value_is_one_that_its_field_can_hold(whole: School) -> None:
    fields = {field.slug: field for field in catalogue.FIELDS}
    for row in [*whole.people.values(), *whole.talks.values()]:
        for slug, value in row.items():
            assert values.store(fields[slug], value, "UTC") == value, slug
    for name, table in (("Contact", whole.contacts), ("E451_Conversation__c", whole.records)):
        described = schema.load(name).fields
        for row in table.values():
            for field in described:
                value = row.get(field.name)
                if isinstance(value, str) and field.type in (
                    "string",
                    "email",
                    "phone",
                    "textarea",
                    "picklist",
                ):
                    assert len(value) <= field.length, (field.name, value)
                    assert value == value.strip()
                if value and field.restrictedPicklist:
                    assert value in [option for option, _ in field.pairs]


def test_every_country_of_element451_has_its_name_in_salesforce() -> None:
    assert set(CITIZENSHIPS) == {value for value, _ in choices.COUNTRIES}
    file = real.FILE.parent / "describe" / "Contact-eda.json"
    if not file.is_file():
        pytest.skip("the description of a real org's Contact is not there")
    described = {field["name"]: field for field in json.loads(file.read_text(encoding="utf-8"))["fields"]}
    assert set(CITIZENSHIPS.values()) <= {
        option["value"] for option in described["hed__Citizenship__c"]["picklistValues"]
    }


def test_a_dull_school_is_paired_and_in_step_throughout(dull: School) -> None:
    assert (len(dull.people), len(dull.contacts), len(dull.talks), len(dull.records)) == (300, 300, 40, 40)
    for id, row in dull.people.items():
        contact = dull.live[row[catalogue.SALESFORCE_ID]]
        assert contact["Element451_ID__c"] == id
        for slug, name in IN_STEP.items():
            assert row.get(slug) == contact[name], slug
        assert sorted(row.get("user-race-categories", [])) == sorted(
            filter(None, (contact["hed__Race__c"] or "").split(";"))
        )
    for record in dull.records.values():
        talk = dull.talks[record["Conversation_ID__c"]]
        assert dull.people[talk[catalogue.CONVERSATION_USER]][catalogue.SALESFORCE_ID] == record["Contact__c"]
        assert (record["Status__c"], record["Transcript__c"]) == (
            talk["conversation-status"],
            talk["conversation-transcript"],
        )


IN_STEP = {
    "user-first-name": "FirstName",
    "user-last-name": "LastName",
    "user-email-address": "Email",
    "user-phone-cell-number": "MobilePhone",
    "user-dob": "Birthdate",
    "user-sources-source-code": "LeadSource",
    "user-custom-advisor-notes": "Description",
    "user-custom-financial-aid": "hed__Financial_Aid_Applicant__c",
    "user-addresses-home-street1": "MailingStreet",
    "user-addresses-home-city": "MailingCity",
    "user-addresses-home-zip": "MailingPostalCode",
}
