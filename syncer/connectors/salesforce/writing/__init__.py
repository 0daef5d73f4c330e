"""How Salesforce is written: batches, composite calls, and what is sent again. Does not know why a value is
written, nor what a plan is."""
