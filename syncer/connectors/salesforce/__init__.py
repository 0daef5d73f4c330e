"""Salesforce over HTTP, around simple-salesforce with a session of ours. Start at `client`."""

from syncer.connectors.salesforce.client import SalesforceClient
from syncer.connectors.salesforce.retry import RetryPolicy

__all__ = ["RetryPolicy", "SalesforceClient"]
