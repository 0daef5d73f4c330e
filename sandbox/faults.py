"""Faults that a control can order: whole calls that go wrong, and single records that are refused."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Action = Literal["status", "html503", "cut_before", "cut_after", "delay", "record"]
ACTIONS: tuple[Action, ...] = ("status", "html503", "cut_before", "cut_after", "delay", "record")
SYSTEMS = ("salesforce", "element451")


@dataclass
class Rule:
    """One fault, and when it strikes.

    A call matches by ``system``, ``method`` and ``path`` (a regular expression searched in path and query).
    The first ``skip`` matches pass, then ``times`` strike (-1: for ever), each with ``probability``.
    ``status`` answers with status, body and headers instead of handling the call; ``html503`` with the page
    of an overloaded edge; ``cut_before`` closes the connection unhandled, ``cut_after`` once handled and
    committed; ``delay`` waits ``ms``. ``record`` refuses single records of a call, by ``object``, by
    ``index`` in its list, by ``id``, or by the values in ``where``, with ``error``.
    """

    action: Action
    system: str = ""
    method: str = ""
    path: str = ""
    times: int = 1
    skip: int = 0
    probability: float = 1.0
    seed: int = 0
    status: int = 500
    body: Any = ""
    headers: dict[str, str] = field(default_factory=dict)
    ms: int = 0
    object: str = ""
    index: int = -1
    id: str = ""
    where: dict[str, Any] = field(default_factory=dict)
    error: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise ValueError(f"action is one of {', '.join(ACTIONS)}, not {self.action!r}")
        if self.system and self.system not in SYSTEMS:
            raise ValueError(f"system is one of {', '.join(SYSTEMS)}, not {self.system!r}")
        self._pattern = re.compile(self.path)
        self._random = random.Random(self.seed)

    def concerns(self, system: str, method: str, path: str) -> bool:
        """Whether the rule is about such a call."""
        return (
            self.times != 0
            and self.system in ("", system)
            and self.method.upper() in ("", method)
            and (not self.path or self._pattern.search(path) is not None)
        )

    def strikes(self) -> bool:
        """Use up one match; whether the fault happens."""
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.probability < 1 and self._random.random() >= self.probability:
            return False
        if self.times > 0:
            self.times -= 1
        return True


class Faults:
    """The rules in force, first match first."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def add(self, rule: Mapping[str, Any]) -> None:
        """Add a rule given as JSON. Raises ValueError or TypeError when it makes no sense."""
        try:
            self.rules.append(Rule(**rule))
        except re.error as error:
            raise ValueError(f"path is not a regular expression: {error}") from error

    def clear(self) -> None:
        """Remove every rule."""
        self.rules.clear()

    def for_call(self, system: str, method: str, path: str) -> list[Rule]:
        """The rules that strike this call: any delays, and the first other fault."""
        struck: list[Rule] = []
        for rule in self.rules:
            if rule.action != "record" and rule.concerns(system, method, path) and rule.strikes():
                struck.append(rule)
                if rule.action != "delay":
                    break
        return struck

    def has_record_faults(self) -> bool:
        """Whether any rule may refuse single records (lets handlers skip the look-up)."""
        return any(rule.action == "record" and rule.times for rule in self.rules)

    def for_record(
        self, system: str, object: str, index: int, id: str, values: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """The error that strikes one record of a call, or None. ``id`` may be empty; ``values`` are those
        sent."""
        for rule in self.rules:
            if (
                rule.action == "record"
                and rule.concerns(system, "", "")
                and rule.object in ("", object)
                and rule.index in (-1, index)
                and (not rule.id or rule.id[:15] == id[:15] or rule.id == id)
                and all(values.get(name) == value for name, value in rule.where.items())
                and rule.strikes()
            ):
                return dict(rule.error)
        return None
