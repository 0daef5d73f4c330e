"""What the tests of the engine over HTTP share: a configuration of some fields, and both connectors."""

from collections.abc import Iterable

from syncer.configuration.config_file import validate
from syncer.configuration.document import Document
from syncer.connectors.element451 import Element451Client
from syncer.connectors.element451.connector import Element451Connector
from syncer.connectors.protocol import Connector
from syncer.connectors.salesforce import SalesforceClient
from syncer.connectors.salesforce.connector import SalesforceConnector
from syncer.core.records import System


def document(fields: Iterable[tuple[str, str, str]], *, create_new: bool) -> Document:
    """Contacts alone, updated both ways without a guard; ``fields`` are (slug, API name, owner)."""
    rows = [{"element451": ours, "salesforce": theirs, "owner": owner} for ours, theirs, owner in fields]
    return validate(
        {
            "preferences": {
                "sync_conversations": False,
                "import": {"update_existing": True, "create_new": create_new},
                "export": {"mode": "update_existing_and_import_new", "scope": "all"},
                "guard": {"records": 10**6, "percent": 100, "at_least": 10**6},
            },
            "mappings": {"contact": rows},
        }
    )


def connectors(salesforce: SalesforceClient, element451: Element451Client) -> dict[System, Connector]:
    """Both systems as the engine works with them."""
    return {
        System.SALESFORCE: SalesforceConnector(salesforce),
        System.ELEMENT451: Element451Connector(element451),
    }
