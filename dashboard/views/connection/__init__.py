"""The page Connection: what both systems are connected to, and connecting them. Credentials pass through it
to `syncer.connections`; it keeps none."""
