"""The sync engine: pull, match, plan, guard, push, log. Knows neither the dashboard nor the worker, and never
builds its own connections."""
