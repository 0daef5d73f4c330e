"""Whatever dies, nothing is lost and nothing is done twice (rule 17): the short form of ``make crash``, on
SQLite; `tests.trials.test_worker_trials` kills on PostgreSQL."""

from pathlib import Path

import pytest

from tests.support.databases import Databases
from tests.trials.kill import Trial, schools

pytestmark = pytest.mark.long


def test_a_sync_that_is_killed_again_and_again_ends_as_if_it_had_never_died(
    on_sqlite: Databases, tmp_path: Path
) -> None:
    said: list[str] = []
    with schools(tmp_path, on_sqlite, seed=5, contacts=60, conversations=10) as (killed, calm):
        violations = Trial(killed, calm, 5, said.append).run(2)
    assert not violations, "\n".join([*said, *violations[:20]])
    assert any("while it wrote" in line for line in said), said
