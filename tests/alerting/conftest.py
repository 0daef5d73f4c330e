"""A webhook that listens, and settings that name it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncer.infra.settings.environment import Settings
from tests.support.listeners import Hook, webhook


@pytest.fixture
def hook() -> Iterator[Hook]:
    with webhook() as hook:
        yield hook


@pytest.fixture
def settings(hook: Hook, tmp_path: Path) -> Settings:
    return Settings.from_environment(
        {"ALERT_WEBHOOK_URL": hook.url, "DATA_DIR": str(tmp_path), "PUBLIC_URL": "https://sync.school.edu"}
    )
