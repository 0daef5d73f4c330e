"""Tests of syncer/connections."""
