"""A clock that jumps, for every process of an installation: `jumping` sets it, and Python finds
``sitecustomize`` on the path of each process and reads it from there."""
