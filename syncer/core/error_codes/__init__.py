"""Every error code that a record or a run may fail with: one entry for each, in the module of its origin. The
connectors take from it how to go on, the application what to tell a person."""
