"""How each system would hold a person: an Element451 contact, and a Salesforce Contact with the fields of the
Education Data Architecture."""

from typing import Any

from sandbox.element451 import catalogue, choices
from sandbox.school.person import Person
from sandbox.school.places import CITIZENSHIPS

GENDERS = {"F": "Female", "M": "Male", "X": "Non-binary", "N": "Decline to State"}
MAJORS = dict(choices.MAJORS)
COUNTRIES = dict(choices.COUNTRIES)
_ETHNICITIES = {True: "Hispanic or Latino", False: "Not Hispanic or Latino", None: None}


def element451_values(person: Person, salesforce_id: str | None = None) -> dict[str, Any]:
    """The contact's values by slug. What is not known is left out: the account spells that in three ways."""
    place = person.place
    values = {
        catalogue.SALESFORCE_ID: salesforce_id,
        "user-identities-schoolid": person.school_id,
        catalogue.EMAIL: person.email,
        "user-first-name": person.first,
        "user-middle-name": person.middle,
        "user-last-name": person.last,
        "user-preferred-name": person.preferred,
        "user-dob": person.born,
        "user-gender": person.gender,
        "user-phone-cell-number": person.phone,
        "user-sms-updates": person.sms,
        "user-addresses-home-street1": person.street,
        "user-addresses-home-street2": person.street2,
        "user-addresses-home-city": place and place.city,
        "user-addresses-home-state": place and place.state,
        "user-addresses-home-zip": place and place.zip,
        "user-addresses-home-country": place and place.country,
        "user-addresses-home": place and {"city": place.city, "zip": place.zip},
        "user-education-prefered-major": person.major,
        "user-education-term": person.term,
        "user-education-degree": person.degree,
        "user-education-student-type": person.student_type,
        "user-citizenship-country": person.citizenship,
        "user-race-categories": person.races,
        "user-race-hispanic": person.hispanic,
        "user-territory": person.territory,
        "user-sources-source-code": person.source,
        "user-labels": ["vip"] if person.number % 40 == 0 else None,
        "user-applications-root": (
            [{"term": person.term, "status": "submitted"}] if person.stage in ("applicant", "admit") else None
        ),
        "user-calculated-furthest_funnel_stage": person.stage,
        "user-calculated-engagement_score": person.score,
        "user-custom-high-school": person.high_school,
        "user-custom-advisor-notes": person.notes,
        "user-custom-campus-visits": person.visits,
        "user-custom-gpa": person.gpa,
        "user-custom-deposit-date": person.deposit,
        "user-custom-last-advised-at": person.advised,
        "user-custom-first-generation": person.first_generation,
        "user-custom-financial-aid": person.aid,
        "user-custom-interests": person.interests,
        "user-custom-campus": person.campus,
    }
    return {slug: value for slug, value in values.items() if value or value == 0}  # False is a value, too


def salesforce_contact(person: Person, account: str | None, element_id: str | None = None) -> dict[str, Any]:
    """The Contact's values by API name; None is not known. Every contact has the same names, so that they are
    stored many at a time."""
    place = person.place
    values = {
        "Element451_ID__c": element_id,
        "AccountId": account,
        "FirstName": person.first.strip(),
        "LastName": person.last.strip(),
        "Email": person.email,
        "MobilePhone": person.phone,
        "Birthdate": person.born,
        "LeadSource": person.source,
        "Department": MAJORS.get(person.major or ""),
        "Description": person.notes,
        "MailingStreet": person.street,
        "MailingCity": place and place.city,
        "MailingState": place and place.state,
        "MailingPostalCode": place and place.zip,
        "MailingCountry": place and COUNTRIES[place.country],
        "hed__Gender__c": GENDERS.get(person.gender or ""),
        "hed__Race__c": ";".join(person.races),
        "hed__Ethnicity__c": _ETHNICITIES[person.hispanic],
        "hed__Citizenship__c": CITIZENSHIPS.get(person.citizenship or ""),
        "hed__Financial_Aid_Applicant__c": bool(person.aid),
        "hed__SMS_Opt_Out__c": person.sms is False,
    }
    return {name: None if value == "" else value for name, value in values.items()}


def account_name(person: Person) -> str:
    """The name of the person's household account."""
    return f"{person.last.strip()} Household"
