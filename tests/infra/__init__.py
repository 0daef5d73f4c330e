"""Tests of syncer/infra."""
