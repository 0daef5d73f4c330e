"""The bare transfer: bodies of given sizes over one connection or several, to a server that does nothing but
count bytes.

``python -m bench.bare --delay-ms N`` is that server: it answers every request with as many bytes as its
``X-Reply`` header says.
"""

import argparse
import asyncio
import http.client
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

Transfer = tuple[int, int]
"""Bytes of a request's body, and of its answer's, as they were on the wire."""
SAMPLE = 300


async def _serve(delay: float) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):  # the caller left
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
                await reader.readexactly(int(headers.get("content-length", 0)))
                if delay:
                    await asyncio.sleep(delay)
                size = int(headers["x-reply"])
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + bytes(size))
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, limit=2**20)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


def replay(port: int, transfers: Sequence[Transfer], whole: bool, connections: int = 1) -> float:
    """Seconds to send and receive all transfers over so many connections, on each one after the other.

    Unless ``whole``, only every k-th one is sent when there are many, and the time is scaled up.
    """
    step = 1 if whole else max(1, len(transfers) // SAMPLE)
    chosen = transfers[::step]
    if not chosen:
        return 0.0
    began = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        parts = (chosen[number::connections] for number in range(connections))
        list(pool.map(lambda part: _send(port, part), parts))
    return (time.perf_counter() - began) * len(transfers) / len(chosen)


def _send(port: int, transfers: Sequence[Transfer]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.connect()
    for request, reply in transfers:
        connection.request("POST", "/", bytes(request), {"X-Reply": str(reply)})
        connection.getresponse().read()
    connection.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.bare", description=__doc__)
    parser.add_argument("--delay-ms", type=int, default=0, help="answer after so long (default %(default)s)")
    with suppress(KeyboardInterrupt):  # how it is ended
        asyncio.run(_serve(parser.parse_args().delay_ms / 1000))
