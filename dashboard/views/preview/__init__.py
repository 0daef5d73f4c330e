"""The page Preview + Test: what would be done to a record, and doing it. It asks the worker, and plans
nothing itself."""
