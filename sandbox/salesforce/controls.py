"""The controls below ``/_sandbox/salesforce``: what people do by hand, and what an administrator changes."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.controls import Handler, body_of, guarded, json
from sandbox.salesforce import manual_edits
from sandbox.salesforce.admin import change_field
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.org import Org


def _ids(body: Mapping[str, Any]) -> list[str]:
    return list(body["ids"]) if "ids" in body else [body["id"]]


def _named(body: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """What of the body is given, under other names."""
    return {other: body[name] for name, other in names.items() if name in body}


def controls(org: Org) -> list[Route]:
    """The routes of the controls."""

    def post(path: str, run: Any) -> Route:
        async def handler(request: Request) -> Response:
            body = await body_of(request)
            try:
                with org.world.transaction():
                    result = run(body)
            except SalesforceError as refusal:
                raise ValueError(f"{refusal.errors[0].code}: {refusal}") from refusal
            return json(result or {"done": True})

        guard: Handler = guarded(handler)
        return Route(f"/_sandbox/salesforce/{path}", guard, methods=["POST"])

    return [
        post("create", lambda body: {"id": manual_edits.create(org, body["object"], body["fields"])}),
        post(
            "create-many",
            lambda body: {"ids": manual_edits.create_many(org, body["object"], body["records"])},
        ),
        post("edit", lambda body: {"id": manual_edits.edit(org, body["object"], body["id"], body["fields"])}),
        post("edit-many", lambda body: {"ids": manual_edits.edit_many(org, body["object"], body["records"])}),
        post("delete", lambda body: manual_edits.delete(org, body["object"], _ids(body))),
        post("undelete", lambda body: manual_edits.undelete(org, body["object"], _ids(body))),
        post("purge", lambda body: manual_edits.purge(org, body["object"], _ids(body))),
        post(
            "merge",
            lambda body: manual_edits.merge(
                org, body["object"], body["winner"], body["losers"], body.get("fields", {})
            ),
        ),
        post(
            "hide",
            lambda body: manual_edits.hide(org, body["object"], _ids(body), **_named(body, error="code")),
        ),
        post("show", lambda body: manual_edits.show(org, body["object"], body.get("ids"))),
        post("expire-tokens", lambda body: {"expired": org.sessions.expire_access()}),
        post("callbacks", lambda body: org.client.register(body["callbacks"])),
        post("field", lambda body: change_field(org, body)),
    ]
