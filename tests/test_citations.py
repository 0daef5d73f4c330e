"""Whatever code and documents cite can be found: rules, sections, facts and assumptions of the two contracts,
files."""

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("syncer", "worker", "dashboard", "sandbox", "tests", "demo", "bench", "tools")
CODE = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
DOCUMENTS = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "sandbox").rglob("*.md")})
CONTRACTS = {
    name: (ROOT / "docs" / "contracts" / f"{name}.md").read_text(encoding="utf-8")
    for name in ("salesforce", "element451")
}
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
RULES = {int(number) for number in re.findall(r"(?m)^#+ Rule (\d+): ", ARCHITECTURE)}
SECTIONS = set(re.findall(r"(?m)^#+ (.+)$", ARCHITECTURE))
NUMBERS = {
    name: set(re.findall(r"(?m)^(?:#+ |\*\*)([AF]\d+(?:\.\d+)?) ", text)) for name, text in CONTRACTS.items()
}
LIST = r"\d+(?:(?:,| and| to|, and) \d+)*"
FOLDER = "|".join((*FOLDERS, "docs", "deploy", "requirements"))


@dataclass(frozen=True)
class Passage:
    """A comment, a text in code, or a whole document, as one line."""

    path: Path
    text: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}: {self.text[:110]}"


@cache
def passages() -> list[Passage]:
    """Of all code and documents, read once."""
    return list(read_passages())


def read_passages() -> Iterator[Passage]:
    """Comments that follow one another are one passage; so is each text."""
    for path in DOCUMENTS:
        yield passage(path, path.read_text(encoding="utf-8"))
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        if not re.search(r"[Rr]ules?\s|\.md\b|\b[AF]\d", text):
            continue
        comment, line = "", 0
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                goes_on = token.start[0] == line + 1
                if comment and not goes_on:
                    yield passage(path, comment)
                comment, line = f"{comment if goes_on else ''} {token.string.lstrip('#')}", token.start[0]
            elif token.type == tokenize.STRING:
                yield passage(path, token.string)
        yield passage(path, comment)


def passage(path: Path, text: str) -> Passage:
    return Passage(path, re.sub(r"\s+", " ", text))


def test_the_documents_have_what_can_be_cited() -> None:
    assert set(range(1, 25)) == RULES
    assert {f"A{number}" for number in range(1, 10)} <= NUMBERS["salesforce"]
    assert {f"A{number}" for number in range(1, 12)} <= NUMBERS["element451"]


def test_every_cited_rule_exists() -> None:
    cited = [
        (int(number), one)
        for one in passages()
        for numbers in re.findall(rf"\b[Rr]ules? ({LIST})", one.text)
        for number in re.findall(r"\d+", numbers)
    ]
    assert len(cited) > 100
    assert [f"rule {number}, {one}" for number, one in cited if number not in RULES] == []


def test_every_cited_section_of_the_architecture_exists() -> None:
    cited = [
        (section, one)
        for one in passages()
        for sections in re.findall(r'docs/architecture\.md, ("[^"]+"(?: and "[^"]+")*)', one.text)
        for section in re.findall(r'"([^"]+)"', sections)
    ]
    assert cited
    assert [f"{section}, {one}" for section, one in cited if section not in SECTIONS] == []


def test_every_cited_fact_and_assumption_exists() -> None:
    cited = [found for one in passages() for found in facts(one)]
    assert len(cited) > 100
    assert [
        f"{contract} {number}, {one}"
        for contract, number, one in cited
        if contract is None or number not in NUMBERS[contract]
    ] == []


def facts(one: Passage) -> Iterator[tuple[str | None, str, Passage]]:
    """(contract, number, passage) of each citation. A number belongs to the contract named before it; where
    none is, to that of the system in whose folder it is cited."""
    named = next((name for name in CONTRACTS if any(name in part for part in one.path.parts)), None)
    prose = one.path.suffix == ".md" or one.text.lstrip("rf").startswith('"""') or one.text[:1] not in "\"'"
    for found in re.finditer(r"contracts/(salesforce|element451)\.md|\b([AF]\d{1,2}(?:\.\d)?)\b", one.text):
        if found[1]:
            named = found[1]
        elif prose:
            yield named, found[2], one


def test_every_cited_point_of_a_section_exists() -> None:
    for one in passages():
        for contract, section, point in re.findall(r"contracts/(\w+)\.md (A[\d.]+) point (\d+)", one.text):
            text = re.split(rf"(?m)^#+ {re.escape(section)} ", CONTRACTS[contract])[1].split("\n#")[0]
            assert re.search(rf"(?m)^{point}\. ", text), str(one)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_and_link_in_a_document_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    files = re.findall(rf"`((?:{FOLDER})/[\w./-]*)", text)
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    missing = [name for name in files if not (ROOT / name).exists()]
    missing += [name for name in links if not (document.parent / name).exists()]
    assert missing == []


def test_every_link_within_a_document_leads_to_a_heading() -> None:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        anchors = {
            re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
            for heading in re.findall(r"(?m)^#+ (.+)$", text)
        }
        assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors, document.name


def test_code_cites_no_document_that_is_not_here() -> None:
    known = {str(path.relative_to(ROOT)) for path in DOCUMENTS}
    known |= {name.removeprefix("docs/") for name in known}
    cited = {
        (name, one.path)
        for one in passages()
        if one.path.suffix == ".py" and one.path != Path(__file__)
        for name in re.findall(r"(?<![\w./{*-])[A-Za-z0-9][\w/-]*\.md\b", one.text)
    }
    assert [f"{path.relative_to(ROOT)}: {name}" for name, path in sorted(cited) if name not in known] == []
