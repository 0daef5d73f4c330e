"""Salesforce over HTTP, around simple-salesforce with a session of ours. Start at `client`."""

from syncer.systems.salesforce.client import SalesforceClient
from syncer.systems.salesforce.retry import RetryPolicy

__all__ = ["RetryPolicy", "SalesforceClient"]
