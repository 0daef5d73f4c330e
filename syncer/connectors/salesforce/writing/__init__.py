"""How Salesforce is written: batches, composite calls, and what is sent again. Decides nothing about what is
written."""
