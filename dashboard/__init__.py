"""The dashboard: what analysts see and do (docs/architecture.md, "Rooms"). Pages read the database and ask
the worker; rules live in `syncer`."""
