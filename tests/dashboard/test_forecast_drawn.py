"""A forecast on the screen: what would happen in a sentence, each field in a row, examples to unfold."""

import html
from dataclasses import replace

from streamlit.testing.v1 import AppTest

from syncer.core.mapping import MappedField
from syncer.core.pair import NEW
from syncer.core.records import Kind, System
from syncer.sync.planning.forecast import Creations, Forecast
from syncer.sync.planning.impact import FieldImpact, RecordCount, RecordExample
from tests.support.memory_catalogue import element451_field, salesforce_field

NAME = MappedField(element451_field("user-first-name"), salesforce_field("FirstName"), System.ELEMENT451)
MANY = Forecast(affects_records=True, counted=2000, known=5000, written=12)


def drawn(found: Forecast) -> AppTest:
    def script() -> None:
        import streamlit as st

        from dashboard.shared import forecast

        forecast.draw(st.session_state["found"])

    page = AppTest.from_function(script, default_timeout=60)
    page.session_state["found"] = found
    page.run()
    assert not page.exception, page.exception[0].value
    return page


def words(page: AppTest) -> str:
    return "\n".join(
        html.unescape(str(one.value)) for one in [*page.markdown, *page.caption, *page.warning]
    ).replace("\\", "")


def cells(page: AppTest) -> str:
    return html.unescape(" ".join(str(table.value.to_dict("records")) for table in page.table)).replace(
        "\\", ""
    )


def test_a_change_that_concerns_no_record_says_so() -> None:
    assert "This changes no record." in words(drawn(Forecast()))


def test_before_the_first_sync_nothing_is_promised() -> None:
    assert "No record is known yet" in words(drawn(Forecast(affects_records=True)))


def test_a_forecast_over_a_part_says_over_which() -> None:
    said = words(drawn(MANY))
    assert "a random sample of 2,000 known records" in said
    assert "There are 5,000; all are counted before a run writes." in said
    assert "None of the 5,000 known records would change." in words(
        drawn(replace(MANY, counted=5000, written=0))
    )


def test_each_field_has_its_numbers_and_its_examples() -> None:
    changed = RecordCount(3, [RecordExample("Ann <b>Lee</b>", "e1", None, "**Ann**", "Anna")])
    field = FieldImpact(
        Kind.CONTACT,
        NAME,
        System.SALESFORCE,
        changed,
        RecordCount(2, [RecordExample("", "e2", "s2", "Bob", None)]),
        unread=7,
    )
    created = Creations(
        Kind.CONTACT, System.ELEMENT451, RecordCount(4, [RecordExample("New One", None, "s3")])
    )
    page = drawn(replace(MANY, fields=(field,), created=(created,), notes=("Something else.",)))
    first, second = page.table[0].value.to_dict("records")
    assert [first["Get another value"], first["Would be emptied"], first["May be changed or emptied"]] == [
        "3",
        ":red[**2**]",
        "7",
    ]
    assert second["Get another value"] == "4 created"
    assert "in Salesforce" in first["Field"]
    assert "in Element451" in second["Field"]
    assert "The values of **7** are not known yet: they may be changed or emptied." in words(page)
    assert "the field has not been read" in words(page)
    assert "Something else." in words(page)
    assert "<b>" not in str(page.table[1].value.to_dict("records")), "shown letter by letter"
    assert ":gray[empty]" in cells(page)
    assert [expander.label for expander in page.expander] == [
        "FirstName in Salesforce: 2 examples",
        "New contacts in Element451: one example",
    ]


def test_a_column_without_any_number_is_left_out() -> None:
    page = drawn(replace(MANY, fields=(FieldImpact(Kind.CONTACT, NAME, System.SALESFORCE, RecordCount(3)),)))
    assert list(page.table[0].value.columns) == ["Field", "Get another value"]


def test_the_id_of_a_record_that_is_not_there_yet_is_called_so() -> None:
    field = FieldImpact(
        Kind.CONTACT, NAME, System.SALESFORCE, RecordCount(1, [RecordExample("Ann", "e1", "s1", None, NEW)])
    )
    assert "the new record's ID" in cells(drawn(replace(MANY, fields=(field,))))


def test_records_that_would_fail_are_shown_with_the_reason() -> None:
    page = drawn(
        replace(
            MANY,
            failing=RecordCount(
                1, [RecordExample("Ann", "e1", None, reason="“X” is not one of the values.")]
            ),
        )
    )
    assert "1 record would fail" in words(page)
    assert "“X” is not one of the values." in cells(page)
