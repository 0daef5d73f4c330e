"""Who may do what: roles, and the acts that each of them may do. Everybody may look and preview; nothing
secret is ever shown to anybody."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may do; each role may do what the ones before it may."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """As the screen says it."""
        return {Role.VIEWER: "Viewer", Role.ANALYST: "Analyst", Role.ADMIN: "Administrator"}[self]

    def covers(self, other: "Role") -> bool:
        """Whether this role may do what ``other`` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


class Act(StrEnum):
    """Whatever somebody may do that changes something or asks for work; its value is kept in the audit
    trail."""

    SYNC = "sync now"
    DRY_RUN = "dry run"
    CANCEL = "cancel a run"
    TEST = "test a record"
    RETRY = "retry"
    CONFIGURE = "change the settings"
    GUARD = "change the guard"
    APPROVE = "approve a run"
    REJECT = "reject a run"
    BACKFILL = "read everything again"
    CHECK = "check a connection"
    CONNECT = "connect"
    DISCONNECT = "disconnect"
    AUDIT = "read the audit trail"


MAY: dict[Act, Role] = {
    Act.SYNC: Role.ANALYST,
    Act.DRY_RUN: Role.ANALYST,
    Act.CANCEL: Role.ANALYST,
    Act.TEST: Role.ANALYST,
    Act.RETRY: Role.ANALYST,
    Act.CONFIGURE: Role.ANALYST,
    Act.GUARD: Role.ADMIN,
    Act.APPROVE: Role.ADMIN,
    Act.REJECT: Role.ADMIN,
    Act.BACKFILL: Role.ADMIN,
    Act.CHECK: Role.ANALYST,
    Act.CONNECT: Role.ADMIN,
    Act.DISCONNECT: Role.ADMIN,
    Act.AUDIT: Role.ADMIN,
}
"""The least role that may do each act. Who could loosen the guard could approve a run by it, so that is an
administrator's too."""


class NotPermitted(Exception):
    """A person asked for what their role does not allow; ``str()`` says so, and whom to ask."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts. ``name`` stands in the audit trail: an e-mail address, or what acts where nobody signs in.
    ``operator``: the product itself, or whoever has the machine that it runs on, with its database and keys,
    in their hands."""

    name: str
    role: Role
    operator: bool = False

    def may(self, act: Act) -> bool:
        """Whether this person may do it."""
        return self.role.covers(MAY[act])

    def require(self, act: Act) -> None:
        """Raises `NotPermitted` where this person may not do it."""
        if not self.may(act):
            needed = "an administrator" if MAY[act] is Role.ADMIN else "an analyst or an administrator"
            raise NotPermitted(
                f"You are signed in as {self.role.label.lower()}, so that you may not do this ({act}). Ask"
                f" {needed}."
            )

    def require_operator(self) -> None:
        """Raises `NotPermitted` for whoever signs in, administrators too: what the schedule does, and
        secrets, are the operator's."""
        if not self.operator:
            raise NotPermitted(
                "The product does this by itself, and whoever works on its machine. Nobody may do it from"
                " here."
            )


OPERATOR = Person("command line", Role.ADMIN, operator=True)
"""Whoever uses the command line of the machine that the product runs on: its database and keys are in their
hands anyway."""
MACHINE = Person("schedule", Role.ADMIN, operator=True)
"""The product itself, at work on what the schedule or a person (whose act is noted when they ask) gave it.
Its acts are runs, not audited."""
