"""How Salesforce is read: describe, SOQL, changed records and records by id. Writes nothing, and keeps no
place of its own: where to go on is the caller's cursor."""
