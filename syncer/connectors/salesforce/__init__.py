"""A Salesforce org over its REST API, around simple-salesforce with a session of our own. Start at `client`.
Knows nothing of Element451, of the database, or of who owns a field."""

from syncer.connectors.salesforce.client import SalesforceClient

__all__ = ["SalesforceClient"]
