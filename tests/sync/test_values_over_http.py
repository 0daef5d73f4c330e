"""What Salesforce makes of values and what it refuses, as its adapter meets it: written once, known
beforehand, and never in the way of the other fields (rules 1, 5 and 15; contracts/salesforce.md A9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from syncer.configuration.catalogue import Catalogues
from syncer.connectors.element451 import Element451Client
from syncer.connectors.salesforce import SalesforceClient
from syncer.journal import log_queries
from syncer.journal.log_queries import LogFilter
from syncer.journal.runs import Run
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.context import SyncContext
from syncer.sync.engine import SyncEngine
from syncer.sync.everything import sync
from tests.connectors.salesforce.sandbox_client import client_of
from tests.support.sandbox import RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN
from tests.support.world import statuses
from tests.sync.over_http import connectors, document

FIELDS = (
    ("user-elementid", "Element451_ID__c", "element451"),
    ("user-identities-salesforceid", "Id", "salesforce"),
    ("user-first-name", "FirstName", "element451"),
    ("user-last-name", "LastName", "element451"),
    ("user-email-address", "Email", "element451"),
    ("user-preferred-name", "LeadSource", "element451"),
    ("user-custom-advisor-notes", "Description", "element451"),
    ("user-phone-cell-number", "MobilePhone", "salesforce"),
    ("user-dob", "Birthdate", "element451"),
)
DOCUMENT = document(FIELDS, create_new=True)


@dataclass
class School:
    """One person in both systems of the sandbox."""

    sandbox: RunningSandbox
    database: Engine
    salesforce: SalesforceClient
    element451: Element451Client
    ours: str = ""
    theirs: str = ""

    def sync(self) -> Run:
        self.sandbox.clock(advance=900)
        catalogues = Catalogues(self.database, lambda: self.salesforce, lambda: self.element451)
        config = CompiledConfig.compile(
            1,
            DOCUMENT,
            catalogues.element_fields(fresh=True),
            lambda name: catalogues.entity(name, fresh=True),
        )
        context = SyncContext(self.database, connectors(self.salesforce, self.element451), config)
        return sync(SyncEngine(context, lambda system, field: None))

    def edit(self, **values: object) -> None:
        edited = {slug.replace("_", "-"): value for slug, value in values.items()}
        self.sandbox.edit_element451("contact", {self.ours: edited})

    def held(self, name: str) -> object:
        return next(row[name] for row in self.sandbox.records("Contact") if row["Id"] == self.theirs)

    def writes(self) -> int:
        return sum(line["by"] == "api" for line in self.sandbox.journal())


@pytest.fixture
def school(sandbox: RunningSandbox, engine: Engine, tmp_path: Path) -> Iterator[School]:
    with Element451Client(f"{sandbox.url}/v2", FEATURE_TOKEN) as element451:
        found = School(sandbox, engine, client_of(sandbox, tmp_path), element451)
        found.ours = sandbox.create_element451("contact", user_first_name="Ann", user_last_name="Ray")
        found.theirs = sandbox.create("Contact", LastName="Ray", Element451_ID__c=found.ours)
        assert found.sync().state == "done"
        yield found


def test_what_the_org_spells_its_own_way_is_written_once(school: School) -> None:
    school.sandbox.options(lowercase_emails=True, listed_spelling=True)
    school.sandbox.field("Contact", "Description", htmlFormatted=True)
    school.edit(
        user_email_address="Ann@X.edu", user_preferred_name="phone inquiry", user_custom_advisor_notes="Q & A"
    )
    assert statuses(school.sync())["export_contact"] == {"updated": 1}
    writes = school.writes()
    for _ in range(4):
        counts = statuses(school.sync()).get("export_contact", {})
        assert set(counts) <= {"unchanged"}, counts
    assert school.writes() == writes
    assert [school.held(name) for name in ("Email", "LeadSource", "Description")] == [
        "ann@x.edu",
        "Phone Inquiry",
        "Q &amp; A",
    ]


@pytest.mark.parametrize(
    ("slug", "value"),
    [
        ("user_first_name", "x" * 60),
        ("user_email_address", "ann at x.edu"),
        ("user_last_name", None),
        ("user_dob", "1066-10-14"),
    ],
)
def test_what_the_org_would_refuse_stays_behind_alone(school: School, slug: str, value: Any) -> None:
    school.edit(**{slug: value, "user_custom_advisor_notes": "New"})
    assert statuses(school.sync())["export_contact"] == {"failed": 1}
    assert (school.held("Description"), school.held("LastName")) == ("New", "Ray")
    writes = school.writes()
    school.sync()
    assert school.writes() == writes


def test_a_deactivated_picklist_value_does_not_freeze_the_record(school: School) -> None:
    school.edit(user_preferred_name="Web")
    school.sync()
    school.sandbox.field("Contact", "LeadSource", restrictedPicklist=True, inactive=["Web"])
    school.edit(user_first_name="Zoe")
    assert statuses(school.sync())["export_contact"] == {"updated": 1}
    assert (school.held("FirstName"), school.held("LeadSource")) == ("Zoe", "Web")


def test_an_object_in_a_field_for_one_value_stops_that_field_only(school: School) -> None:
    school.edit(user_custom_advisor_notes="New")
    school.sandbox.alter("/users/export$", fields={"user-first-name": {"a": 1}})
    assert statuses(school.sync())["export_contact"] == {"failed": 1}
    assert (school.held("FirstName"), school.held("Description")) == ("Ann", "New")


def test_a_damaged_salesforce_id_creates_nobody_in_either_system(school: School) -> None:
    theirs = school.sandbox.create("Contact", LastName="Öz")
    damaged = theirs[:15] + ("AAA" if theirs[15:] != "AAA" else "AAB")
    school.sandbox.create_element451("contact", user_last_name="Öz", user_identities_salesforceid=damaged)
    before = len(school.sandbox.records("Contact")), len(school.sandbox.records("contact", "element451"))
    run = statuses(school.sync())
    assert (run["export_contact"]["failed"], run["import_contact"]["failed"]) == (1, 1)
    after = len(school.sandbox.records("Contact")), len(school.sandbox.records("contact", "element451"))
    assert after == before
    entries = log_queries.entries(school.database, LogFilter(), 100)
    assert "DAMAGED_ID" in {entry["code"] for entry in entries}
