"""What the dashboard's server answers besides its pages: whether it is alive, and where Salesforce sends a person back to."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from syncer.bootstrap import Application
from syncer.settings import CALLBACK_PATH
from syncer.systems.errors import Fault


def routes(application: Application) -> list[Route]:
    """The routes, for the server of this application."""

    async def alive(request: Request) -> Response:
        return await run_in_threadpool(_alive, application)

    async def signed_in(request: Request) -> Response:
        return await run_in_threadpool(_signed_in, application, str(request.url.query))

    return [Route("/healthz", alive), Route(CALLBACK_PATH, signed_in)]


def _alive(application: Application) -> Response:
    try:
        with application.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return JSONResponse({"status": "the database does not answer"}, 503)
    return JSONResponse({"status": "ok"})


def _signed_in(application: Application, query: str) -> Response:
    """Complete the sign-in here, once: a page would run again and again, and a code is good once."""
    back = f"{application.settings.public_url}/connection"
    try:
        application.connections.finish_salesforce(f"{application.settings.callback_url}?{query}")
    except Fault:
        return RedirectResponse(back, 303)
    return RedirectResponse(back, 303)
