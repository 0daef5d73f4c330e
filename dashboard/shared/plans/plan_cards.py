"""What would be done to people, or was done, a person a block: who it is, what happens and why, and the
fields as a table, both directions together. The one drawing of plans: Preview, Dry run, Test and Student
share it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from dashboard.shared import badges, record_links
from dashboard.shared.markdown import plain
from dashboard.shared.plans import plan_fields
from dashboard.shared.plans.plan_fields import Line
from dashboard.shared.students import student_links
from syncer.configuration import catalogue
from syncer.configuration.catalogue import Labels
from syncer.configuration.document import Document
from syncer.core.pair import NEW
from syncer.core.plan import Direction, Status
from syncer.core.records import Kind
from syncer.core.text import counted
from syncer.sync import record_search
from syncer.sync.planning.side_by_side import changed_fields, compare_fields, target_values

Plan = Mapping[str, Any]
Block = Sequence[Plan]
"""The plans of one person, or of one conversation: of both directions."""
_NO_ID = ":gray[none yet]"
_QUIET = (Status.UNCHANGED, Status.IGNORED)


class PlanCards:
    """Draws plans (in the JSON that is kept of them). ``document`` is the configuration in force, ``account``
    that of the Salesforce connection, for links."""

    def __init__(self, engine: Engine, document: Document, account: Mapping[str, Any] | None) -> None:
        self._engine = engine
        self._document = document
        self._account = account
        self._labels: dict[str, Labels] = {}
        self._names: dict[str, str] = {}

    def draw(
        self,
        plans: Sequence[Plan],
        *,
        whole: bool = True,
        links: Callable[[Block], object] = lambda block: None,
    ) -> None:
        """Draw each person as a block, in the order in which they come. ``whole``: every mapped field is
        shown, else those to which something happens; ``links`` draws what leads on from a block."""
        self.look_up(plans)
        for block in by_person(plans):
            with st.container(border=True):
                self._draw_head(block, links)
                self._draw_reasons(block)
                self._draw_fields(block, whole)

    def look_up(self, plans: Sequence[Plan]) -> None:
        """Look up the names of the people in these plans."""
        preferences = self._document["preferences"]
        ids = [plan[side] for plan in plans for side in ("element_id", "salesforce_id")]
        self._names |= record_search.names(
            self._engine, preferences["contact_entity"], ids, preferences["conversation_entity"]
        )

    def _draw_head(self, block: Block, links: Callable[[Block], object]) -> None:
        with st.container(horizontal=True, vertical_alignment="center"):
            name = self._name(block[0])
            if block[0]["kind"] == Kind.CONVERSATION:
                st.markdown("Conversation with", width="content")
            student_links.draw(name or "A new record", _known_id(block) if name else None)
            for plan in _told(block):
                target = Direction(plan["direction"]).target.label
                where = f" in {target}" if Status(plan["status"]).writes else ""
                st.markdown(f"{badges.inline(plan['status'])}{where}", width="content")
            st.space("stretch")
            links(block)
        self._draw_ids(block)

    def _name(self, plan: Plan) -> str | None:
        """Whom a plan is about; None where nothing is known of them yet."""
        ids = [plan[side] for side in ("element_id", "salesforce_id") if plan[side] and plan[side] != NEW]
        return next((self._names[one] for one in ids if one in self._names), ids[0] if ids else None)

    def _draw_ids(self, block: Block) -> None:
        label = "Element ID" if block[0]["kind"] == Kind.CONTACT else "Conversation ID"
        element_id, salesforce_id = (_id(block, side) for side in ("element_id", "salesforce_id"))
        theirs = plain(salesforce_id) if salesforce_id else _NO_ID
        if url := record_links.salesforce_url(self._account, salesforce_id):
            theirs = f"[{theirs}]({url})"
        st.caption(f"{label}: {plain(element_id) if element_id else _NO_ID} · Salesforce ID: {theirs}")

    def _draw_reasons(self, block: Block) -> None:
        """Draw why, with links to the records that the reasons name."""
        own_ids = (_id(block, "element_id"), _id(block, "salesforce_id"))
        for reason in dict.fromkeys(plan["reason"] for plan in _told(block)):
            record_links.draw_reason(reason, self._account, own_ids, st.markdown)

    def _draw_fields(self, block: Block, whole: bool) -> None:
        lines = [line for plan in block for line in (self._all_fields(plan) if whole else _changes(plan))]
        if lines:
            plan_fields.draw(plan_fields.together(lines), self._labels_of(self._entity(block[0])))

    def _all_fields(self, plan: Plan) -> list[Line]:
        held = target_values(self._engine, self._entity(plan), plan)
        mapped = self._document["mappings"][plan["kind"]]
        return [Line(field, Direction(plan["direction"])) for field in compare_fields(plan, mapped, held)]

    def _entity(self, plan: Plan) -> str:
        return str(self._document["preferences"][f"{plan['kind']}_entity"])

    def _labels_of(self, entity: str) -> Labels:
        if entity not in self._labels:
            self._labels[entity] = catalogue.last_read_labels(self._engine, entity)
        return self._labels[entity]


def by_person(plans: Sequence[Plan]) -> list[list[Plan]]:
    """The plans of each person (or conversation) together, in the order in which the first of them come."""
    blocks: dict[object, list[Plan]] = {}
    for number, plan in enumerate(plans):
        identity = _id([plan], "element_id") or _id([plan], "salesforce_id") or number
        blocks.setdefault((plan["kind"], identity), []).append(plan)
    return list(blocks.values())


def writes_summary(plans: Sequence[Plan]) -> str:
    """What these plans would write, such as "2 conversations upserted in Salesforce"; empty if nothing."""
    numbers = Counter(
        (Direction(plan["direction"]).target, plan["kind"], plan["status"])
        for plan in plans
        if Status(plan["status"]).writes
    )
    return ", ".join(
        f"{counted(number, kind)} {status} in {target.label}"
        for (target, kind, status), number in numbers.items()
    )


def _told(block: Block) -> Block:
    """The plans of which something is said: where anything happens, the direction that does nothing is
    silent."""
    return [plan for plan in block if plan["status"] not in _QUIET] or block[:1]


def _changes(plan: Plan) -> list[Line]:
    return [Line(field, Direction(plan["direction"])) for field in changed_fields(plan)]


def _id(block: Block, side: str) -> str | None:
    return next((plan[side] for plan in block if plan[side] and plan[side] != NEW), None)


def _known_id(block: Block) -> str | None:
    return _id(block, "element_id") or _id(block, "salesforce_id")
