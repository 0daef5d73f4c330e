"""A realistic school for the sandbox: people and conversations, deterministic by seed, of any size.

``fill`` makes a school as one finds it. Of its people (``cases.SHARES``; the numbers are those of 2,000):

======================  ====  ==================================================================================
paired                  1200  in both, each record holds the other's ID; a tenth of them differ between the systems
half_salesforce          100  in both, only Salesforce holds the Element ID
half_element451          100  in both, only Element451 holds the Salesforce ID
unpaired                 160  in both under the same e-mail address (half of them in other letters), no IDs
only_element451          200
only_salesforce          160
ambiguous                 10  one contact in Element451, two in Salesforce, under the same e-mail address, no IDs
stale                     20  in Salesforce, with the ID of a contact deleted in Element451
survivor                  10  merged in Element451; Salesforce still holds the deleted loser's ID
recycled                  20  paired, then deleted in Salesforce: in its recycle bin
merged                    20  paired, then merged in Salesforce: Element451 holds the loser's ID
======================  ====  ==================================================================================

Six in a hundred have an awkward name; an eighth of the optional facts are unknown. Where the file of contacts
of a real org lies beside the repository, they join Salesforce. Conversations run over all channels; an eighth
are anonymous, some are of a deleted contact, some have a very long transcript, and a part of those of paired
contacts are in Salesforce already, not all of them up to date.

``fill_pairs`` makes a dull school for measuring: everything in both systems, paired and in step.
"""

from itertools import repeat

from sandbox.school import cases, real
from sandbox.school.build import Builder, Ids
from sandbox.school.cases import Case
from sandbox.school.conversations import conversations as make_conversations
from sandbox.school.person import people
from sandbox.world import World

__all__ = ["fill", "fill_pairs"]


def fill(world: World, contacts: int, conversations: int, seed: int) -> None:
    """Put a realistic school of ``contacts`` people into both systems of an empty world."""
    builder = Builder(world, seed, cases.DRIFT_SHARE, cases.SHARED_HOUSEHOLD_SHARE)
    random = builder.random
    builder.add_people(people(random, contacts), iter(cases.deal(random, contacts)))
    if contacts:
        builder.add_contacts(real.contacts())

    def pick_contact() -> Ids:
        chance = random.random()
        if chance < cases.ANONYMOUS_SHARE or not builder.known:
            return None, None
        return (
            (builder.element_id(), None)
            if chance < cases.ANONYMOUS_SHARE + cases.DELETED_CONTACT_SHARE
            else random.choice(builder.known)
        )

    made = make_conversations(random, conversations, builder.first, builder.last)
    builder.add_conversations(made, pick_contact, cases.KNOWN_IN_SALESFORCE_SHARE, cases.OUTDATED_SHARE)


def fill_pairs(world: World, contacts: int, conversations: int, seed: int) -> None:
    """Put ``contacts`` paired contacts, in step with each other, into both systems of an empty world, and
    conversations likewise."""
    builder = Builder(world, seed, drift=0, household=0.75)
    random = builder.random
    builder.add_people(people(random, contacts, odd=False), repeat(Case.PAIRED))
    made = make_conversations(random, conversations if contacts else 0, builder.first, builder.last)
    builder.add_conversations(made, lambda: random.choice(builder.known), 1, 0)
