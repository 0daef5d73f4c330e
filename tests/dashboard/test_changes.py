"""The field-by-field table, as Preview, Dry run and the Integration Logs draw it."""

from streamlit.testing.v1 import AppTest

from dashboard.shared.plans import field_changes


def drawn() -> AppTest:
    def script() -> None:
        from typing import Any

        from dashboard.shared.plans import field_changes
        from syncer.configuration.catalogue import Labels
        from syncer.core.plan import Direction

        found: list[dict[str, Any]] = [
            {
                "element451": "user-race",
                "salesforce": "Race__c",
                "owner": "salesforce",
                "before": None,
                "after": ["Asian", "White"],
            },
            {
                "element451": "user-x",
                "salesforce": "X__c",
                "owner": "element451",
                "before": None,
                "after": True,
                "known": False,
            },
            {
                "element451": "user-notes",
                "salesforce": "Notes__c",
                "owner": "element451",
                "before": "<b>*old*</b>",
                "after": "long " * 100,
            },
            {
                "element451": "user-at",
                "salesforce": "At__c",
                "owner": "element451",
                "before": "2026-01-02T03:04:05+00:00",
                "after": None,
            },
        ]
        field_changes.draw(found, Labels({"user-race": "Race"}, {"Race__c": "Race"}), Direction.EXPORT)
        field_changes.draw([])

    page = AppTest.from_function(script, default_timeout=60).run()
    assert not page.exception
    return page


def test_each_field_has_its_owner_and_its_value_before_and_after() -> None:
    page = drawn()
    race, flag, notes, moment = page.table[0].value.to_dict("records")
    assert race["Field"].startswith("**Race**")
    assert "Salesforce owns it" in race["Field"]
    assert (race["Before in Salesforce"], race["After in Salesforce"]) == (
        field_changes.EMPTY,
        "Asian, White",
    )
    assert (flag["Before in Salesforce"], flag["After in Salesforce"]) == (field_changes.UNKNOWN, "Yes")
    assert "<b>" not in notes["Before in Salesforce"]
    assert "T03" not in moment["Before in Salesforce"]


def test_a_long_value_is_cut_in_its_cell_and_there_in_full_to_unfold() -> None:
    page = drawn()
    assert page.table[0].value.to_dict("records")[2]["After in Salesforce"].endswith("…")
    assert [code.value for code in page.expander[0].code] == ["long " * 100]


def test_where_nothing_changes_it_says_so() -> None:
    assert "No field gets another value." in [caption.value for caption in drawn().caption]
