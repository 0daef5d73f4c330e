"""What people do at both sides while the sync is being killed: the same in every sandbox of the same seed.

Nothing here depends on when it is synced: fields are changed by their owner, or on pairs that were there from
the beginning, where the owner's value comes back; who is created by a person is known under an e-mail address
of its own.
"""

from collections.abc import Sequence
from random import Random

from tests.support.sandbox import Row, RunningSandbox

SF_ID = "user-identities-salesforceid"


class People:
    """Plans the edits from a school as it was at the start; ``share`` of the pairs are edited in a round, at
    either side."""

    def __init__(self, sandbox: RunningSandbox, seed: int, share: float = 0.2) -> None:
        self._random = Random(f"people {seed}")
        there = {row["Id"]: row for row in sandbox.records("Contact") if not row["IsDeleted"]}
        here = sandbox.records("contact", system="element451")
        named = ((row["user-elementid"], row.get(SF_ID)) for row in here)
        self._pairs = [
            (str(ours), str(theirs))
            for ours, theirs in named
            if theirs in there and there[theirs]["Element451_ID__c"] == ours
        ]
        talks = sandbox.records("conversation", system="element451")
        busy = {row.get("conversation-user-elementid") for row in talks}
        self._leaving = [pair for pair in self._pairs if pair[0] not in busy][: len(self._pairs) // 10]
        self._staying = [pair for pair in self._pairs if pair not in self._leaving]
        self._talks = [row["conversation-id"] for row in talks]
        self._anonymous = [
            row["conversation-id"] for row in talks if not row.get("conversation-user-elementid")
        ]
        self._share, self._round = share, 0

    def act(self, sandboxes: Sequence[RunningSandbox]) -> None:
        """One more round of edits, the same in each of these sandboxes."""
        self._round += 1
        many = max(4, int(len(self._pairs) * self._share))
        ours, theirs = {}, {}
        for ours_id, _ in self._some(many):
            ours[ours_id] = {
                "user-phone-cell-number": self._text("555"),
                "user-addresses-home-street1": self._text("Street"),
            }
        for number, (_, theirs_id) in enumerate(self._some(many)):
            theirs[theirs_id] = {
                "Description": self._text("Notes"),
                "Birthdate": f"200{number % 10}-0{self._round % 9 + 1}-11",
            }
        for ours_id, theirs_id in self._some(many // 4):
            ours.setdefault(ours_id, {})["user-custom-advisor-notes"] = self._text(
                "Written at the wrong side"
            )
            theirs.setdefault(theirs_id, {})["MobilePhone"] = self._text("wrong")
        talks = {
            id: {"conversation-subject": self._text("About")}
            for id in self._random.sample(self._talks, min(5, len(self._talks)))
        }
        if self._anonymous:
            talks.setdefault(self._anonymous.pop(), {})["conversation-user-elementid"] = self._staying[
                self._round % len(self._staying)
            ][0]
        gone = self._leaving.pop()[1] if self._leaving else None
        for sandbox in sandboxes:
            sandbox.edit_element451("contact", ours)
            sandbox.edit_many("Contact", [{"Id": id} | values for id, values in theirs.items()])
            sandbox.edit_element451("conversation", talks)
            if gone:
                sandbox.delete("Contact", gone)
            self._newcomers(sandbox)

    def _newcomers(self, sandbox: RunningSandbox) -> None:
        number = self._round
        sandbox.create_many(
            "Contact", [_theirs(number, "theirs", place) for place in range(4)] + [_theirs(number, "both", 0)]
        )
        for kind in ("ours", "both"):
            email = f"{kind}.{number}@new.example.edu"
            sandbox.create_element451(
                "contact",
                user_first_name="Ñew",
                user_last_name=f"O'{kind} {number}",
                user_email_address=email,
            )

    def _some(self, count: int) -> list[tuple[str, str]]:
        return self._random.sample(self._staying, min(count, len(self._staying)))

    def _text(self, word: str) -> str:
        """A value that nobody had before; sometimes an empty one."""
        return "" if self._random.random() < 0.15 else f"{word} {self._round}.{self._random.randrange(10**6)}"


def _theirs(number: int, kind: str, place: int) -> Row:
    email = (
        f"{kind}.{number}@new.example.edu" if kind == "both" else f"{kind}.{number}.{place}@new.example.edu"
    )
    return {
        "LastName": f"O'{kind} {number}",
        "FirstName": "Ñew",
        "Email": email,
        "Description": f"Note {number}",
    }
