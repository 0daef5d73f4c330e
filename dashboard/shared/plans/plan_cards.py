"""Plans as cards: the status, whom it is about, and the reason; inside, the IDs and the fields."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from dashboard.shared import badges, record_links
from dashboard.shared.markdown import plain
from dashboard.shared.plans import field_changes, plan_fields
from syncer.configuration import catalogue
from syncer.configuration.catalogue import Labels
from syncer.configuration.document import Document
from syncer.core.plan import Direction, Status
from syncer.core.records import Kind
from syncer.core.text import counted
from syncer.sync import record_search
from syncer.sync.planning.side_by_side import compare_fields, target_values

Plan = Mapping[str, Any]
_LONGEST_HEADLINE = 120
"""Characters of a reason that a card's headline shows. A longer one is shown in full inside."""
_NO_ID = ":gray[none yet]"


class PlanCards:
    """Draws plans (in the JSON that is kept of them). ``document`` is the configuration in force, ``account``
    that of the Salesforce connection, for links."""

    def __init__(self, engine: Engine, document: Document, account: Mapping[str, Any] | None) -> None:
        self._engine = engine
        self._document = document
        self._account = account
        self._labels: dict[str, Labels] = {}
        self._names: dict[str, str] = {}

    def draw(self, plans: Sequence[Plan]) -> None:
        """Draw each plan as a card to unfold. The first is unfolded if all are about one contact."""
        self.look_up(plans)
        contacts = {
            (plan["element_id"], plan["salesforce_id"]) for plan in plans if plan["kind"] == Kind.CONTACT
        }
        for index, plan in enumerate(plans):
            with st.expander(self._headline(plan), expanded=index == 0 and len(contacts) <= 1):
                if len(plan["reason"]) > _LONGEST_HEADLINE:
                    self.draw_reason(plan)
                self._draw_ids(plan)
                self._draw_all_fields(plan)

    def draw_changes(self, plan: Plan) -> None:
        """Draw the IDs of a plan, and the fields that it changes."""
        self._draw_ids(plan)
        labels = self._labels_of(self._entity(plan))
        field_changes.draw(plan["changes"], labels, Direction(plan["direction"]))

    def draw_reason(self, plan: Plan) -> None:
        """Draw the whole reason of a plan, with links to the records that it names."""
        own_ids = (plan["element_id"], plan["salesforce_id"])
        record_links.draw_reason(plan["reason"], self._account, own_ids, st.markdown)

    def look_up(self, plans: Sequence[Plan]) -> None:
        """Look up the names of the people in these plans."""
        preferences = self._document["preferences"]
        ids = [plan[side] for plan in plans for side in ("element_id", "salesforce_id")]
        self._names |= record_search.names(
            self._engine, preferences["contact_entity"], ids, preferences["conversation_entity"]
        )

    def title(self, plan: Plan) -> str:
        """Whom a plan is about, as Markdown."""
        ids = [record_id for record_id in (plan["element_id"], plan["salesforce_id"]) if record_id]
        names = (self._names[record_id] for record_id in ids if record_id in self._names)
        title = f"**{plain(next(names, ids[0]))}**" if ids else "**A new record**"
        return f"Conversation with {title}" if plan["kind"] == Kind.CONVERSATION else title

    def _headline(self, plan: Plan) -> str:
        reason = plain(plan["reason"], longest=_LONGEST_HEADLINE)
        return f"{badges.inline(plan['status'])} {self.title(plan)} · :gray[{reason}]"

    def _draw_ids(self, plan: Plan) -> None:
        label = "Element ID" if plan["kind"] == Kind.CONTACT else "Conversation ID"
        element_id = plain(plan["element_id"]) if plan["element_id"] else _NO_ID
        salesforce_id = plain(plan["salesforce_id"]) if plan["salesforce_id"] else _NO_ID
        url = record_links.salesforce_url(self._account, plan["salesforce_id"])
        if url:
            salesforce_id = f"[{salesforce_id}]({url})"
        st.caption(f"{label}: {element_id} · Salesforce ID: {salesforce_id}")

    def _draw_all_fields(self, plan: Plan) -> None:
        entity = self._entity(plan)
        mapped = self._document["mappings"][plan["kind"]]
        fields = compare_fields(plan, mapped, target_values(self._engine, entity, plan))
        plan_fields.draw(fields, self._labels_of(entity), Direction(plan["direction"]))

    def _entity(self, plan: Plan) -> str:
        return str(self._document["preferences"][f"{plan['kind']}_entity"])

    def _labels_of(self, entity: str) -> Labels:
        if entity not in self._labels:
            self._labels[entity] = catalogue.last_read_labels(self._engine, entity)
        return self._labels[entity]


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
