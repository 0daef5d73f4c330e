"""Roles: each may do what the ones before it may, and nothing is left out."""

import pytest

from syncer.core.permissions import REQUIRED_ROLE, Action, Actor, NotPermitted, Role


def test_every_act_has_a_role_that_may_do_it() -> None:
    assert set(REQUIRED_ROLE) == set(Action)


@pytest.mark.parametrize("act", Action)
def test_an_administrator_may_do_everything_and_a_viewer_nothing(act: Action) -> None:
    assert Actor("a", Role.ADMIN).may(act)
    assert not Actor("v", Role.VIEWER).may(act)


@pytest.mark.parametrize("role", Role)
def test_whoever_may_not_do_something_is_told_whom_to_ask(role: Role) -> None:
    person = Actor("somebody@school.edu", role)
    for act in Action:
        if person.may(act):
            person.require(act)
            continue
        with pytest.raises(NotPermitted, match=f"signed in as {role.label.lower()}.*Ask an") as caught:
            person.require(act)
        assert act in str(caught.value)


def test_an_analyst_neither_connects_nor_approves_nor_loosens_the_guard() -> None:
    analyst = Actor("analyst@school.edu", Role.ANALYST)
    assert {act for act in Action if not analyst.may(act)} == {
        *(Action.GUARD, Action.APPROVE, Action.REJECT, Action.BACKFILL),
        *(Action.CONNECT, Action.DISCONNECT, Action.ALERTS, Action.AUDIT),
    }
