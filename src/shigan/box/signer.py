"""The signer: a Unix socket on which the main system, and nobody else, asks for blind signatures.

One JSON object a line each way: `{"election", "class", "blinded": hex}`, then `{"signature": hex}` or
`{"refused": sentence}`. Who may have a token is the asker's to know; the box sees neither names nor tokens.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from typing import Any

from shigan.box.refusals import Refused
from shigan.box.running import Box

LONGEST_LINE = 8_192


async def serve(box: Box) -> None:
    """Answer until the loop ends; only the owner of the folder's group reaches the socket."""
    path = box.folder.socket
    path.unlink(missing_ok=True)
    server = await asyncio.start_unix_server(
        lambda reader, writer: _talk(box, reader, writer), path, limit=LONGEST_LINE
    )
    os.chmod(path, 0o660)
    async with server:
        await server.serve_forever()


async def _talk(box: Box, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while line := await reader.readline():
            said = await asyncio.to_thread(answer, box, line)
            writer.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")
            await writer.drain()
    except (ConnectionError, ValueError):
        pass  # the asker is gone, or sent a line beyond all measure: nothing to say to it
    finally:
        writer.close()


def answer(box: Box, line: bytes) -> dict[str, Any]:
    """The answer to one line."""
    try:
        asked = json.loads(line)
        blinded = bytes.fromhex(asked["blinded"])
        return {"signature": box.sign(str(asked["election"]), str(asked["class"]), blinded).hex()}
    except Refused as refusal:
        return {"refused": str(refusal)}
    except (ValueError, KeyError, TypeError, RecursionError):
        return {"refused": str(Refused("请求不完整", "the request is not whole"))}
    except sqlite3.Error:
        return {
            "refused": str(
                Refused("票箱暂时写不进", "the box cannot write now", "请稍后再试。", "Try later.")
            )
        }
