"""Many voters at once: raw keep-alive connections, one ballot after the other on each.

    python -m shigan.bench.box.load PORT CLIENTS < bodies    one form a line; seconds of each answer as JSON

A process of its own, so that the server's time is not mixed with the voters'.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence

HEAD = (
    "POST /cast HTTP/1.1\r\nhost: box\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: "
)


def request(body: str) -> bytes:
    """The bytes of one ballot."""
    return f"{HEAD}{len(body)}\r\n\r\n{body}".encode()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of one answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    at = head.lower().index(b"content-length:") + 15
    body = await reader.readexactly(int(head[at : head.index(b"\r\n", at)]))
    return int(head[9:12]), body


async def client(port: int, requests: Sequence[bytes], spent: list[float]) -> None:
    """Send one after the other on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    for each in requests:
        began = time.perf_counter()
        writer.write(each)
        status, _body = await answer(reader)
        spent.append(time.perf_counter() - began)
        if status != 200:
            raise RuntimeError(f"a ballot was answered with {status}")
    writer.close()


async def crowd(port: int, clients: int, bodies: Sequence[str]) -> tuple[float, list[float]]:
    """Seconds in all and of each ballot."""
    shares = [[request(body) for body in bodies[i::clients]] for i in range(clients)]
    spent: list[float] = []
    began = time.perf_counter()
    await asyncio.gather(*(client(port, share, spent) for share in shares))
    return time.perf_counter() - began, spent


if __name__ == "__main__":
    made = asyncio.run(crowd(int(sys.argv[1]), int(sys.argv[2]), sys.stdin.read().splitlines()))
    print(json.dumps(made))
