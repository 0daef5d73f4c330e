"""Salesforce over HTTP, around simple-salesforce with a session of ours. Start at `client`."""

from syncer.connectors.salesforce.client import SalesforceClient

__all__ = ["SalesforceClient"]
