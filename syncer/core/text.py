"""Words for numbers, used wherever a sentence counts something. Pure; standard library only."""


def counted(number: int, noun: str, plural: str | None = None, *, one: str | None = None) -> str:
    """``number`` with its noun: "1 record", "1,234 records".

    ``plural`` is needed where it is not ``noun`` with an "s"; ``one`` is what to write for exactly one
    where that is not "1" and the noun, such as "one example".
    """
    if number == 1:
        return f"1 {noun}" if one is None else one
    return f"{number:,} {plural or f'{noun}s'}"
