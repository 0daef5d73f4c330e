"""An imitation Salesforce org and Element451 account on one loopback port, for rehearsing and for tests.
Shares no code with the sync."""
