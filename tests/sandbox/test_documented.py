"""Every control is described where all of them are."""

import re
from pathlib import Path

import pytest
from starlette.routing import Route

from sandbox.app import create_app
from sandbox.faults import ACTIONS
from sandbox.world import World

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"[a-z0-9_-]+", TEXT))


def words() -> list[str]:
    world = World()
    paths = [route.path for route in create_app(world).routes if isinstance(route, Route)]
    world.close()
    steps = [step for path in paths if path.startswith("/_sandbox") for step in path.split("/")[2:]]
    return sorted({*world.options.as_json(), *ACTIONS, *(step for step in steps if step[0] != "{")})


@pytest.mark.parametrize("word", words())
def test_every_knob_fault_and_control_is_described(word: str) -> None:
    assert word in WORDS
