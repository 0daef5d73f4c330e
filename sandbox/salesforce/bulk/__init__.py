"""Bulk API 2.0: query jobs and ingest jobs (contracts/salesforce.md A4.3, A4.4)."""
