"""Tests of syncer/alerting."""
