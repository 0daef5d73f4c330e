"""Tests of syncer/sync."""
