"""A person whose clicks are counted and whose waits are timed, step by step."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.dashboard.person import Somebody
from tests.support.browser import settled
from tests.support.sandbox import RunningSandbox

WORTH_TELLING = 1.0
"""Seconds from which on a wait is listed."""
_COUNTING = """
for (const sort of ['pointerdown', 'keydown']) document.addEventListener(sort, event => {
    const counts = sort === 'pointerdown' || ['Enter', ' '].includes(event.key);
    if (counts && event.isTrusted) window.countClick();
}, true);
"""
"""A press of the pointer is a click, and so is Enter: on every page, Salesforce's too."""


@dataclass
class Step:
    """What a step took: clicks, seconds in all, and the waits that are worth telling."""

    name: str
    clicks: int = 0
    seconds: float = 0.0
    waits: list[tuple[str, float]] = field(default_factory=list)


class Counted(Somebody):
    """Somebody who is measured. To be made before the page is opened."""

    def __init__(self, page: Page, address: str, sandbox: RunningSandbox) -> None:
        super().__init__(page, address, sandbox)
        self.steps = [Step("before")]
        page.expose_function("countClick", self._clicked)
        page.add_init_script(_COUNTING)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """What is done in this block counts for this step, up to when the page is drawn."""
        self.steps.append(Step(name))
        began = time.monotonic()
        yield
        settled(self.page)
        self.steps[-1].seconds = time.monotonic() - began

    def reads(self, *sentences: str) -> None:
        """See these words; how long that takes is timed."""
        for sentence in sentences:
            began = time.monotonic()
            super().reads(sentence)
            waited = time.monotonic() - began
            if waited >= WORTH_TELLING:
                self.steps[-1].waits.append((sentence, waited))

    def follow(self, label: str) -> None:
        """Follow a link between two pages."""
        self.page.get_by_test_id("stMain").get_by_role("link", name=label, exact=True).first.click()
        settled(self.page)

    def clicks(self, *names: str) -> int:
        """The clicks of these steps; of all where none is named."""
        return sum(step.clicks for step in self.steps if not names or step.name in names)

    def table(self) -> str:
        """What each step took, and every wait that is worth telling."""
        lines = [f"{'clicks':>6}  {'seconds':>7}  step"]
        for step in self.steps[1:]:
            lines.append(f"{step.clicks:6}  {step.seconds:7.1f}  {step.name}")
            lines += [f"{'':6}  {waited:7.1f}    waited for “{what}”" for what, waited in step.waits]
        return "\n".join([*lines, f"{self.clicks():6}  {'':7}  in all"])

    def _clicked(self) -> None:
        self.steps[-1].clicks += 1
