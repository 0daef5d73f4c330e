"""The knobs of the imitation account, set by name through ``/_sandbox/options``."""

from dataclasses import dataclass


@dataclass
class Element451Options:
    """Where the contract leaves room, the account varies by record, field or request; a knob makes it speak one way only.

    ``element451_empties``: mixed, blank, null or absent. ``element451_checkboxes``: mixed, objects, list or joined.
    ``element451_last_page``: mixed, absent, blank (of ``next_last_id``), or extra (a page with no rows follows the last one).
    """

    element451_feature_token: str = "sandbox-feature"  # noqa: S105 the imitation's published default
    element451_api_key: str = ""  # when set, `Authorization: Bearer E451.<key>` is required too
    element451_zone: str = "America/New_York"  # of the datetimes that are answered
    element451_empties: str = "mixed"
    element451_checkboxes: str = "mixed"
    element451_last_page: str = "mixed"
    element451_calls_per_minute: int = 0  # beyond so many: 429; 0 is no limit
    element451_retry_after: bool = True  # whether a 429 says when to come back
