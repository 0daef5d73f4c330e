"""The dashboard: what analysts see and do (DESIGN.md §5). Pages read the database and ask the worker; rules
live in `syncer`."""
