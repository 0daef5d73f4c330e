"""An address that the issuer does not call verified gives nobody a role."""

from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from dashboard.shared import session
from syncer.application.container import Application
from syncer.core.permissions import MACHINE

LOGIN = {
    "LOGIN_ISSUER": "https://login.school.edu",
    "LOGIN_CLIENT_ID": "dashboard",
    "LOGIN_CLIENT_SECRET": "a-secret",
    "LOGIN_ADMINS": "ann@school.edu",
}


@pytest.mark.parametrize(
    ("claims", "trusted", "verified"),
    [
        ({}, "no", False),
        ({}, "yes", True),
        ({"email_verified": None}, "no", False),
        ({"email_verified": True}, "no", True),
        ({"email_verified": "true"}, "no", True),
        ({"email_verified": False}, "yes", False),
        ({"email_verified": "false"}, "yes", False),
        ({"email_verified": ""}, "yes", False),
    ],
)
def test_an_address_counts_only_where_it_is_called_verified(
    claims: dict[str, Any], trusted: str, verified: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = LOGIN | {"DATA_DIR": str(tmp_path), "LOGIN_EMAILS_VERIFIED": trusted}
    application = Application.from_environment(environment, MACHINE)
    monkeypatch.setattr(session, "shared_application", lambda: application)
    monkeypatch.setattr(st, "user", {"email": "ann@school.edu"} | claims)
    assert session.email_is_verified() is verified
