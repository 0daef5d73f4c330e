"""Routes of the dashboard's server besides its pages: the health check, the numbers for operators, and the
address to which Salesforce sends people back after they signed in."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import browser, metrics, page_script
from dashboard.middleware import HEALTH_PATH
from dashboard.shared import errors
from dashboard.shared.query_params import SIGN_IN
from syncer.application.container import Application
from syncer.connections.sign_ins import FAILED, reference
from syncer.connectors.errors import Fault
from syncer.connectors.salesforce.oauth import callback_state
from syncer.infra.database.tables import VersionRow, table
from syncer.infra.settings.environment import CALLBACK_PATH
from syncer.journal import schedule

_VERSIONS = table(VersionRow)
_NO_STORE = {"Cache-Control": "no-store"}


def routes(application: Application) -> list[Route]:
    """The routes for this application's server, under the path of PUBLIC_URL if it has one."""
    base = urlsplit(application.settings.public_url).path

    async def health(_: Request) -> Response:
        return await run_in_threadpool(_health, application)

    async def numbers(request: Request) -> Response:
        return await run_in_threadpool(metrics.answer, application, request.headers.get("authorization", ""))

    async def callback(request: Request) -> Response:
        return await run_in_threadpool(
            _finish_sign_in, application, str(request.url.query), browser.of_request(request.headers)
        )

    async def script(request: Request) -> Response:
        file = page_script.SCRIPTS[request.url.path.removeprefix(base)]
        return FileResponse(file, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    health_paths = sorted({HEALTH_PATH, base + HEALTH_PATH})
    return [
        *(Route(path, health) for path in health_paths),
        Route(base + metrics.PATH, numbers),
        Route(base + CALLBACK_PATH, callback),
        *(Route(base + path, script) for path in page_script.SCRIPTS),
    ]


def _health(application: Application) -> Response:
    try:
        with application.database.connect() as connection:
            current = connection.execute(select(func.max(_VERSIONS.c.id))).scalar_one()
            stands = schedule.standstill(connection, current or 0, datetime.now(UTC)) if current else None
    except SQLAlchemyError:
        return JSONResponse({"status": "the database does not answer"}, 503, _NO_STORE)
    told = {"status": "ok", "schedule": stands.cause if stands else "live" if current else "not live yet"}
    return JSONResponse(told, headers=_NO_STORE)


def _finish_sign_in(application: Application, query: str, from_browser: str) -> Response:
    """Complete the sign-in, then redirect to the Connection page with a reference to its outcome.

    It happens here because a page's script runs again and again, and a code is accepted once. The address
    of the redirect holds neither the code nor the state.
    """
    address = f"{application.settings.callback_url}?{query}"
    outcome = reference(callback_state(address))
    try:
        application.connections.finish_salesforce(address, from_browser)
    except Fault as fault:
        if fault.code == "state" and fault.detail:
            outcome = fault.detail  # a problem that the page has a sentence for
    except Exception as error:  # whatever it is, the person in the browser must end up on a page
        errors.report(error)
        outcome = FAILED
    return RedirectResponse(
        f"{application.settings.public_url}/connection?{SIGN_IN}={outcome}", 303, _NO_STORE
    )
