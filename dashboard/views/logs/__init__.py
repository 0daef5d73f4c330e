"""The page Integration Logs: what was done to each record, and doing it again. It reads the log; what an
error means is said by `syncer.application.remedies`."""
