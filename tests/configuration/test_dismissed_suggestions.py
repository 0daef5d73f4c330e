"""Suggestions that somebody did not want."""

import pytest
from sqlalchemy import Engine

from syncer.configuration.editor.dismissed_suggestions import bring_back, dismiss, dismissed
from syncer.core.permissions import Actor, NotPermitted, Role
from syncer.core.records import Kind
from syncer.journal import audit

ANALYST, ADMIN, VIEWER = (
    Actor(f"{role}@school.edu", role) for role in (Role.ANALYST, Role.ADMIN, Role.VIEWER)
)


def test_what_was_dismissed_stays_so_until_it_is_asked_for_again(engine: Engine) -> None:
    dismiss(engine, ANALYST, Kind.CONTACT, [("user-a", "A__c")])
    dismiss(engine, ANALYST, Kind.CONTACT, [("user-b", "B__c")])
    dismiss(engine, ANALYST, Kind.CONVERSATION, [("conversation-c", "C__c")])
    assert dismissed(engine, Kind.CONTACT) == {("user-a", "A__c"), ("user-b", "B__c")}
    bring_back(engine, ANALYST, Kind.CONTACT)
    assert dismissed(engine, Kind.CONTACT) == set()
    assert dismissed(engine, Kind.CONVERSATION) == {("conversation-c", "C__c")}


def test_who_dismissed_what_is_in_the_audit_trail(engine: Engine) -> None:
    dismiss(engine, ANALYST, Kind.CONTACT, [("user-a", "A__c")])
    (noted,) = audit.entries(engine, ADMIN)
    assert (noted.person, noted.about, noted.detail) == (
        ANALYST.name,
        "dismissed suggestions",
        {"kind": "contact", "fields": "user-a and A__c"},
    )


def test_a_viewer_dismisses_nothing(engine: Engine) -> None:
    with pytest.raises(NotPermitted):
        dismiss(engine, VIEWER, Kind.CONTACT, [("user-a", "A__c")])
    assert dismissed(engine, Kind.CONTACT) == set()
