"""An issuer of tokens for the measured servers: its keys, served over HTTP on this machine."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.callers import AUDIENCE, ISSUER, issuer_transport


@asynccontextmanager
async def issuer() -> AsyncIterator[str]:
    """Serve the keys of the tests' issuer, and give the setting by which a service trusts it."""
    async with httpx.AsyncClient(transport=issuer_transport()) as client:
        keys = (await client.get(f"{ISSUER}/jwks.json")).content

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(keys)}\r\n"
        writer.write(head.encode() + b"Connection: close\r\n\r\n" + keys)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield json.dumps(
            [{"issuer": ISSUER, "jwks_url": f"http://127.0.0.1:{port}/jwks.json", "audience": AUDIENCE}]
        )
