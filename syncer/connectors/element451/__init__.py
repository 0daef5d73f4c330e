"""The adapter of Element451. What is only assumed of its API is in `contract`, and nowhere else."""

from syncer.connectors.element451.address import check_element451_url
from syncer.connectors.element451.client import Element451Client

__all__ = ["Element451Client", "check_element451_url"]
