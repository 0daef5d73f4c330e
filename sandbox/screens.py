"""Both systems' records as their own people see them in a browser: a list to search, and a page for each
record whose values can be corrected.

``/``: the list. ``/lightning/r/{object}/{id}/view`` and ``/{id}``: a record of Salesforce. ``/people/{id}``:
a contact of Element451.
"""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox import screen_page
from sandbox.element451 import contacts, store
from sandbox.salesforce import manual_edits, seeding
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.fields import NUMBER_TYPES, Field
from sandbox.salesforce.ids import normal_id
from sandbox.salesforce.org import Org
from sandbox.screen_page import Input
from sandbox.world import World

LISTED = 25
Save = Callable[[dict[str, str]], None]


def screens(world: World) -> list[Route]:
    """The pages. Their routes come after all others, since one of them takes any address."""
    org = world.part(Org)

    async def list_page(request: Request) -> Response:
        sought = request.query_params.get("q", "").strip().lower()
        salesforce_rows = [
            row for row in seeding.rows(org, "Contact") if not row["IsDeleted"] and _fits(sought, row)
        ]
        element451_rows = [row for row in store.rows(world, "contact") if _fits(sought, row)]
        salesforce_links = [
            (f"/lightning/r/Contact/{row['Id']}/view", str(row["Name"] or row["Id"]))
            for row in salesforce_rows[:LISTED]
        ]
        element451_links = [
            (f"/people/{row['user-elementid']}", _name(row)) for row in element451_rows[:LISTED]
        ]
        return HTMLResponse(
            screen_page.list_page(
                request.query_params.get("q", ""),
                salesforce_links,
                element451_links,
                len(salesforce_rows),
                len(element451_rows),
            )
        )

    async def salesforce_record(request: Request) -> Response:
        item = org.schema.find(request.path_params["object"])
        row = _row(org, item.name, request.path_params["id"]) if item else None
        if item is None or row is None:
            return _missing()
        inputs = [
            _salesforce_input(field, row)
            for field in item.fields
            if field.can_update and field.type != "address"
        ]
        fields = {field.name: field for field in item.fields}

        def save(changed: dict[str, str]) -> None:
            manual_edits.edit(
                org, item.name, row["Id"], {name: _read(fields[name], text) for name, text in changed.items()}
            )

        return await _record(
            request, world, f"{item.label} {row.get('Name') or row['Id']}", "Salesforce", inputs, save
        )

    async def by_id(request: Request) -> Response:
        id = normal_id(request.path_params["id"])
        item = org.schema.of_id(id) if id else None
        return RedirectResponse(f"/lightning/r/{item.name}/{id}/view", 302) if item else _missing()

    async def element451_contact(request: Request) -> Response:
        id = request.path_params["id"]
        try:
            row = store.plain(store.CONTACT, contacts.contact(world, id))
        except KeyError:
            return _missing()
        inputs = [
            Input(slug, field.name, _shown(row.get(slug)))
            for slug, field in store.fields(world).items()
            if field.importable
        ]
        return await _record(
            request,
            world,
            _name(row),
            "Element451",
            inputs,
            lambda changed: contacts.edit(world, id, changed),
        )

    return [
        Route("/", list_page),
        Route("/lightning/r/{object}/{id}/view", salesforce_record, methods=["GET", "POST"]),
        Route("/people/{id}", element451_contact, methods=["GET", "POST"]),
        Route("/{id}", by_id),
    ]


async def _record(
    request: Request, world: World, title: str, system: str, inputs: list[Input], save: Save
) -> Response:
    """The page of a record; what was changed on it is saved first. A refusal is shown, in the system's words,
    beside what was typed."""
    if request.method != "POST":
        return HTMLResponse(
            screen_page.record_page(title, system, inputs, saved="saved" in request.query_params)
        )
    form = await request.form()
    typed = {entry.name: str(form.get(entry.name, entry.value)).replace("\r\n", "\n") for entry in inputs}
    try:
        with world.transaction():
            save({entry.name: typed[entry.name] for entry in inputs if typed[entry.name] != entry.value})
    except (ValueError, KeyError, SalesforceError) as refusal:
        again = [Input(entry.name, entry.label, typed[entry.name]) for entry in inputs]
        return HTMLResponse(screen_page.record_page(title, system, again, refusal=str(refusal)), 400)
    return RedirectResponse(f"{request.url.path}?saved", 303)


def _row(org: Org, object: str, id: str) -> dict[str, Any] | None:
    wanted = normal_id(id)
    return next((dict(row) for row in seeding.rows(org, object) if row["Id"] == wanted), None)


def _salesforce_input(field: Field, row: Mapping[str, object]) -> Input:
    return Input(field.name, field.label, _shown(row.get(field.name)))


def _read(field: Field, text: str) -> object:
    """What was typed, as the org's API takes it. Raises ValueError for what is not a number."""
    if field.type == "boolean":
        return text.strip().lower() == "true"
    if not text.strip():
        return None
    return float(text) if field.type in NUMBER_TYPES else int(text) if field.type == "int" else text


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _name(row: Mapping[str, Any]) -> str:
    return f"{row.get('user-first-name') or ''} {row.get('user-last-name') or ''}".strip() or str(
        row["user-elementid"]
    )


def _fits(sought: str, row: Mapping[str, object]) -> bool:
    return not sought or any(isinstance(value, str) and sought in value.lower() for value in row.values())


def _missing() -> Response:
    return HTMLResponse(
        screen_page.page("Not there", "<h1>There is no such record.</h1><p><a href='/'>All records</a></p>"),
        404,
    )
