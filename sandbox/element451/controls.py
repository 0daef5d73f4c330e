"""Controls under ``/_sandbox/element451``: act as a person would, and read records in one plain spelling.

``GET|POST|PATCH /contacts``, ``GET|PATCH|DELETE /contacts/{id}``, ``POST /contacts/{id}/merge {"loser":
id}``, ``GET|POST|PATCH /conversations``, ``GET|PATCH|DELETE /conversations/{id}``, ``POST
/conversations/{id}/attach {"contact": id}``, ``…/close``, ``…/reopen {"message"}``, ``POST /field`` (see
``schema.alter``), ``POST /segments {"segment": guid, "contacts": [ids]}`` (null: there is none). A record is
``{slug: value}``, with its id and time of update among them; ``PATCH`` without an id changes many: ``{id: {slug: value}}``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.controls import Handler, body_of, guarded, json
from sandbox.element451 import contacts, conversations, schema, store
from sandbox.element451.api import segments
from sandbox.element451.store import CONTACT, CONVERSATION, Kind
from sandbox.world import World

Act = Callable[[World, str, dict[str, Any]], None]
Create = Callable[[World, Mapping[str, Any]], str]
Edit = Callable[[World, str, Mapping[str, Any]], None]
Delete = Callable[[World, str], None]


def controls(world: World) -> list[Route]:
    """The routes."""

    async def field(request: Request) -> Response:
        return json(schema.alter(world, await body_of(request)))

    async def segment(request: Request) -> Response:
        body = await body_of(request)
        if body["contacts"] is None:
            segments.remove(world, str(body["segment"]))
        else:
            segments.keep(world, str(body["segment"]), list(map(str, body["contacts"])))
        return json({})

    return [
        *_records(world, CONTACT, contacts.create, contacts.edit, contacts.delete),
        *_records(world, CONVERSATION, conversations.create, conversations.edit, conversations.delete),
        _act(world, CONTACT, "merge", lambda world, id, body: contacts.merge(world, id, str(body["loser"]))),
        _act(
            world,
            CONVERSATION,
            "attach",
            lambda world, id, body: conversations.attach(world, id, str(body["contact"])),
        ),
        _act(world, CONVERSATION, "close", lambda world, id, _body: conversations.close(world, id)),
        _act(
            world,
            CONVERSATION,
            "reopen",
            lambda world, id, body: conversations.reopen(world, id, str(body.get("message", "Hello again."))),
        ),
        Route("/_sandbox/element451/field", guarded(field), methods=["POST"]),
        Route("/_sandbox/element451/segments", guarded(segment), methods=["POST"]),
    ]


def _records(world: World, kind: Kind, create: Create, edit: Edit, delete: Delete) -> list[Route]:
    async def several(request: Request) -> Response:
        if request.method == "POST":
            return _shown(world, kind, create(world, await body_of(request)))
        if request.method == "PATCH":
            edits = await body_of(request)
            with world.transaction():
                for id, values in edits.items():
                    edit(world, id, values)
            return json({"edited": len(edits)})
        return json(list(store.rows(world, kind.name)))

    async def single(request: Request) -> Response:
        id = request.path_params["id"]
        if request.method == "DELETE":
            delete(world, id)
            return json({})
        if request.method == "PATCH":
            edit(world, id, await body_of(request))
        return _shown(world, kind, id)

    path = f"/_sandbox/element451/{kind.name}s"
    return [
        Route(path, guarded(several), methods=["GET", "POST", "PATCH"]),
        Route(f"{path}/{{id}}", guarded(single), methods=["GET", "PATCH", "DELETE"]),
    ]


def _act(world: World, kind: Kind, word: str, act: Act) -> Route:
    async def handle(request: Request) -> Response:
        id = request.path_params["id"]
        act(world, id, await body_of(request))
        return _shown(world, kind, id)

    handler: Handler = guarded(handle)
    return Route(f"/_sandbox/element451/{kind.name}s/{{id}}/{word}", handler, methods=["POST"])


def _shown(world: World, kind: Kind, id: str) -> Response:
    return json(store.plain(kind, contacts.record(world, kind, id)))
