"""What the readers and stores of a field give is what `syncer.core.values` gives, of any value (rule 5)."""

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from syncer.core import values
from syncer.core.compiled.readers import RowReader, reader, store
from syncer.core.fields import Field
from tests.core.builders import LISTED
from tests.support.memory_catalogue import element451_field, salesforce_field

OURS = "text", "email", "dropdown", "number", "date", "datetime", "boolean", "checkbox"
THEIRS = "string", "email", "picklist", "double", "date", "datetime", "boolean", "multipicklist", "textarea"
FIELDS = [
    *(element451_field("user-custom-it", name, options=LISTED) for name in OURS),
    *(salesforce_field("It__c", name, options=LISTED) for name in THEIRS),
]
RAW: st.SearchStrategy[Any] = st.one_of(
    st.text(alphabet=" \t\r\n\x00\u00a0aA;1.5-é", max_size=6),
    st.sampled_from(
        ["2026-03-02", "2026-03-02T09:00:00.000+0000", "yes", "true", "a;b", values.DamagedText("a\ufffd")]
    ),
    st.sampled_from([None, True, False, 0, 1, 1.5, 10**17, [], ["b", "a"], {"a": True}, [None, ""]]),
)


@pytest.mark.parametrize(
    "field", FIELDS, ids=lambda field: f"{field.system} {field.type_name or field.type.label}"
)
@given(raw=RAW)
def test_a_ready_reader_gives_what_is_read_and_stored_one_by_one(field: Field, raw: Any) -> None:
    read = values.read(field, raw)
    assert (reader(field)(raw), type(reader(field)(raw))) == (read, type(read))
    as_stored = store(field)
    assert (as_stored(read) if as_stored else read) == values.stored(field, read)


def test_what_is_damaged_is_unknown_and_what_is_missing_empty_or_unknown() -> None:
    fields = [salesforce_field(name, "string") for name in ("FirstName", "LastName", "Email")]
    row = {"FirstName": "Ann", "LastName": values.DamagedText("R\ufffdy")}
    whole = RowReader(fields)
    assert whole.read(row, missing_is_empty=True) == (
        {"FirstName": "Ann", "Email": None},
        frozenset({"LastName"}),
    )
    assert whole.read(row, missing_is_empty=False) == ({"FirstName": "Ann"}, frozenset({"LastName"}))
