"""``python -m sandbox``: run the sandbox until it is stopped."""

import argparse
import json
import sys
from ipaddress import ip_address
from pathlib import Path

from sandbox.app import create_app
from sandbox.controls import Size
from sandbox.server import listen, serve
from sandbox.tls import tls_files
from sandbox.world import World


def main(arguments: list[str] | None = None) -> int:
    """Run the sandbox. Returns the exit status: 0 after a stop, 2 when used wrongly."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument(
        "--host", default="127.0.0.1", help="a loopback address; with --tls any (default %(default)s)"
    )
    parser.add_argument("--port", type=int, default=8451, help="0 takes any free one (default %(default)s)")
    parser.add_argument(
        "--contacts", type=int, default=2000, help="how many contacts the school has (default %(default)s)"
    )
    parser.add_argument(
        "--conversations", type=int, default=300, help="how many conversations (default %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="another seed, another school (default %(default)s)"
    )
    parser.add_argument(
        "--delay-ms", type=int, default=0, help="answer every call after so long (default %(default)s)"
    )
    parser.add_argument(
        "--database", default=":memory:", help="an SQLite file to keep the world in (default: memory)"
    )
    parser.add_argument(
        "--callback",
        action="append",
        default=[],
        metavar="URL",
        help="a further registered callback address; may be repeated",
    )
    parser.add_argument(
        "--tls",
        type=Path,
        metavar="DIR",
        help="serve https with server.pem and server.key of DIR, made (with ca.pem) where missing",
    )
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="HOST",
        help="a further name for the certificate made; may be repeated",
    )
    options = parser.parse_args(arguments)
    try:
        tls = tls_files(options.tls, options.name) if options.tls else None
        listener = listen(options.host, options.port, tls is not None)
    except (ValueError, OSError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    world = World(options.database)
    world.options.start_with({"delay_ms": options.delay_ms})
    app = create_app(world, Size(options.contacts, options.conversations, options.seed), options.callback)
    host, port = listener.getsockname()[:2]
    if ip_address(host).is_unspecified:
        host = options.name[0] if options.name else "localhost"
    shown = f"{'https' if tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"
    serve(
        app,
        listener,
        json.dumps({"url": shown} | ({"ca": str(tls.authority)} if tls and tls.authority else {})),
        tls,
    )
    world.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
