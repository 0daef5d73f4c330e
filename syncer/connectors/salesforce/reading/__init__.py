"""How Salesforce is read: describe, SOQL, changed and deleted records. Writes nothing."""
