"""What an organization needs for the sync, as Salesforce metadata in the mdapi format: files by name, ready
for the tools that deploy such a folder (contracts/salesforce.md A10)."""

import re
from collections.abc import Iterable, Mapping
from xml.etree import ElementTree

from syncer.connectors.salesforce.oauth import API_VERSION

PERMISSION_SET = "Element451_Sync"
ELEMENT_ID, CONVERSATION_ID = "Element451_ID__c", "Conversation_ID__c"
_NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
_API_NAME = re.compile(r"([A-Za-z][A-Za-z0-9]*__)?[A-Za-z](_?[A-Za-z0-9])*(__c)?")
_BELOW_ACCOUNTS = ("Contact", "Opportunity")
"""Objects whose access follows that of their accounts."""
Element = tuple[str, "str | list[Element]"]
Field = tuple[str, list[Element]]


def setup_package(contact_object: str, conversation_object: str | None) -> Mapping[str, bytes]:
    """The files of the package, by their path in its folder: the ID field of ``contact_object``, the object
    for conversations with its fields (None: without), and a permission set for the user who connects. Raises
    ValueError with a sentence for a name that no object can have."""
    for name in [contact_object] + [name for name in (conversation_object,) if name]:
        if not _API_NAME.fullmatch(name):
            raise ValueError(f"“{name}” is not the API name of an object, such as Contact or Student__c.")
    if conversation_object and not conversation_object.endswith("__c"):
        raise ValueError(f"{conversation_object} is not a custom object: its name would end in __c.")
    fields = {contact_object: [_id_field(ELEMENT_ID, "Element451 ID")]}
    members = [("CustomField", f"{contact_object}.{ELEMENT_ID}")]
    objects = {contact_object: _fields(fields[contact_object])}
    if conversation_object:
        fields[conversation_object] = _conversation_fields(contact_object)
        members.append(("CustomObject", conversation_object))
        objects[conversation_object] = _conversation_object(fields[conversation_object])
    members.append(("PermissionSet", PERMISSION_SET))
    documents = {f"objects/{name}.object": _document("CustomObject", made) for name, made in objects.items()}
    documents[f"permissionsets/{PERMISSION_SET}.permissionset"] = _document(
        "PermissionSet", _permission_set(fields)
    )
    documents["package.xml"] = _document("Package", _manifest(members))
    return documents


def _manifest(members: Iterable[tuple[str, str]]) -> list[Element]:
    types: list[Element] = [("types", [("members", member), ("name", kind)]) for kind, member in members]
    return [*types, ("version", API_VERSION)]


def _conversation_object(fields: Iterable[Field]) -> list[Element]:
    number: list[Element] = [
        ("displayFormat", "CV-{000000}"),
        ("label", "Conversation Number"),
        ("type", "AutoNumber"),
    ]
    return [
        ("deploymentStatus", "Deployed"),
        ("description", "A conversation in Element451. Kept in step by the sync."),
        ("enableReports", "true"),
        ("enableSearch", "true"),
        *_fields(fields),
        ("label", "Conversation"),
        ("nameField", number),
        ("pluralLabel", "Conversations"),
        # Messages of students: whoever should see them gets a sharing rule.
        ("sharingModel", "Private"),
    ]


def _conversation_fields(contact_object: str) -> list[Field]:
    lookup: list[Element] = [
        ("deleteConstraint", "SetNull"),
        ("label", "Contact"),
        ("referenceTo", contact_object),
        ("relationshipLabel", "Conversations"),
        ("relationshipName", "Conversations"),
        ("required", "false"),
        ("type", "Lookup"),
    ]
    transcript: list[Element] = [
        ("label", "Transcript"),
        ("length", "131072"),
        ("type", "LongTextArea"),
        ("visibleLines", "20"),
    ]
    count: list[Element] = [
        ("label", "Message Count"),
        ("precision", "9"),
        ("required", "false"),
        ("scale", "0"),
        ("type", "Number"),
    ]
    private: list[Element] = [("defaultValue", "false"), ("label", "Private"), ("type", "Checkbox")]
    texts = ("Channel", "Status", "Subject", "Assigned To", "Sentiment")
    times = ("Started At", "Last Activity At")
    return [
        _id_field(CONVERSATION_ID, "Conversation ID"),
        ("Contact__c", lookup),
        # Plain text takes every value that Element451 may have; a picklist would refuse new ones.
        *(_plain(label, ("length", "255"), ("required", "false"), ("type", "Text")) for label in texts),
        ("Transcript__c", transcript),
        *(_plain(label, ("required", "false"), ("type", "DateTime")) for label in times),
        ("Message_Count__c", count),
        ("Is_Private__c", private),
    ]


def _id_field(name: str, label: str) -> Field:
    described: list[Element] = [
        ("caseSensitive", "false"),
        ("description", "The ID in Element451. Written by the sync; do not edit it."),
        ("externalId", "true"),
        ("label", label),
        ("length", "255"),
        ("required", "false"),
        ("type", "Text"),
        ("unique", "true"),
    ]
    return name, described


def _plain(label: str, *more: Element) -> Field:
    return f"{label.replace(' ', '_')}__c", [("label", label), *more]


def _fields(fields: Iterable[Field]) -> list[Element]:
    return [("fields", [("fullName", name), *described]) for name, described in fields]


def _permission_set(fields: Mapping[str, Iterable[Field]]) -> list[Element]:
    """May read, create and edit both objects, see all of their records, and use the API; never delete."""
    editable: list[Element] = [
        (
            "fieldPermissions",
            [("editable", "true"), ("field", f"{name}.{field}"), ("readable", "true")],
        )
        for name, described in fields.items()
        for field, _ in described
    ]
    objects = [_object_permission(name, writes=True) for name in fields]
    if any(name in _BELOW_ACCOUNTS for name in fields):
        objects.insert(0, _object_permission("Account", writes=False))
    return [
        ("description", "For the user with whom the sync between Element451 and Salesforce connects."),
        *editable,
        ("hasActivationRequired", "false"),
        ("label", "Element451 Sync"),
        *objects,
        ("userPermissions", [("enabled", "true"), ("name", "ApiEnabled")]),
    ]


def _object_permission(name: str, *, writes: bool) -> Element:
    may = str(writes).lower()
    allowed: list[Element] = [
        ("allowCreate", may),
        ("allowDelete", "false"),
        ("allowEdit", may),
        ("allowRead", "true"),
        ("modifyAllRecords", "false"),
        ("object", name),
        ("viewAllRecords", "true"),
    ]
    return "objectPermissions", allowed


def _document(root: str, elements: Iterable[Element]) -> bytes:
    made = ElementTree.Element(root, xmlns=_NAMESPACE)
    _append(made, elements)
    ElementTree.indent(made, "    ")
    text: bytes = ElementTree.tostring(made, encoding="UTF-8", xml_declaration=True)
    return text + b"\n"


def _append(parent: ElementTree.Element, elements: Iterable[Element]) -> None:
    for name, content in elements:
        child = ElementTree.SubElement(parent, name)
        if isinstance(content, str):
            child.text = content
        else:
            _append(child, content)
