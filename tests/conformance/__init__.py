"""What every system must do, in memory or over HTTP."""
