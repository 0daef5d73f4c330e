"""What the dashboard's server answers besides its pages: whether it is alive, and where Salesforce sends a
person back to."""

from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard.middleware import ALIVE
from dashboard.shared import errors
from dashboard.shared.query_params import SIGN_IN
from syncer.application.container import Application
from syncer.connections.sign_ins import FAILED, reference
from syncer.connectors.errors import Fault
from syncer.connectors.salesforce.oauth import callback_state
from syncer.infra.settings.environment import CALLBACK_PATH

_FRESH = {"Cache-Control": "no-store"}


def routes(application: Application) -> list[Route]:
    """The routes, for the server of this application; under the path of PUBLIC_URL, if it has one."""
    base = urlsplit(application.settings.public_url).path

    async def alive(request: Request) -> Response:
        return await run_in_threadpool(_alive, application)

    async def signed_in(request: Request) -> Response:
        return await run_in_threadpool(_signed_in, application, str(request.url.query))

    health = [Route(path, alive) for path in sorted({ALIVE, base + ALIVE})]
    return [*health, Route(base + CALLBACK_PATH, signed_in)]


def _alive(application: Application) -> Response:
    try:
        with application.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return JSONResponse({"status": "the database does not answer"}, 503, _FRESH)
    return JSONResponse({"status": "ok"}, headers=_FRESH)


def _signed_in(application: Application, query: str) -> Response:
    """Complete the sign-in here, once: a page would run again and again, and a code is good once. The page is
    told how it ended by an address that holds neither the code nor the state."""
    answer = f"{application.settings.callback_url}?{query}"
    ended = reference(callback_state(answer))
    try:
        application.connections.finish_salesforce(answer)
    except Fault as fault:
        ended = fault.detail if fault.code == "state" and fault.detail else ended
    except Exception as error:  # the browser waits for a page that says so
        errors.noted(error)
        ended = FAILED
    return RedirectResponse(f"{application.settings.public_url}/connection?{SIGN_IN}={ended}", 303, _FRESH)
