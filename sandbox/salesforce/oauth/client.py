"""The External Client App that is registered in the org."""

from collections.abc import Iterable
from dataclasses import dataclass, field

DEFAULT_CALLBACK = "http://localhost:8501/clients/integrations/salesforce/oauth2"


@dataclass
class Client:
    """The one app. Callbacks are compared byte for byte; there are no wildcards."""

    id: str = "sandbox-client"
    secret: str = "sandbox-secret"  # noqa: S105 - the sandbox's published default
    name: str = "Element451 Sync"
    callbacks: list[str] = field(default_factory=lambda: [DEFAULT_CALLBACK])

    def register(self, callbacks: Iterable[str]) -> None:
        """Register further callbacks."""
        self.callbacks += [callback for callback in callbacks if callback not in self.callbacks]
