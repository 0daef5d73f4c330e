"""Edits of mapped fields that are gathered, and what becomes of them when somebody else saves meanwhile."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from syncer.configuration.config_file import default_document
from syncer.configuration.document import Document, field_keys
from syncer.configuration.editor.draft import MappingDraft
from syncer.core.records import Kind

Row = dict[str, Any]
ROWS = st.lists(
    st.builds(
        lambda name, owner, values: (
            {"element451": f"user-{name}", "salesforce": name, "owner": owner} | values
        ),
        st.sampled_from("abcde"),
        st.sampled_from(["element451", "salesforce"]),
        st.sampled_from([{}, {"values": {"x": "X", "y": "X"}}, {"values": {"y": "X", "x": "X"}}]),
    ),
    max_size=6,
)


def document(rows: list[Row]) -> Document:
    made = default_document()
    return {**made, "mappings": {**made["mappings"], "contact": rows}}


def row(name: str, **more: object) -> Row:
    return {"element451": f"user-{name}", "salesforce": name, "owner": "element451"} | more


def draft(before: list[Row], after: list[Row]) -> MappingDraft:
    return MappingDraft(1, document(before), document(after))


def contacts(document: Document) -> list[Row]:
    found: list[Row] = document["mappings"]["contact"]
    return found


def test_a_draft_names_what_was_added_changed_and_removed() -> None:
    made = draft([row("a"), row("b"), row("c")], [row("a"), row("b", owner="salesforce"), row("d")])
    assert [(edit.fields[1], edit.what) for edit in made.edits] == [
        ("b", "changed"),
        ("d", "added"),
        ("c", "removed"),
    ]


def test_the_order_of_a_value_map_is_an_edit_for_it_decides_what_an_import_brings() -> None:
    one, other = row("a", values={"x": "X", "y": "X"}), row("a", values={"y": "X", "x": "X"})
    assert [edit.what for edit in draft([one], [other]).edits] == ["changed"]
    assert draft([one], [dict(reversed(one.items()))]).edits == [], "how a row is written is none"


def test_on_what_somebody_else_saved_only_what_was_edited_here_is_as_here() -> None:
    mine = draft([row("a"), row("b"), row("c")], [row("a", owner="salesforce"), row("b"), row("d")])
    theirs = document([row("b", default="x"), row("a", default="y"), row("c"), row("e")])
    moved = mine.onto(2, theirs)
    assert contacts(moved.edited) == [
        row("b", default="x"),
        row("a", owner="salesforce"),
        row("e"),
        row("d"),
    ]
    assert mine.overlaps(theirs) == [("user-a", "a")]
    assert moved.version == 2


@given(ROWS, ROWS)
def test_on_the_same_configuration_a_draft_stays_what_it_is(before: list[Row], after: list[Row]) -> None:
    made = draft(before, after)
    moved = made.onto(1, made.base)
    assert sorted(map(repr, moved.edits)) == sorted(map(repr, made.edits))
    assert made.overlaps(made.base) == []
    assert sorted(map(repr, contacts(moved.edited))) == sorted(map(repr, after))


@given(ROWS, ROWS, ROWS)
def test_what_was_not_edited_here_is_as_somebody_else_saved_it(
    before: list[Row], after: list[Row], theirs: list[Row]
) -> None:
    made = draft(before, after)
    mine = {edit.fields for edit in made.edits}
    kept = [one for one in contacts(made.onto(2, document(theirs)).edited) if field_keys(one) not in mine]
    assert kept == [one for one in theirs if field_keys(one) not in mine]
    edited = [one for one in contacts(made.onto(2, document(theirs)).edited) if field_keys(one) in mine]
    assert {field_keys(one) for one in edited} <= {field_keys(one) for one in after}
    assert Kind.CONTACT in {edit.kind for edit in made.edits} or not mine
