"""Trials of the whole product: real processes, a sandbox over HTTP, and what an administrator would see."""
