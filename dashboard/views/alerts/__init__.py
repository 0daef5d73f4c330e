"""The page Alerts and people: who is told what is wrong, and who may come in."""
