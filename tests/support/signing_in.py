"""The sandbox's credentials, and a person who signs in there without a browser."""

import requests

FEATURE_TOKEN = "sandbox-feature"


def answer_of(authorize_url: str, approve: bool = True) -> str:
    """What a browser is sent back to by someone who allows, or denies, the access."""
    reply = requests.get(
        authorize_url, params={"approve": "1" if approve else "0"}, allow_redirects=False, timeout=30
    )
    return reply.headers["Location"]
