"""Sign-in: OAuth 2.0 as an External Client App has it (contracts/salesforce.md A1)."""
