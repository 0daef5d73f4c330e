"""What would be done to some records: each with its status, the reason, its IDs, and to unfold its fields."""

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
from syncer.configuration.config_file import Document
from syncer.core.plan import Direction, Status
from syncer.core.records import Kind
from syncer.core.text import counted
from syncer.sync import record_search
from syncer.sync.planning.side_by_side import compare_fields, target_values

Plan = Mapping[str, Any]
HEADLINE = 120
"""Characters of a reason that stand in a headline; the whole of a longer one stands inside."""


class Cards:
    """Draws plans (as `logbook.plan_json`). ``document``: the configuration in force; ``account``: that of
    the Salesforce connection, for links."""

    def __init__(self, engine: Engine, document: Document, account: Mapping[str, Any] | None) -> None:
        self._engine, self._document, self._account = engine, document, account
        self._labels: dict[str, Labels] = {}
        self._names: dict[str, str] = {}

    def draw(self, plans: Sequence[Plan]) -> None:
        """Each plan to unfold; one that stands alone, and the first of one record's, unfolded."""
        self.learn(plans)
        alone = (
            len(
                {
                    (plan["kind"], plan["element_id"], plan["salesforce_id"])
                    for plan in plans
                    if plan["kind"] == Kind.CONTACT
                }
            )
            <= 1
        )
        for at, plan in enumerate(plans):
            with st.expander(self.headline(plan), expanded=alone and at == 0):
                self.inside(plan)

    def learn(self, plans: Sequence[Plan]) -> None:
        """Learn what the people behind these plans are called."""
        preferences, ids = (
            self._document["preferences"],
            [plan[side] for plan in plans for side in ("element_id", "salesforce_id")],
        )
        self._names |= record_search.names(
            self._engine, preferences["contact_entity"], ids, preferences["conversation_entity"]
        )

    def headline(self, plan: Plan) -> str:
        """A plan in a line of Markdown: its status, whom it is about, and why."""
        return (
            f"{badges.words(plan['status'])} {self.title(plan)} ·"
            f" :gray[{plain(plan['reason'], longest=HEADLINE)}]"
        )

    def title(self, plan: Plan) -> str:
        """Whom a plan is about, as Markdown."""
        ids = [identity for identity in (plan["element_id"], plan["salesforce_id"]) if identity]
        name = next((self._names[identity] for identity in ids if identity in self._names), None)
        called = f"**{plain(name)}**" if name else f"**{plain(ids[0])}**" if ids else "**A new record**"
        return f"Conversation with {called}" if plan["kind"] == Kind.CONVERSATION else called

    def inside(self, plan: Plan, *, whole: bool = True) -> None:
        """The IDs and the fields of a plan, and its reason where it is longer than a headline; without
        ``whole``, the fields that change alone."""
        if whole and len(plan["reason"]) > HEADLINE:
            self.why(plan)
        self._ids(plan)
        direction, entity = (
            Direction(plan["direction"]),
            str(self._document["preferences"][f"{plan['kind']}_entity"]),
        )
        if whole:
            mapped = self._document["mappings"][plan["kind"]]
            plan_fields.draw(
                compare_fields(plan, mapped, target_values(self._engine, entity, plan)),
                self._called(entity),
                direction,
            )
        else:
            field_changes.draw(plan["changes"], self._called(entity), direction.value)

    def why(self, plan: Plan) -> None:
        """The whole reason of a plan, with the records that it names."""
        record_links.told(
            plan["reason"], self._account, (plan["element_id"], plan["salesforce_id"]), st.markdown
        )

    def _ids(self, plan: Plan) -> None:
        ours = "Element ID" if plan["kind"] == Kind.CONTACT else "Conversation ID"
        address = record_links.in_salesforce(self._account, plan["salesforce_id"])
        theirs = plain(plan["salesforce_id"]) if plan["salesforce_id"] else ":gray[none yet]"
        linked = f"[{theirs}]({address})" if address else theirs
        st.caption(
            f"{ours}: {plain(plan['element_id']) if plan['element_id'] else ':gray[none yet]'} · Salesforce"
            f" ID: {linked}"
        )

    def _called(self, entity: str) -> Labels:
        if entity not in self._labels:
            self._labels[entity] = catalogue.last_read_labels(self._engine, entity)
        return self._labels[entity]


def writes(plans: Sequence[Plan]) -> str:
    """What these plans would write, in words: “2 conversations upserted”; empty where it is nothing."""
    writing = [plan for plan in plans if plan["status"] in (Status.INSERTED, Status.UPDATED, Status.UPSERTED)]
    numbers = Counter((Direction(plan["direction"]).target, plan["kind"], plan["status"]) for plan in writing)
    return ", ".join(
        f"{counted(number, kind)} {status} in {target.label}"
        for (target, kind, status), number in numbers.items()
    )
