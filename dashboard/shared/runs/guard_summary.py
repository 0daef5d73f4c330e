"""What a run would do, or set out to do, as the guard counted it: the records of each kind of change, the
fields, and some examples."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.shared import session
from dashboard.shared.markdown import plain
from dashboard.shared.plans import field_changes
from dashboard.shared.runs import change_words
from syncer.configuration import catalogue
from syncer.configuration.catalogue import Labels
from syncer.core.guard import IN_ALL, ChangeKind
from syncer.core.plan import Direction
from syncer.core.records import Kind, System
from syncer.core.text import counted
from syncer.journal.run_state import RunState
from syncer.journal.runs import REJECTED, Run


def draw(run: Run, *, with_examples: bool = True) -> None:
    """Draw the numbers of ``run`` (as `guard.ChangeCounts.to_json` makes them) as a table, what is dangerous
    first; nothing if it planned no change."""
    numbers = run.numbers or {}
    kinds = change_words.in_order(numbers.get("kinds", {}))
    if not kinds:
        return
    st.markdown(f"**{_heading(run)}**")
    st.caption(_explanation(run, numbers.get("touched", 0), numbers.get("known", 0)))
    labels = field_labels()
    st.table(
        [row for kind in kinds for row in _rows(kind, numbers, labels)],
        border="horizontal",
        hide_index=True,
    )
    earlier = {kind: numbers.get("last_day", {}).get(kind, {}).get(IN_ALL, 0) for kind in kinds}
    if any(earlier.values()):
        st.caption(_earlier(change_words.amount(earlier)))
    for kind in kinds if with_examples else ():
        _draw_examples(kind, numbers.get("examples", {}).get(kind, []), labels)


def most_emptied_field(run: Run) -> str:
    """A sentence with the field that the run would empty in the most records; empty if it empties none."""
    counts: dict[str, int] = (run.numbers or {}).get("fields", {}).get(ChangeKind.BLANK, {})
    if not counts:
        return ""
    name = max(counts, key=lambda field: counts[field])
    target, label = _markdown(name, field_labels())
    subject = "It" if len(counts) == 1 else "Above all, it"
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


def _earlier(amount: str) -> str:
    return (
        f"Also counted: {amount} in the last 24 hours, without anybody's approval. The limit holds for a"
        " whole day, because small losses add up."
    )


def _rows(kind: ChangeKind, numbers: Mapping[str, Any], labels: Labels) -> list[dict[str, str]]:
    """A row for each field that changes so, the most frequent first; one for records that change whole."""
    words, records = change_words.KINDS[kind], numbers["kinds"][kind]
    what = f"{words.icon} **{words.headline.format(counted(records, 'record'))}**"
    fields: Mapping[str, int] = numbers.get("fields", {}).get(kind, {})
    suspects = _suspects(numbers) if kind is ChangeKind.BLANK else {}
    cells = [
        (f"{label} :small[:gray[in {target.label}]]{suspects.get(name, '')}", number)
        for name, number in sorted(fields.items(), key=lambda count: -count[1])
        for target, label in [_markdown(name, labels)]
    ]
    return [
        {"What": "" if at else what, "Field": field, "Records": f"{number:,}"}
        for at, (field, number) in enumerate(cells or [(":gray[the whole record]", records)])
    ]


def _suspects(numbers: Mapping[str, Any]) -> dict[str, str]:
    """What is said of the fields that came back empty for nearly all, by how the numbers name them."""
    return {
        f"{each['element451']} {'→' if each['system'] == System.ELEMENT451 else '←'} {each['salesforce']}": (
            f"  \n:red-badge[:material/warning: suspect] :small[came back empty for {each['emptied']:,} of"
            f" {each['read']:,} records that held a value]"
        )
        for each in numbers.get("suspects", [])
    }


def _markdown(name: str, labels: Labels) -> tuple[System, str]:
    """The system in which a field of the numbers is written, and its labels as Markdown."""
    target, text = name_of_field(name, labels)
    return target, f"**{plain(text)}**"


def name_of_field(name: str, labels: Labels) -> tuple[System, str]:
    """The system in which a field of the numbers is written, and its labels. ``name`` is ``slug → API name``,
    or with ← if Element451 is written."""
    slug, arrow, api_name = name.split(" ", 2)
    both = dict.fromkeys((labels.of(System.ELEMENT451, slug), labels.of(System.SALESFORCE, api_name)))
    target = System.SALESFORCE if arrow == "→" else System.ELEMENT451
    return target, " · ".join(both)


def field_labels() -> Labels:
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


def _draw_examples(kind: ChangeKind, examples: list[dict[str, Any]], labels: Labels) -> None:
    if not examples:
        return
    with st.expander(f"{change_words.KINDS[kind].noun.capitalize()}s, for example"):
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
