"""An Element451 account over HTTP. Start at `client`; what is only assumed of its API is in `contract`, and
nowhere else. Knows nothing of Salesforce but the slug that holds its IDs."""

from syncer.connectors.element451.address import check_element451_url, check_own_machine
from syncer.connectors.element451.client import Element451Client

__all__ = ["Element451Client", "check_element451_url", "check_own_machine"]
