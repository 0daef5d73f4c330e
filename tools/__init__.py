"""What the Makefile runs: setting up the virtual environment, locking the dependencies."""
