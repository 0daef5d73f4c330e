"""The school's conversations, and how each system would hold one."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from sandbox.element451 import catalogue, choices, zone

LONG_SHARE = 0.02  # of the conversations have a transcript of up to 120,000 characters
_CHANNELS = tuple(value for value, _ in choices.CHANNELS)
_ADVISORS = ("Dana O'Hara", "Ravi Iyer", "Łucja Nowak", "Bot: Ada", "Team, Admissions", "")
_SUBJECTS = (
    "Application deadline?",
    "Financial aid & scholarships",
    "Housing deposit",
    "“When does orientation start?”",
    "¿Puedo visitar el campus?",
    "Transcript; missing page 2",
    "Visit 🎒",
    "",
)
_LINES = (
    "Hi! I have a question about my application.",
    "Of course – what would you like to know?",
    'My portal says "incomplete", but I sent everything.',
    "Let me check that for you; one moment.",
    "Thanks so much 😊",
    "You're welcome. It's in room 007, O'Neill Hall.",
    "أين يقع مكتب القبول؟",
    "Could you send me the link? https://example.edu/apply?a=1&b=2",
)


@dataclass(slots=True)
class Conversation:
    """A conversation. Times are seconds since 1970; the last one is also when it was updated."""

    channel: str
    status: str
    subject: str
    assigned: str
    tags: list[str]
    began: int
    ended: int
    private: bool
    messages: int
    transcript: str
    sentiment: str


def conversations(random: Random, count: int, first: int, last: int) -> Iterator[Conversation]:
    """``count`` conversations that ended between two moments."""
    for _ in range(count):
        ended = random.randrange(first + 86_400, last)
        messages = random.randint(1, 12)
        transcript = "\n".join(random.choice(_LINES) for _ in range(messages))
        if random.random() < LONG_SHARE:
            transcript = (transcript + "\n") * (random.randint(20_000, 120_000) // (len(transcript) + 1))
        yield Conversation(
            channel=random.choice(_CHANNELS),
            status="open" if random.random() < 0.35 else "closed",
            subject=random.choice(_SUBJECTS),
            assigned=random.choice(_ADVISORS),
            tags=[value for value, _ in choices.TAGS if random.random() < 0.2],
            began=ended - random.randint(60, 80_000),
            ended=ended,
            private=random.random() < 0.05,
            messages=transcript.count("\n") + 1,
            transcript=transcript.strip(),
            sentiment=random.choice(choices.SENTIMENTS)[0],
        )


def element451_values(conversation: Conversation, element_id: str | None) -> dict[str, Any]:
    """The conversation's values by slug; anonymous without an Element ID."""
    values = {
        catalogue.CONVERSATION_USER: element_id,
        "conversation-channel": conversation.channel,
        "conversation-status": conversation.status,
        "conversation-subject": conversation.subject,
        "conversation-assigned-to": conversation.assigned,
        "conversation-tags": conversation.tags,
        "conversation-created-at": zone.stamp(conversation.began),
        "conversation-last-activity-at": zone.stamp(conversation.ended),
        catalogue.CONVERSATION_ANONYMOUS: element_id is None,
        "conversation-is-private": conversation.private,
        "conversation-message-count": conversation.messages,
        "conversation-transcript": conversation.transcript,
        "conversation-sentiment": conversation.sentiment,
    }
    return {slug: value for slug, value in values.items() if value not in (None, "", [])}


def salesforce_values(conversation: Conversation, conversation_id: str, contact: str) -> dict[str, Any]:
    """The E451_Conversation__c's values by API name. ``contact`` is the Salesforce ID of who it was with."""
    labels = dict(choices.TAGS)
    values = {
        "Conversation_ID__c": conversation_id,
        "Contact__c": contact,
        "Channel__c": conversation.channel,
        "Status__c": conversation.status,
        "Subject__c": conversation.subject,
        "Assigned_To__c": conversation.assigned,
        "Tags__c": ";".join(labels[tag] for tag in conversation.tags),
        "Started_At__c": moment(conversation.began),
        "Last_Activity_At__c": moment(conversation.ended),
        "Is_Private__c": conversation.private,
        "Message_Count__c": conversation.messages,
        "Transcript__c": conversation.transcript,
        "Sentiment__c": conversation.sentiment,
    }
    return {name: None if value == "" else value for name, value in values.items()}


def moment(seconds: int) -> str:
    """Seconds since 1970 as Salesforce writes a moment."""
    return zone.stamp(seconds).replace("+00:00", ".000+0000")
