"""How the school's people are spread over the two systems."""

from enum import StrEnum
from random import Random


class Case(StrEnum):
    """Where a person is known, and whether each record names the other."""

    PAIRED = "paired"  # in both; each record holds the other's ID
    HALF_SALESFORCE = "half_salesforce"  # in both; only Salesforce holds the other's ID
    HALF_ELEMENT451 = "half_element451"  # in both; only Element451 holds the other's ID
    UNPAIRED = "unpaired"  # in both under the same e-mail address; no IDs
    ONLY_ELEMENT451 = "only_element451"
    ONLY_SALESFORCE = "only_salesforce"
    AMBIGUOUS = "ambiguous"  # once in Element451, twice in Salesforce, under the same e-mail address; no IDs
    STALE = "stale"  # in Salesforce, with the ID of a contact that Element451 has deleted
    # merged in Element451: the master holds the Salesforce ID, Salesforce still the deleted loser's Element
    # ID
    SURVIVOR = "survivor"
    RECYCLED = "recycled"  # paired, then deleted in Salesforce: in the recycle bin
    # paired, then merged in Salesforce: Element451 holds the loser's ID; the master holds no Element ID
    MERGED = "merged"


SHARES: dict[Case, float] = {
    Case.PAIRED: 0.60,
    Case.HALF_SALESFORCE: 0.05,
    Case.HALF_ELEMENT451: 0.05,
    Case.UNPAIRED: 0.08,
    Case.ONLY_ELEMENT451: 0.10,
    Case.ONLY_SALESFORCE: 0.08,
    Case.AMBIGUOUS: 0.005,
    Case.STALE: 0.01,
    Case.SURVIVOR: 0.005,
    Case.RECYCLED: 0.01,
    Case.MERGED: 0.01,
}
IN_ELEMENT451 = frozenset(Case) - {Case.ONLY_SALESFORCE, Case.STALE}
IN_SALESFORCE = frozenset(Case) - {Case.ONLY_ELEMENT451}
HOLDS_SALESFORCE_ID = frozenset(
    {Case.PAIRED, Case.HALF_ELEMENT451, Case.SURVIVOR, Case.RECYCLED, Case.MERGED}
)
HOLDS_ELEMENT_ID = frozenset({Case.PAIRED, Case.HALF_SALESFORCE, Case.RECYCLED})
HOLDS_DELETED_ID = frozenset({Case.STALE, Case.SURVIVOR})
MAY_LACK_EMAIL = frozenset({Case.PAIRED, Case.ONLY_ELEMENT451, Case.ONLY_SALESFORCE})

DRIFT_SHARE = 0.10  # of the paired differ between the systems
NO_EMAIL_SHARE = 0.02  # of those who may lack an e-mail address have none
OTHER_CASE_SHARE = 0.50  # of the unpaired have their e-mail address in other letters in Salesforce
SHARED_HOUSEHOLD_SHARE = 0.20  # of the people live in the account of the one before

ANONYMOUS_SHARE = 0.12  # of the conversations were with nobody known
DELETED_CONTACT_SHARE = 0.03  # … with a contact that is deleted since
KNOWN_IN_SALESFORCE_SHARE = 0.25  # of those with a paired contact are in Salesforce already
OUTDATED_SHARE = 0.30  # of these are still open there and closed here, or the other way round


def deal(random: Random, count: int) -> list[Case]:
    """The cases of ``count`` people: the shares exactly, as far as whole people go, in a random order."""
    dealt: list[Case] = []
    share = 0.0
    for case, part in SHARES.items():
        share += part
        dealt += [case] * (round(share * count) - len(dealt))
    random.shuffle(dealt)
    return dealt
