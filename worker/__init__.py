"""The worker: runs the road of `syncer` on RQ, every so many minutes, whatever dies. ``python -m worker`` is
its command line."""
