"""Other words than the contract's, which an account has on demand (option ``element451_words``): conversations
are ``talk-…`` at ``/talks/export``, and a contact's stamp is ``user-changed-at``."""

CONVERSATIONS = {"usual": "conversations/export", "other": "talks/export"}
_WORDS = ((b"conversation-", b"talk-"), (b"user-updated-at", b"user-changed-at"))
_BEFORE = (b'"', b"<mapping:")  # a word begins here


def read(raw: bytes) -> bytes:
    """A request in the contract's words; the contract's own mean nothing to such an account."""
    for usual, other in _WORDS:
        for before in _BEFORE:
            raw = raw.replace(before + usual, before + b"no-" + usual).replace(before + other, before + usual)
    return raw


def write(raw: bytes) -> bytes:
    """An answer in the account's words."""
    for usual, other in _WORDS:
        raw = raw.replace(usual, other)
    return raw
