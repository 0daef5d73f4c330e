"""``/composite`` and ``/composite/batch``: many calls in one (contracts/salesforce.md A4.2)."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest.api import LONGEST_ADDRESS, Call, Reply, Table, split_address, version_refusal

MOST_SUBREQUESTS = 25
MOST_HEAVY = 5  # queries and collections
_REFERENCE_ID = re.compile(r"[A-Za-z0-9_]+")
_REFERENCE = re.compile(r"@\{([A-Za-z0-9_]+)((?:\.[A-Za-z0-9_]+|\[\d+\])*)\}")
_STEP = re.compile(r"\.([A-Za-z0-9_]+)|\[(\d+)\]")
HALTED = "The transaction was rolled back since another operation in the same transaction failed."


class _RollBackError(Exception):
    """Undoes a composite call that was to do all or nothing."""


def composite(table: Table) -> Callable[[Call], Reply]:
    """The handler of ``POST /composite``; subrequests are looked up in ``table``."""

    def handle(call: Call) -> Reply:
        body = call.json_object()
        requests = _subrequests(body, "compositeRequest")
        references: dict[str, Any] = {}
        replies: list[dict[str, Any]] = []
        all_or_none = body.get("allOrNone") is True
        counters = call.org.world.counters
        written = counters.records_written("salesforce")
        _check(requests)
        try:
            with call.org.world.transaction():
                for request in requests:
                    reply = _run(table, call, request, references)
                    replies.append(_entry(reply, request["referenceId"]))
                    if reply.status < 300:
                        references[request["referenceId"]] = reply.body
                    elif all_or_none:
                        raise _RollBackError
        except _RollBackError:
            counters.written("salesforce", written - counters.records_written("salesforce"))
            failed = len(replies) - 1
            halted = [{"errorCode": "PROCESSING_HALTED", "message": HALTED}]
            replies = [
                replies[place] if place == failed else _entry(Reply(400, halted), request["referenceId"])
                for place, request in enumerate(requests)
            ]
        return Reply(200, {"compositeResponse": replies})

    return handle


def batch(table: Table) -> Callable[[Call], Reply]:
    """The handler of ``POST /composite/batch``; each subrequest counts as a call."""

    def handle(call: Call) -> Reply:
        body = call.json_object()
        requests = _subrequests(body, "batchRequests")
        results: list[dict[str, Any]] = []
        halted = False
        for request in requests:
            if halted:
                error = {
                    "errorCode": "BATCH_PROCESSING_HALTED",
                    "message": "Batch processing halted per request",
                }
                results.append({"statusCode": 412, "result": [error]})
                continue
            address = str(request.get("url", ""))
            address = (
                address if address.startswith("/services/data/") else f"/services/data/{address.lstrip('/')}"
            )
            reply = _answer(
                table, call, str(request.get("method", "GET")), address, request.get("richInput"), {}
            )
            results.append({"statusCode": reply.status, "result": reply.body})
            halted = body.get("haltOnError") is True and reply.status >= 300
        call.org.count_call(len(requests) - 1)
        return Reply(
            200, {"hasErrors": any(result["statusCode"] >= 300 for result in results), "results": results}
        )

    return handle


def _subrequests(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    requests = body.get(name)
    if (
        not isinstance(requests, list)
        or not requests
        or not all(isinstance(request, dict) for request in requests)
    ):
        raise SalesforceError(
            400, "INVALID_INPUT", f"The {name} property is required and must be a list of objects"
        )
    if len(requests) > MOST_SUBREQUESTS:
        text = f"The number of subrequests {len(requests)} exceeds the limit of {MOST_SUBREQUESTS}"
        raise SalesforceError(400, "LIMIT_EXCEEDED", text)
    return requests


def _check(requests: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    heavy = 0
    for request in requests:
        reference = request.get("referenceId")
        if not isinstance(reference, str) or not _REFERENCE_ID.fullmatch(reference):
            raise SalesforceError(
                400,
                "INVALID_INPUT",
                f"Provided referenceId ('{reference}') must be letters, digits and underscores",
            )
        if reference in seen:
            raise SalesforceError(
                400,
                "INVALID_INPUT",
                f"Duplicate ReferenceId provided ('{reference}') in this composite request",
            )
        seen.add(reference)
        if "method" not in request or "url" not in request:
            raise SalesforceError(400, "INVALID_INPUT", "Each subrequest needs a method and a url")
        address = split_address(str(request["url"]))
        pieces = address[1] if address else []
        heavy += pieces[:1] in (["query"], ["queryAll"]) or pieces[:2] == ["composite", "sobjects"]
    if heavy > MOST_HEAVY:
        raise SalesforceError(
            400,
            "LIMIT_EXCEEDED",
            f"Cannot have more than {MOST_HEAVY} query or sObject Collections operations in a single request",
        )


def _run(table: Table, call: Call, request: dict[str, Any], references: dict[str, Any]) -> Reply:
    try:
        address = _filled(str(request["url"]), references)
        body = _filled_body(request.get("body"), references)
    except LookupError as missing:
        return Reply(
            400,
            [
                {
                    "errorCode": "PROCESSING_HALTED",
                    "message": f"Invalid reference specified. No value for {missing.args[0]} found",
                }
            ],
        )
    headers = {str(name).lower(): str(value) for name, value in (request.get("httpHeaders") or {}).items()}
    return _answer(table, call, str(request["method"]), address, body, headers)


def _answer(table: Table, call: Call, method: str, address: str, body: Any, headers: dict[str, str]) -> Reply:
    if len(address) > LONGEST_ADDRESS:
        text = f"The URI is longer than {LONGEST_ADDRESS} bytes"
        return Reply(414, [{"errorCode": "URI_TOO_LONG", "message": text}])
    split = split_address(address)
    if split is None:
        return Reply(404, [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}])
    version, parts, params = split
    refusal = version_refusal(version)
    if refusal:
        return Reply(refusal.status, [error.as_body() for error in refusal.errors])
    if parts[:1] == ["composite"] and parts[1:2] != ["sobjects"]:
        return Reply(
            400, [{"errorCode": "INVALID_INPUT", "message": "A composite call cannot hold another one"}]
        )
    inner = replace(
        call,
        method=method.upper(),
        version=version,
        parts=parts,
        params=params,
        headers=headers,
        body=body,
        inner=True,
    )
    with call.org.world.transaction():
        return table.answer(inner)


def _entry(reply: Reply, reference: str) -> dict[str, Any]:
    return {
        "body": reply.body,
        "httpHeaders": reply.headers,
        "httpStatusCode": reply.status,
        "referenceId": reference,
    }


def _filled_body(body: Any, references: dict[str, Any]) -> Any:
    if not references or body is None:
        return body
    text = orjson.dumps(body).decode()
    return orjson.loads(_filled(text, references)) if "@{" in text else body


def _filled(text: str, references: dict[str, Any]) -> str:
    def value(match: "re.Match[str]") -> str:
        found: Any = references[match[1]]
        for name, place in _STEP.findall(match[2]):
            try:
                found = found[name] if name else found[int(place)]
            except (LookupError, TypeError):
                raise LookupError(match[0]) from None
        return orjson.dumps(str(found)).decode()[1:-1]

    return _REFERENCE.sub(value, text) if "@{" in text else text
