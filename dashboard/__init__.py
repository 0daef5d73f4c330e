"""The dashboard: what analysts see and do. Its pages read the database and ask the worker; they hold no rule
of the sync (those are in `syncer`) and never write to either system."""
