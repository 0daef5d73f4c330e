"""Describe replies: every key that the real ones carry (recorded replies; contracts/salesforce.md A3)."""

from sandbox.salesforce.fields import Field, SObject
from sandbox.salesforce.schema import Schema

SOAP_TYPES = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "int": "xsd:int",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "address": "urn:address",
}


def describe_field(item: Field) -> dict[str, object]:
    """One field of a describe reply."""
    standard_lookup = item.type in ("id", "reference") and not item.custom
    return {
        "aggregatable": (
            item.type != "address" and (item.type != "boolean" or item.custom) and item.filterable
        ),
        "aiPredictionField": False,
        "autoNumber": item.autoNumber is not None,
        "byteLength": item.length if standard_lookup else item.length * 3,
        "calculated": item.calculated,
        "calculatedFormula": item.formula,
        "cascadeDelete": False,
        "caseSensitive": False,
        "compoundFieldName": item.compound,
        "controllerName": None,
        "createable": item.can_create,
        "custom": item.custom,
        "defaultValue": (
            item.default if item.default is not None else (False if item.type == "boolean" else None)
        ),
        "defaultValueFormula": None,
        "defaultedOnCreate": item.defaultedOnCreate,
        "dependentPicklist": False,
        "deprecatedAndHidden": False,
        "digits": item.digits,
        "displayLocationInDecimal": False,
        "encrypted": item.encrypted,
        "externalId": item.externalId,
        "extraTypeInfo": item.extra,
        "filterable": item.filterable,
        "filteredLookupInfo": None,
        "formulaTreatNullNumberAsZero": False,
        "groupable": item.groupable,
        "highScaleNumber": False,
        "htmlFormatted": item.htmlFormatted,
        "idLookup": item.idLookup,
        "inlineHelpText": None,
        "label": item.label,
        "length": item.length,
        "mask": None,
        "maskType": None,
        "name": item.name,
        "nameField": item.nameField,
        "namePointing": len(item.referenceTo) > 1,
        "nillable": item.nillable,
        "permissionable": item.permissionable,
        "picklistValues": [
            {
                "active": value not in item.inactive,
                "defaultValue": value == item.default,
                "label": label,
                "validFor": None,
                "value": value,
            }
            for value, label in item.pairs
        ],
        "polymorphicForeignKey": len(item.referenceTo) > 1,
        "precision": item.precision,
        "queryByDistance": item.type == "address",
        "referenceTargetField": None,
        "referenceTo": item.referenceTo,
        "relationshipName": item.relationshipName,
        "relationshipOrder": None,
        "restrictedDelete": False,
        "restrictedPicklist": item.restrictedPicklist,
        "scale": item.scale,
        "searchPrefilterable": item.searchPrefilterable,
        "soapType": SOAP_TYPES.get(item.type, "xsd:string"),
        "sortable": item.sortable,
        "type": item.type,
        "unique": item.unique,
        "updateable": item.can_update,
        "writeRequiresMasterRead": False,
    }


def describe_global(item: SObject, base: str) -> dict[str, object]:
    """One object as ``/sobjects`` lists it. ``base`` is ``/services/data/vXX.0/sobjects``."""
    address = f"{base}/{item.name}"
    return {
        "activateable": False,
        "associateEntityType": None,
        "associateParentEntity": None,
        "createable": item.writable,
        "custom": item.custom,
        "customSetting": False,
        "deepCloneable": False,
        "deletable": item.writable,
        "deprecatedAndHidden": False,
        "feedEnabled": not item.custom,
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "keyPrefix": item.keyPrefix,
        "label": item.label,
        "labelPlural": item.labelPlural,
        "layoutable": True,
        "mergeable": item.mergeable,
        "mruEnabled": True,
        "name": item.name,
        "queryable": True,
        "replicateable": True,
        "retrieveable": True,
        "searchable": True,
        "triggerable": True,
        "undeletable": item.writable and item.soft_deletes,
        "updateable": item.writable,
        "urls": {"rowTemplate": address + "/{ID}", "describe": address + "/describe", "sobject": address},
    }


def describe(schema: Schema, item: SObject, base: str, instance_url: str) -> dict[str, object]:
    """The whole describe reply of one object, as the user may see it."""
    address = f"{base}/{item.name}"
    master = "012000000000000AAA"
    layouts = address + "/describe/layouts"
    return {
        **describe_global(item, base),
        "actionOverrides": [],
        "childRelationships": [
            {
                "cascadeDelete": False,
                "childSObject": child.name,
                "deprecatedAndHidden": False,
                "field": lookup.name,
                "junctionIdListNames": [],
                "junctionReferenceTo": [],
                "relationshipName": lookup.childName,
                "restrictedDelete": False,
            }
            for child, lookup in schema.children(item)
        ],
        "compactLayoutable": True,
        "defaultImplementation": None,
        "extendedBy": None,
        "extendsInterfaces": None,
        "fields": [describe_field(found) for found in item.visible()],
        "implementedBy": None,
        "implementsInterfaces": None,
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": [
            {
                "active": True,
                "available": True,
                "defaultRecordTypeMapping": True,
                "developerName": "Master",
                "master": True,
                "name": "Master",
                "recordTypeId": master,
                "urls": {"layout": f"{layouts}/{master}"},
            }
        ],
        "searchLayoutable": True,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": [{"label": label, "name": name} for name, label in item.scopes],
        "urls": {
            "compactLayouts": address + "/describe/compactLayouts",
            "rowTemplate": address + "/{ID}",
            "approvalLayouts": address + "/describe/approvalLayouts",
            "uiDetailTemplate": instance_url + "/{ID}",
            "uiEditTemplate": instance_url + "/{ID}/e",
            "listviews": address + "/listviews",
            "defaultValues": address + "/defaultValues?recordTypeId&fields",
            "describe": address + "/describe",
            "uiNewRecord": f"{instance_url}/{item.keyPrefix}/e",
            "quickActions": address + "/quickActions",
            "layouts": layouts,
            "sobject": address,
        },
    }
