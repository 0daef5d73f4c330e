"""One person of the school, as a fact that both systems may know: neither slugs nor API names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import TypeVar

from sandbox.element451 import choices
from sandbox.school.names import AWKWARD, FIRST, LAST
from sandbox.school.places import PLACES, STREETS, Place

Item = TypeVar("Item")

AWKWARD_SHARE = 0.06  # of the people bear a name from the list of awkward ones
EMPTY_SHARE = 0.12  # of the optional facts are not known
_MAIL_HOSTS = ("example.edu", "mail.example.com", "Example.ORG", "students.example.edu")
_PHONES = (
    "+1 617 555 {0:04d}",
    "(212) 555-{0:04d}",
    "0{0:04d}555",
    "555{0:04d}",
    "+44 20 7946 {0:04d}",
    "00 49 30 {0:04d}55",
)
_SOURCES = ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other")
_STAGES = ("prospect", "inquiry", "applicant", "admit", "deposit", "enrolled")


@dataclass(slots=True)
class Person:
    """What is known of a person. None, or an empty list, is not known. Codes are Element451's values."""

    number: int
    first: str
    last: str
    email: str | None
    middle: str | None = None
    preferred: str | None = None
    phone: str | None = None
    born: str | None = None
    gender: str | None = None
    races: list[str] = field(default_factory=list)
    hispanic: bool | None = None
    citizenship: str | None = None
    street: str | None = None
    street2: str | None = None
    place: Place | None = None
    major: str | None = None
    term: str | None = None
    degree: str | None = None
    student_type: str | None = None
    territory: str | None = None
    source: str | None = None
    sms: bool | None = None
    school_id: str | None = None
    high_school: str | None = None
    notes: str | None = None
    visits: int | None = None
    gpa: float | None = None
    deposit: str | None = None
    advised: str | None = None
    first_generation: bool | None = None
    aid: bool | None = None
    interests: list[str] = field(default_factory=list)
    campus: str | None = None
    stage: str = "prospect"
    score: int = 0


def people(random: Random, count: int, odd: bool = True) -> Iterator[Person]:
    """``count`` people, each with an e-mail address of their own. Without ``odd`` nobody has an awkward name
    and everything is known."""
    for number in range(count):
        yield _person(random, number, odd)


def moved(random: Random, person: Person) -> Person:
    """The same person as the other system has it: an old address and phone, another spelling."""
    return replace(
        person,
        phone=_phone(random),
        street=_street(random),
        place=_pick(random, PLACES),
        first=person.first.upper(),
        notes="Moved?",
    )


def _person(random: Random, number: int, odd: bool) -> Person:
    chance = random.random
    awkward = odd and chance() < AWKWARD_SHARE
    first, last = _pick(random, AWKWARD) if awkward else (_pick(random, FIRST), _pick(random, LAST))

    def known(value: Item) -> Item | None:
        return None if odd and chance() < EMPTY_SHARE else value

    return Person(
        number=number,
        first=first,
        last=last,
        email=_email(random, first, last, number),
        middle=known(_pick(random, FIRST)),
        preferred=known(first[:4].strip()),
        phone=known(_phone(random)),
        born=known(_day(random, 1996, 2008)),
        gender=known(_pick(random, choices.GENDERS)[0]),
        races=_several(random, choices.RACES, odd),
        hispanic=known(chance() < 0.2),
        citizenship=known("US" if chance() < 0.7 else _pick(random, choices.COUNTRIES)[0]),
        street=known(_street(random)),
        street2=f"Apt. {int(chance() * 90) + 1}" if chance() < 0.2 else None,
        place=known(_pick(random, PLACES)),
        major=known(_pick(random, choices.MAJORS)[0]),
        term=known(_pick(random, choices.TERMS)[0]),
        degree=known(_pick(random, choices.DEGREES)[0]),
        student_type=known(_pick(random, choices.STUDENT_TYPES)[0]),
        territory=known(_pick(random, choices.TERRITORIES)[0]),
        source=known(_pick(random, _SOURCES)),
        sms=known(chance() < 0.6),
        school_id=f"{number + 1:07d}",
        high_school=known(f"{_pick(random, PLACES).city} High School"),
        notes=known(_note(random)),
        visits=known(int(chance() * 6)),
        gpa=known(round(2 + chance() * 2, 2)),
        deposit=_day(random, 2025, 2026) if chance() < 0.2 else None,
        advised=(
            f"{_day(random, 2025, 2025)}T{int(chance() * 24):02d}:{int(chance() * 60):02d}:00+00:00"
            if chance() < 0.4
            else None
        ),
        first_generation=known(chance() < 0.3),
        aid=chance() < 0.5,
        interests=_several(random, choices.INTERESTS, odd),
        campus=known(_pick(random, choices.CAMPUSES)[0]),
        stage=_pick(random, _STAGES),
        score=int(chance() * 100),
    )


def _pick(random: Random, items: tuple[Item, ...]) -> Item:
    return items[int(random.random() * len(items))]  # three times as fast as Random.choice


def _email(random: Random, first: str, last: str, number: int) -> str:
    names = [re.sub(r"[^A-Za-z]", "", name) if name.isascii() else "" for name in (first, last)]
    local = ".".join(name[:20] for name in names if name) or "student"
    return f"{local if random.random() < 0.4 else local.lower()}{number}@{_pick(random, _MAIL_HOSTS)}"


def _phone(random: Random) -> str:
    return _pick(random, _PHONES).format(int(random.random() * 10_000))


def _street(random: Random) -> str:
    return f"{int(random.random() * 990) + 1} {_pick(random, STREETS)}"


def _day(random: Random, first: int, last: int) -> str:
    year = first + int(random.random() * (last - first + 1))
    return f"{year}-{int(random.random() * 12) + 1:02d}-{int(random.random() * 28) + 1:02d}"


def _several(random: Random, options: choices.Choices, odd: bool) -> list[str]:
    share = 0.25 if odd else 0.3
    return [value for value, _ in options if random.random() < share]


def _note(random: Random) -> str:
    topic, mood = (
        _pick(random, choices.MAJORS)[1],
        _pick(random, ("curious", "decided", "undecided – call back", "asked about “merit aid”")),
    )
    return f"Interested in {topic}.\nSeems {mood}."
