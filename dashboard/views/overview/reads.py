"""What the Overview reads, once for everybody who looks at the same moment."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dashboard.shared import session
from syncer.application.attention import Current, Views
from syncer.application.container import Application
from syncer.application.decisions import holds, problems, schedule
from syncer.application.overview import Overview, read_overview
from syncer.infra.database.engine import reading
from syncer.sync import failures
from syncer.sync.failures import InStep

_KEPT_FOR = 30
"""Seconds; a new run, a decision or a new version is seen at once."""
_USERS = 16


@dataclass(frozen=True)
class State:
    """How everything stands; ``groups`` of what fails as `problems.groups` has them, ``ending`` holds as
    `holds.ending_soon`; ``version``: of the settings that this is by, 0 before the first."""

    overview: Overview
    in_step: InStep
    groups: list[dict[str, Any]]
    ending: dict[str, Any]
    version: int


def read(current: Current, views: Views, marker: tuple[int, int, float]) -> State:
    """How everything stands, at most some seconds old; what people decide is seen at once. ``marker``: as
    `runs.change_marker` has it now."""
    application = session.application()
    connections = tuple(
        (view.state, view.message, str(view.connected_at), str(view.paused_until)) if view else None
        for view in views.values()
    )
    version = current[0] if current else 0
    stands = schedule.standstill(application.database, version)
    key = (application.settings.database_url, marker, version, connections, stands)
    return _read(key, application, current, views)


@st.cache_data(ttl=_KEPT_FOR, max_entries=_USERS, show_spinner=False)
def _read(key: object, _application: Application, _current: Current, _views: Views) -> State:
    """``key``: everything with which the answer changes at once."""
    engine = reading(_application.database)
    in_step, groups = InStep(), list[dict[str, Any]]()
    if _current:
        with engine.connect() as connection:
            in_step = failures.in_step(connection, _current[1])
        groups = problems.groups(engine, _current[1])
    overview = read_overview(
        engine, _current, _views, interval_seconds=_application.settings.interval_seconds
    )
    ending = holds.ending_soon(_application, datetime.now(UTC))
    return State(overview, in_step, groups, ending, _current[0] if _current else 0)
