"""What a run would do, or set out to do, as the guard counted it: the records of each kind of change, the
fields, and some examples."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import streamlit as st

from dashboard.shared import session, times
from dashboard.shared.markdown import plain
from dashboard.shared.plans import field_changes
from syncer.configuration import catalogue
from syncer.configuration.catalogue import Labels
from syncer.core.guard import IN_ALL, ChangeKind
from syncer.core.plan import Direction
from syncer.core.records import Kind, System
from syncer.core.text import counted
from syncer.journal.run_state import RunState
from syncer.journal.runs import REJECTED, Run


class _Kind(NamedTuple):
    """How a kind of change is drawn: ``headline`` takes the number of records, ``done`` is what happens to a
    field."""

    icon: str
    headline: str
    done: str


_KINDS = {
    ChangeKind.CREATE: _Kind(":green[:material/add_circle:]", "Create {}", "new"),
    ChangeKind.CHANGE: _Kind(":blue[:material/edit:]", "Change {}", "changed"),
    ChangeKind.BLANK: _Kind(":red[:material/backspace:]", "Empty values of {}", "emptied"),
    ChangeKind.DEACTIVATE: _Kind(":orange[:material/link_off:]", "Take {} out of the sync", "taken out"),
}


def draw(run: Run) -> None:
    """Draw the numbers of ``run`` (as `guard.ChangeCounts.to_json` makes them) with its examples; nothing if
    it planned no change."""
    numbers = run.numbers or {}
    kinds, fields, examples = (numbers.get(part, {}) for part in ("kinds", "fields", "examples"))
    if not any(kinds.values()):
        return
    st.markdown(f"**{_heading(run)}**")
    st.caption(_explanation(run, numbers.get("touched", 0), numbers.get("known", 0)))
    if run.state == RunState.WAITING and numbers.get("counted_at"):
        moment = datetime.fromisoformat(numbers["counted_at"])
        st.caption(
            f"Counted {times.when(moment)} ({times.ago(moment)}). While it waits, each scheduled run counts"
            " again and writes nothing."
        )
    labels, earlier = _labels(), numbers.get("last_day", {})
    for name, kind in _KINDS.items():
        if not kinds.get(name):
            continue
        with st.container(border=True):
            st.markdown(f"{kind.icon} **{kind.headline.format(counted(kinds[name], 'record'))}**")
            if earlier.get(name):
                st.caption(_earlier(earlier[name].get(IN_ALL, 0)))
            if fields.get(name):
                st.table(_field_rows(fields[name], labels, kind.done), border="horizontal", hide_index=True)
            _draw_examples(examples.get(name, []), labels)


def most_emptied_field(run: Run) -> str:
    """A sentence with the field that the run would empty in the most records; empty if it empties none."""
    counts: dict[str, int] = (run.numbers or {}).get("fields", {}).get(ChangeKind.BLANK, {})
    if not counts:
        return ""
    name = max(counts, key=lambda field: counts[field])
    target, label = _parse_field(name, _labels())
    subject = "It" if len(counts) == 1 else "Most of all it"
    return f"{subject} would empty {label} in {target.label}, in {counted(counts[name], 'record')}."


def _heading(run: Run) -> str:
    if run.state == RunState.WAITING:
        return "What it would do"
    return "What it would have done" if run.code == REJECTED else "What it set out to do"


def _explanation(run: Run, touched: int, known: int) -> str:
    """What the numbers count, and what they leave out."""
    share = f"{touched:,} of {counted(known, 'known record')}"
    rule = (
        "One record can count for several kinds; a new one counts once, together with the IDs that link it."
    )
    if run.code == REJECTED:
        return f"It would have touched {share}. {rule}"
    if run.state == RunState.WAITING:
        return f"It would touch {share}. {rule}"
    approved = ", and approved," if run.approved else ""
    return (
        f"Counted{approved} before its first write: {share} to touch. What then could not be written is under"
        f" failed. {rule}"
    )


def _earlier(records: int) -> str:
    return (
        f"Counted along: {counted(records, 'record')} in the last 24 hours, without anybody's approval. The"
        " limit holds for a day, so that nothing drains away a little at a time."
    )


def _field_rows(counts: Mapping[str, int], labels: Labels, done: str) -> list[dict[str, str]]:
    rows = []
    for name, number in sorted(counts.items(), key=lambda count: -count[1]):
        target, label = _parse_field(name, labels)
        rows.append(
            {"Field": f"{label}  \n:small[:gray[in {target.label}]]", f"Records {done}": f"{number:,}"}
        )
    return rows


def _parse_field(name: str, labels: Labels) -> tuple[System, str]:
    """The system in which a field of the numbers is written, and its labels as Markdown. ``name`` is
    ``slug → API name``, or with ← if Element451 is written."""
    slug, arrow, api_name = name.split(" ", 2)
    both = dict.fromkeys((labels.of(System.ELEMENT451, slug), labels.of(System.SALESFORCE, api_name)))
    target = System.SALESFORCE if arrow == "→" else System.ELEMENT451
    return target, f"**{' · '.join(map(plain, both))}**"


def _labels() -> Labels:
    """The labels of the fields of contacts and conversations, as last read."""
    application = session.application()
    current = application.configuration.current()
    if current is None:
        return Labels()
    preferences = current[1]["preferences"]
    contact, conversation = (
        catalogue.last_read_labels(application.database, preferences[f"{kind.value}_entity"]) for kind in Kind
    )
    return Labels(contact.element451, {**conversation.salesforce, **contact.salesforce})


def _draw_examples(examples: list[dict[str, Any]], labels: Labels) -> None:
    if not examples:
        return
    with st.expander(counted(len(examples), "example", one="One example")):
        for index, example in enumerate(examples):
            if index:
                st.divider()
            _draw_example(example, labels)


def _draw_example(example: Mapping[str, Any], labels: Labels) -> None:
    direction = Direction(example["direction"])
    ids = [plain(record_id) for record_id in (example["element_id"], example["salesforce_id"]) if record_id]
    what = f"{plain(example['kind'])}, {direction} to {direction.target.label}"
    name = plain(example["name"] or "Without a name")
    st.markdown(f"**{name}** · {what}  \n:small[:gray[{' · '.join(ids)}]]")
    if example["changes"]:
        field_changes.draw(example["changes"], labels, direction)
    elif example["reason"]:
        st.caption(plain(example["reason"]))
    if example["more"]:
        st.caption(f"… and {counted(example['more'], 'more field')}.")
