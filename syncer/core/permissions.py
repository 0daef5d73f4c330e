"""Who may do what: roles, and the actions that each of them may take. Everybody may look and preview; nothing
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
        """The role's name on the screen."""
        return {Role.VIEWER: "Viewer", Role.ANALYST: "Analyst", Role.ADMIN: "Administrator"}[self]

    def covers(self, other: "Role") -> bool:
        """Whether this role may do what ``other`` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


class Action(StrEnum):
    """Whatever somebody may do that changes something or asks for work; its value is kept in the audit
    trail, in the column ``act``."""

    SYNC = "sync now"
    DRY_RUN = "dry run"
    CANCEL = "cancel a run"
    TEST = "test a record"
    RETRY = "retry"
    LINK = "link two records"
    UNDO = "undo"
    HOLD = "hold a record"
    RELEASE = "release a hold"
    CONFIGURE = "change the settings"
    GO_LIVE = "go live"
    PAUSE = "pause the schedule"
    RESUME = "resume the schedule"
    GUARD = "change the guard"
    APPROVE = "approve a run"
    REJECT = "reject a run"
    BACKFILL = "read everything again"
    CHECK = "check a connection"
    CONNECT = "connect"
    DISCONNECT = "disconnect"
    ALERTS = "change or try who is alerted"
    AUDIT = "read the audit trail"


REQUIRED_ROLE: dict[Action, Role] = {
    Action.SYNC: Role.ANALYST,
    Action.DRY_RUN: Role.ANALYST,
    Action.CANCEL: Role.ANALYST,
    Action.TEST: Role.ANALYST,
    Action.RETRY: Role.ANALYST,
    Action.LINK: Role.ANALYST,
    Action.UNDO: Role.ANALYST,
    Action.HOLD: Role.ANALYST,
    Action.RELEASE: Role.ANALYST,
    Action.CONFIGURE: Role.ANALYST,
    Action.GO_LIVE: Role.ANALYST,
    Action.PAUSE: Role.ANALYST,
    Action.RESUME: Role.ANALYST,
    Action.GUARD: Role.ADMIN,
    Action.APPROVE: Role.ADMIN,
    Action.REJECT: Role.ADMIN,
    Action.BACKFILL: Role.ADMIN,
    Action.CHECK: Role.ANALYST,
    Action.CONNECT: Role.ADMIN,
    Action.DISCONNECT: Role.ADMIN,
    Action.ALERTS: Role.ADMIN,
    Action.AUDIT: Role.ADMIN,
}
"""The lowest role that may take each action. Whoever could loosen the guard could approve a run that way, so
only administrators may."""


class NotPermitted(Exception):
    """A person asked for what their role does not allow; ``str()`` says so, and whom to ask."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. ``name`` is written to the audit trail: an e-mail address, or a program where nobody signs
    in. ``operator``: the product itself, or whoever controls the machine that it runs on, with its database
    and keys."""

    name: str
    role: Role
    operator: bool = False

    def may(self, action: Action) -> bool:
        """Whether this actor may do it."""
        return self.role.covers(REQUIRED_ROLE[action])

    def require(self, action: Action) -> None:
        """Raises `NotPermitted` where this actor may not do it."""
        if not self.may(action):
            admins_only = REQUIRED_ROLE[action] is Role.ADMIN
            needed = "an administrator" if admins_only else "an analyst or an administrator"
            raise NotPermitted(
                f"You are signed in as {self.role.label.lower()}, so that you may not do this ({action}). Ask"
                f" {needed}."
            )

    def require_operator(self) -> None:
        """Raises `NotPermitted` for whoever signs in, administrators too: only the operator may do what the
        schedule does, or see secrets."""
        if not self.operator:
            raise NotPermitted(
                "The product does this automatically, or whoever works on its machine. Nobody may do it from"
                " here."
            )


OPERATOR = Actor("command line", Role.ADMIN, operator=True)
"""Whoever uses the command line of the machine that the product runs on: they control its database and keys
anyway."""
MACHINE = Actor("schedule", Role.ADMIN, operator=True)
"""The product itself, at work on what the schedule gave it, or what a person asked for (which is audited when
they ask). What it does are runs, which are not audited."""
