"""Rules that a control orders, and which calls and records they strike."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.faults.calls import KINDS, SYSTEMS, Seen
from sandbox.faults.replies import Change

Action = Literal[
    "status", "html503", "cut_before", "cut_after", "status_after", "delay", "alter", "act", "record"
]
ACTIONS: tuple[Action, ...] = (
    "status",
    "html503",
    "cut_before",
    "cut_after",
    "status_after",
    "delay",
    "alter",
    "act",
    "record",
)
BESIDE = ("delay", "alter", "act")  # any number of these strike one call, with at most one of the rest
MOMENTS = ("before", "after")


@dataclass
class Rule:
    """One fault, and when it strikes. ``name`` is what it can be called off by.

    A call matches by ``system``, ``method``, ``path`` (a regular expression searched in path and query),
    ``kind`` (``read``, ``write``, ``sign_in``), ``holds`` (a regular expression searched in the body) and
    ``longer_than`` (bytes of the body). The first ``skip`` matches pass, then ``times`` strike (-1: for
    ever), each with ``probability``. With ``repeats`` a call that was struck is struck again whenever it is
    sent again, so many times (-1: always): ``skip`` and ``times`` then count different calls.

    ``status`` answers with status, body and headers instead of handling the call; ``html503`` with the page
    of an overloaded edge; ``cut_before`` closes the connection unhandled. ``status_after`` and ``cut_after``
    do so once the call is handled and committed. ``delay`` waits ``ms``. ``alter`` changes the reply
    (``change``: see ``replies.Change``; ``headers`` are set). ``act`` uses another control, ``control``
    (``{"method", "path", "body"}``), right before the call is handled or after (``moment``).

    ``record`` refuses single records of a call, by ``object``, by ``index`` in its list, by ``id``, or by the
    values in ``where``, with ``error``; ``whole`` refuses their whole part with it.
    """

    action: Action
    name: str = ""
    system: str = ""
    method: str = ""
    path: str = ""
    kind: str = ""
    holds: str = ""
    longer_than: int = 0
    times: int = 1
    skip: int = 0
    repeats: int = 0
    probability: float = 1.0
    seed: int = 0
    status: int = 500
    body: Any = ""
    headers: dict[str, str] = field(default_factory=dict)
    ms: int = 0
    change: dict[str, Any] = field(default_factory=dict)
    control: dict[str, Any] = field(default_factory=dict)
    moment: str = "before"
    object: str = ""
    index: int = -1
    id: str = ""
    where: dict[str, Any] = field(default_factory=dict)
    error: dict[str, Any] = field(default_factory=dict)
    whole: bool = False
    struck: int = field(init=False)
    failure: str = field(init=False)  # why the last ``act`` was refused

    def __post_init__(self) -> None:
        for name, choices in (("action", ACTIONS), ("system", SYSTEMS), ("kind", KINDS), ("moment", MOMENTS)):
            given = getattr(self, name)
            if given not in choices and (given or name == "action"):
                raise ValueError(f"{name} is one of {', '.join(choices)}, not {given!r}")
        if self.action == "act" and not isinstance(self.control.get("path"), str):
            raise ValueError("act needs a control with a path")
        self.struck, self.failure = 0, ""
        self._path = re.compile(self.path)
        self._holds = re.compile(self.holds)
        self._random = random.Random(self.seed)
        self._change = Change(**self.change)
        self._sent: dict[bytes, int] = {}  # calls that may be sent again, and how often they were struck

    @property
    def changes(self) -> Change:
        """What ``alter`` changes in the reply."""
        return self._change

    def concerns(self, call: Seen) -> bool:
        """Whether the rule is about such a call."""
        return (
            (self.times != 0 or bool(self._sent))
            and self.system in ("", call.system)
            and self.method.upper() in ("", call.method)
            and self.kind in ("", call.kind)
            and len(call.body) >= self.longer_than
            and self._path.search(call.path) is not None
            and (not self.holds or self._holds.search(call.text) is not None)
        )

    def strikes(self, call: Seen | None = None) -> bool:
        """Use up one match; whether the fault happens."""
        if call is None or not self.repeats:
            return self._draws()
        if call.digest not in self._sent:
            self._sent[call.digest] = 0 if self._draws() else -1
            return self._sent[call.digest] == 0
        tries = self._sent[call.digest]
        if tries < 0 or tries == self.repeats:
            return False
        self._sent[call.digest] = tries + 1
        self.struck += 1
        return True

    def _draws(self) -> bool:
        if self.times == 0:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.probability < 1 and self._random.random() >= self.probability:
            return False
        if self.times > 0:
            self.times -= 1
        self.struck += 1
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
            raise ValueError(f"path or holds is not a regular expression: {error}") from error

    def clear(self, name: str = "") -> None:
        """Remove every rule, or those of a name."""
        self.rules[:] = [rule for rule in self.rules if name and rule.name != name]

    def for_call(self, call: Seen) -> list[Rule]:
        """The rules that strike this call: any number of those that go with others, and the first of the rest."""
        struck: list[Rule] = []
        for rule in list(self.rules):
            if rule.action != "record" and rule.concerns(call) and rule.strikes(call):
                struck.append(rule)
                if rule.action not in BESIDE:
                    break
        return struck

    def has_record_faults(self) -> bool:
        """Whether any rule may refuse single records (lets handlers skip the look-up)."""
        return any(rule.action == "record" and rule.times for rule in self.rules)

    def for_record(
        self, system: str, object: str, index: int, id: str, values: Mapping[str, Any]
    ) -> Rule | None:
        """The rule that strikes one record of a call, or None. ``id`` may be empty; ``values`` are those
        sent."""
        for rule in self.rules:
            if (
                rule.action == "record"
                and rule.system in ("", system)
                and rule.object in ("", object)
                and rule.index in (-1, index)
                and (not rule.id or rule.id[:15] == id[:15] or rule.id == id)
                and all(values.get(name) == value for name, value in rule.where.items())
                and rule.strikes()
            ):
                return rule
        return None
