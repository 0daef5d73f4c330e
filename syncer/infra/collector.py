"""How often Python looks for garbage that refers to itself, in a process that syncs. A page of a run holds
some hundred thousand objects and next to no such garbage, so that looking as often as is usual costs a
seventh of the run."""

import gc

OBJECTS, YOUNG, MIDDLE = 50_000, 20, 50
"""After how many new objects the young ones are looked through, after how many such looks those of middle
age, and after how many of these the old ones."""


def look_rarely() -> None:
    """Leave everything that is there by now, which is mostly what was imported, out of every later look, and
    look rarely from now on. Harmless when called again."""
    if gc.get_threshold() == (OBJECTS, YOUNG, MIDDLE):
        return
    gc.freeze()
    gc.set_threshold(OBJECTS, YOUNG, MIDDLE)
