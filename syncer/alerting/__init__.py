"""Alerts: whom to tell and how, what stands, what was told."""
