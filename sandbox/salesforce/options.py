"""The org's options."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.salesforce.ids import ORG_ID


@dataclass
class SalesforceOptions:
    """What an administrator of the org, or its state of health, decides."""

    # the External Client App (contracts/salesforce.md A1.5)
    pkce_required: bool = True
    secret_required_for_refresh: bool = True
    rotation: bool = True
    refresh_policy: str = field(
        default="Infinite",
        metadata={"choices": ("Infinite", "SpecificLifetime", "SpecificInactivity", "Zero")},
    )
    refresh_validity_hours: float = 24.0
    session_minutes: float = 120.0
    refresh_ms: int = 0  # how long a refresh takes, so that a second one can meet it
    lose_refresh_replies: int = 0  # so many refreshes rotate the token, but their reply is lost
    user_active: bool = True
    login_rate_exceeded: bool = False
    # the org
    organization: str = ORG_ID
    api_enabled: bool = True
    daily_api_limit: int = 100_000
    concurrent_limit: int = 0  # calls at work at once, 0 for any number
    visibility_seconds: float = (
        0.0  # what a person changes becomes visible to the API so much later than its stamp
    )
    salesforce_stamps_off: float = 0.0  # seconds by which its stamps are ahead of the clock
    most_request_bytes: int = 52_428_800
    # of a query that was begun in another session: "served", "invalid" (INVALID_QUERY_LOCATOR), "forbidden"
    locators_of_other_sessions: str = field(
        default="invalid", metadata={"choices": ("served", "invalid", "forbidden")}
    )
    # Bulk API 2.0
    bulk_looks: int = 1  # so many looks find a job at work
    bulk_page: int = 50_000  # rows a page of results has at most
    bulk_fails_after: int = (
        -1
    )  # a job of more rows fails, after these of an ingest job were saved; -1: none does
    daily_bulk_query_jobs: int = 10_000
    daily_bulk_batches: int = 15_000
    part_limits: list[Any] = field(
        default_factory=list
    )  # [{"object", "most", "operation"?, "code"?, "message"?}], see saving/part_limits.py
    duplicate_rules: list[Any] = field(
        default_factory=list
    )  # [{"object", "fields", "action": "block" | "allow"}], see saving/duplicates.py
    # what it makes of values (saving/habits.py)
    lowercase_emails: bool = False
    listed_spelling: bool = False
    significant_digits: int = 17
    triggers: list[Any] = field(
        default_factory=list
    )  # [{"object", "field", "change": "upper" | "lower" | "append:TEXT"}]: alters what is saved
