"""The metadata for an organization are what the Metadata API takes, as far as that shows offline
(contracts/salesforce.md A10)."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from syncer.connectors.salesforce.oauth import API_VERSION
from syncer.connectors.salesforce.setup_package import CONVERSATION_ID, ELEMENT_ID, setup_package

NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"
CONVERSATION = "E451_Conversation__c"
ROOT = Path(__file__).parents[3]
CHILDREN = {
    "Package": {"types", "version"},
    "types": {"members", "name"},
    "CustomObject": {
        *("deploymentStatus", "description", "enableReports", "enableSearch", "fields"),
        *("label", "nameField", "pluralLabel", "sharingModel"),
    },
    "nameField": {"displayFormat", "label", "type"},
    "fields": {
        *("fullName", "caseSensitive", "defaultValue", "deleteConstraint", "description", "externalId"),
        *("label", "length", "precision", "referenceTo", "relationshipLabel", "relationshipName"),
        *("required", "scale", "type", "unique", "visibleLines"),
    },
    "PermissionSet": {
        *("description", "fieldPermissions", "hasActivationRequired", "label"),
        *("objectPermissions", "userPermissions"),
    },
    "fieldPermissions": {"editable", "field", "readable"},
    "objectPermissions": {
        *("allowCreate", "allowDelete", "allowEdit", "allowRead"),
        *("modifyAllRecords", "object", "viewAllRecords"),
    },
    "userPermissions": {"enabled", "name"},
}
"""What each element may hold."""
NEEDED = {
    "Text": {"length"},
    "LongTextArea": {"length", "visibleLines"},
    "Number": {"precision", "scale"},
    "Lookup": {"referenceTo", "relationshipName"},
    "Checkbox": {"defaultValue"},
    "DateTime": set[str](),
}
"""What a field of each type must say beside its name, label and type."""
EVERY = pytest.mark.parametrize(
    ("contacts", "conversations"),
    [("Contact", CONVERSATION), ("Lead", CONVERSATION), ("hed__Student__c", "Talk__c"), ("Contact", None)],
)
Texts = dict[str, str]


def parsed(contacts: str, conversations: str | None) -> dict[str, ElementTree.Element]:
    files = setup_package(contacts, conversations)
    return {name: ElementTree.fromstring(content) for name, content in files.items()}  # noqa: S314 - our own


def name_of(element: ElementTree.Element) -> str:
    assert element.tag.startswith(NAMESPACE)
    return element.tag.removeprefix(NAMESPACE)


def texts(element: ElementTree.Element) -> Texts:
    return {name_of(child): child.text or "" for child in element}


def all_of(root: ElementTree.Element, name: str) -> list[Texts]:
    return [texts(element) for element in root.iter(f"{NAMESPACE}{name}")]


def fields(documents: dict[str, ElementTree.Element], name: str) -> dict[str, Texts]:
    return {one["fullName"]: one for one in all_of(documents[f"objects/{name}.object"], "fields")}


@EVERY
def test_every_element_is_one_that_the_metadata_know_and_alike_ones_stand_together(
    contacts: str, conversations: str | None
) -> None:
    for root in parsed(contacts, conversations).values():
        for element in root.iter():
            names = [name_of(child) for child in element]
            assert set(names) <= CHILDREN.get(name_of(element), set())
            groups = [name for at, name in enumerate(names) if at == 0 or names[at - 1] != name]
            assert len(groups) == len(set(groups))


@EVERY
def test_the_manifest_names_what_is_there(contacts: str, conversations: str | None) -> None:
    documents = parsed(contacts, conversations)
    manifest = documents.pop("package.xml")
    members = {(one["name"], one["members"]) for one in all_of(manifest, "types")}
    expected = {("CustomField", f"{contacts}.{ELEMENT_ID}"), ("PermissionSet", "Element451_Sync")}
    objects = {contacts} | {name for name in (conversations,) if name}
    assert members == expected | ({("CustomObject", conversations)} if conversations else set())
    assert manifest.findtext(f"{NAMESPACE}version") == API_VERSION
    assert set(documents) == {
        *(f"objects/{name}.object" for name in objects),
        "permissionsets/Element451_Sync.permissionset",
    }


@EVERY
def test_every_field_says_what_its_type_needs_and_the_ids_are_unique_external_ids(
    contacts: str, conversations: str | None
) -> None:
    documents = parsed(contacts, conversations)
    described = [(ELEMENT_ID, fields(documents, contacts)[ELEMENT_ID])]
    if conversations:
        described += fields(documents, conversations).items()
        head = texts(documents[f"objects/{conversations}.object"])
        assert {"label", "pluralLabel", "nameField", "deploymentStatus", "sharingModel"} <= set(head)
    for name, field in described:
        assert name.endswith("__c")
        assert len(name.removesuffix("__c")) <= 40
        assert len(field["label"]) <= 40
        assert {"label", "type"} | NEEDED[field["type"]] <= set(field)
        if field["type"] == "Text":
            assert 24 <= int(field["length"]) <= 255
        unique = (field.get("externalId"), field.get("unique"), field.get("required"))
        assert (unique == ("true", "true", "false")) is (name in (ELEMENT_ID, CONVERSATION_ID))
    if conversations:
        assert fields(documents, conversations)["Contact__c"]["referenceTo"] == contacts


@EVERY
def test_the_permission_set_gives_what_the_sync_needs_and_neither_deletes_nor_modifies_all(
    contacts: str, conversations: str | None
) -> None:
    documents = parsed(contacts, conversations)
    permissions = documents["permissionsets/Element451_Sync.permissionset"]
    objects = {one["object"]: one for one in all_of(permissions, "objectPermissions")}
    for name in filter(None, (contacts, conversations)):
        may = {key for key, value in objects[name].items() if value == "true"}
        assert may == {"allowRead", "allowCreate", "allowEdit", "viewAllRecords"}
        granted = {one["field"] for one in all_of(permissions, "fieldPermissions")}
        assert {f"{name}.{field}" for field in fields(documents, name)} <= granted
    assert ("Account" in objects) is (contacts == "Contact"), "access to contacts follows their accounts"
    assert all_of(permissions, "userPermissions") == [{"enabled": "true", "name": "ApiEnabled"}]


def test_the_example_configuration_finds_its_conversation_fields() -> None:
    rows = yaml.safe_load((ROOT / "demo" / "school.yaml").read_text("utf-8"))["mappings"]["conversation"]
    made = fields(parsed("Contact", CONVERSATION), CONVERSATION)
    # The options of the tags are a school's own.
    assert {row["salesforce"] for row in rows} - {"Tags__c"} <= set(made)


@pytest.mark.parametrize(
    ("contacts", "conversations"),
    [("", None), ("Con tact", None), ("../Contact", None), ("Contact", "Task"), ("Contact", "a/b__c")],
)
def test_a_name_that_no_object_can_have_is_refused(contacts: str, conversations: str | None) -> None:
    with pytest.raises(ValueError, match="object"):
        setup_package(contacts, conversations)
