"""How the sandbox's screens look: a list of records in both systems, and a form for one."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

STYLE = """
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:960px;padding:24px}
h1{font-size:22px}h2{font-size:17px}.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:8px 32px}
label{display:block}label small{color:#777}input,textarea,button{font:inherit;box-sizing:border-box;width:100%;padding:6px 8px}
button{width:auto;padding:8px 24px}.said{padding:8px 12px;border-left:4px solid #2e844a}.refused{border-color:#ba0517}
footer{margin-top:32px;color:#777}
"""
LONG = 80
"""From so many letters on, a value is edited in several lines."""


class Input(NamedTuple):
    """One value of a record that can be corrected."""

    name: str
    label: str
    value: str


def page(title: str, body: str) -> str:
    """A whole page; ``body`` is HTML."""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon"'
        ' href="data:,">'
    )
    head += f"<title>{escape(title)}</title><style>{STYLE}</style>"
    foot = "<footer>Sandbox: an imitation of Salesforce and Element451. Nothing here is real.</footer>"
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{body}{foot}</body></html>'


def list_page(
    sought: str,
    salesforce: Sequence[tuple[str, str]],
    element451: Sequence[tuple[str, str]],
    there: int,
    here: int,
) -> str:
    """The list of contacts in both systems: (address, name) of those shown, and how many fit."""
    search = (
        f'<form><label>Name, e-mail address or ID<input name="q" value="{escape(sought)}"'
        " autofocus></label></form>"
    )
    columns = _column("Salesforce", salesforce, there) + _column("Element451", element451, here)
    return page(
        "Sandbox",
        f'<h1>Sandbox</h1><p>Open a contact to correct it.</p>{search}<div class="two">{columns}</div>',
    )


def record_page(
    title: str, system: str, inputs: Sequence[Input], *, saved: bool = False, refusal: str = ""
) -> str:
    """One record's values, to be corrected and saved."""
    said = (
        '<p class="said" role="status">Saved.</p>'
        if saved
        else f'<p class="said refused" role="alert">{escape(refusal)}</p>'
        if refusal
        else ""
    )
    form = "".join(map(_input, inputs))
    return page(
        f"{title} – {system}",
        f'<p><a href="/">All records</a></p><h1>{escape(title)}</h1><p>{system}</p>{said}<form'
        ' method="post"><button>Save</button><div'
        f' class="two">{form}</div><p><button>Save</button></p></form>',
    )


def _column(title: str, found: Sequence[tuple[str, str]], total: int) -> str:
    items = "".join(f'<li><a href="{escape(address)}">{escape(name)}</a></li>' for address, name in found)
    more = (
        f"<p>{len(found)} of {total} shown.</p>" if total > len(found) else "" if found else "<p>Nobody.</p>"
    )
    return f"<section><h2>{title}</h2><ul>{items}</ul>{more}</section>"


def _input(entry: Input) -> str:
    name, value = escape(entry.name), escape(entry.value)
    several = len(entry.value) > LONG or "\n" in entry.value
    field = (
        f'<textarea name="{name}" rows="4">\n{value}</textarea>'
        if several
        else f'<input name="{name}" value="{value}">'
    )
    return f"<label>{escape(entry.label)} <small>{name}</small>{field}</label>"
