"""An application over systems in memory, for what is asked through `syncer.application`."""

from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from syncer.application.container import Application
from syncer.infra.settings.environment import Settings
from tests.support.world import World


class MemoryApplication(Application):
    """An installation that is connected with the systems of a `World`, and shares its database."""

    def __init__(self, world: World, folder: Path) -> None:
        url = world.engine.url.render_as_string(hide_password=False)
        environment = {
            "DATABASE_URL": url,
            "DATA_DIR": str(folder),
            "SYNC_SECRET_KEY": Fernet.generate_key().decode(),
        }
        super().__init__(Settings.from_environment(environment))
        self.world = world
        self.__dict__["database"] = world.engine

    def salesforce(self, *_: Any, **__: Any) -> Any:
        """The org of the world."""
        return self.world.salesforce

    def element451(self, *_: Any, **__: Any) -> Any:
        """The account of the world."""
        return self.world.element451
