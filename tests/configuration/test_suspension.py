"""What stands still when fields vanish, and what goes on (rule 22)."""

from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import given

from syncer.configuration.document import mapping_rows
from syncer.configuration.problems import errors_in
from syncer.configuration.required_mappings import required_mapping
from syncer.configuration.suspension import NOTHING, Suspension, suspend
from syncer.configuration.validation.check import check
from syncer.core.fields import Entity
from syncer.core.records import Kind, System
from syncer.sync.compiled_config import CompiledConfig
from tests.support.configured_world import first_document
from tests.support.memory_catalogue import element451_catalogue, salesforce_catalogue

DOCUMENT = first_document()
DOCUMENT["preferences"]["match_on"] = ["user-email-address"]
ROWS = [(kind, row) for kind in Kind for row in mapping_rows(DOCUMENT, kind)]
OURS = sorted({row["element451"] for _, row in ROWS})
THEIRS = sorted({(kind, row["salesforce"]) for kind, row in ROWS})


@given(st.sets(st.sampled_from(OURS), max_size=4), st.sets(st.sampled_from(THEIRS), max_size=4))
def test_what_lost_a_side_stands_still_and_the_rest_can_be_compiled(
    ours: set[str], theirs: set[tuple[Kind, str]]
) -> None:
    fields = [field for field in element451_catalogue() if field.key not in ours]
    entities: dict[str, Entity] = {}
    for kind, entity in zip(Kind, salesforce_catalogue().values(), strict=True):
        lost = {key for of, key in theirs if of is kind}
        known = {key: field for key, field in entity.fields.items() if key not in lost}
        entities[entity.name] = replace(entity, fields=known)
    objects = [(name, name) for name in entities]
    errors = errors_in(check(DOCUMENT, fields, entities, objects))
    reduced, suspension = suspend(DOCUMENT, errors, entities)

    broken = [
        (kind, row) for kind, row in ROWS if row["element451"] in ours or (kind, row["salesforce"]) in theirs
    ]
    links = {kind for kind, row in broken if required_mapping(kind, (row["element451"], row["salesforce"]))}
    assert {kind for kind in Kind if not suspension.syncs(kind)} == links
    kept = [(kind, row) for kind in Kind for row in mapping_rows(reduced, kind)]
    assert kept == [each for each in ROWS if each not in broken]
    suspended = {(field.kind, field.element451, field.salesforce) for field in suspension.fields}
    assert suspended == {
        (kind, row["element451"], row["salesforce"])
        for kind, row in broken
        if not required_mapping(kind, (row["element451"], row["salesforce"]))
    }
    assert bool(suspension) == bool(broken)
    unmatched = "user-email-address" in ours or (Kind.CONTACT, "Email") in theirs
    assert (System.ELEMENT451 in suspension.no_creations(Kind.CONTACT)) == unmatched
    assert bool(reduced["preferences"]["match_on"]) != unmatched
    assert Suspension.from_json(suspension.to_json()) == suspension
    if suspension.syncs(Kind.CONTACT):
        config = CompiledConfig.compile(1, reduced, fields, entities.__getitem__, suspension)
        assert set(config.mappings) == set(Kind) - links


def test_a_configuration_without_errors_stays_as_it_is() -> None:
    assert suspend(DOCUMENT, [], salesforce_catalogue()) == (DOCUMENT, NOTHING)


def test_a_field_that_is_refused_is_suspended_although_it_is_described() -> None:
    reduced, suspension = suspend(
        DOCUMENT, [], salesforce_catalogue(), {(System.SALESFORCE, "Phone"), (System.SALESFORCE, "Elsewhere")}
    )
    assert [field.salesforce for field in suspension.fields] == ["Phone"]
    assert len(mapping_rows(reduced, Kind.CONTACT)) == len(mapping_rows(DOCUMENT, Kind.CONTACT)) - 1
