"""Tests of `syncer.sync.match`."""
