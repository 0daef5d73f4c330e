"""Sign-in: OAuth 2.0 as an External Client App has it (salesforce-api.md A1)."""
