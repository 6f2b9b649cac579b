"""The asyncio client of python-socketio."""
import asyncio
import contextlib
import unittest

import socketio

from peers import SECONDS, URL, AsyncInbox


async def call(client, event, data=None, namespace="/features"):
    return await client.call(event, data, namespace=namespace, timeout=SECONDS)


class Scenarios:
    @contextlib.asynccontextmanager
    async def connect(self, namespaces, auth=None, **options):
        client = socketio.AsyncClient(**options)
        inbox = AsyncInbox(client, namespaces)
        await client.connect(
            URL, namespaces=namespaces, transports=self.transports, auth=auth, wait_timeout=SECONDS
        )
        try:
            yield client, inbox
        finally:
            await client.disconnect()

    async def test_connects_and_upgrades(self):
        async with self.connect(["/", "/features"], {"name": "Ada"}) as (client, inbox):
            self.assertEqual(await inbox.next("/", "auth"), ({"name": "Ada"},))
            self.assertEqual(client.transport(), self.settled)
            self.assertEqual(await call(client, "transport"), self.settled)

    async def test_refusals_are_told(self):
        client = socketio.AsyncClient(reconnection=False)
        inbox = AsyncInbox(client, ["/private"])
        await client.connect(URL, namespaces=["/private"], transports=self.transports, wait=False)
        refusal = {"message": "not authorized", "data": {"code": 401}}
        self.assertEqual(await inbox.next("/private", "connect_error"), (refusal,))
        await client.disconnect()

    async def test_acks_both_ways_and_binary(self):
        async with self.connect(["/features"]) as (client, _):
            client.on("question", lambda question: question.upper(), namespace="/features")
            self.assertEqual(await call(client, "ask", "who?"), "WHO?")
            value = {"text": "☃", "list": [1, b"\x00\xff", {"deep": b""}]}
            self.assertEqual(await call(client, "echo", value), value)
            answers = await asyncio.gather(*(call(client, "echo", i) for i in range(50)))
            self.assertEqual(answers, list(range(50)))

    async def test_many_packets_keep_their_order(self):
        async with self.connect(["/features"]) as (client, inbox):
            await client.emit("count-to", 500, namespace="/features")
            numbers = [(await inbox.next("/features", "number"))[0] for _ in range(500)]
            self.assertEqual(numbers, list(range(1, 501)))
            for number in range(1, 301):
                await client.emit("count", number, namespace="/features")
            self.assertEqual(
                await call(client, "count-report"), {"last": 300, "inOrder": True}
            )


class Polling(Scenarios, unittest.IsolatedAsyncioTestCase):
    transports, settled = ["polling"], "polling"


class WebSocket(Scenarios, unittest.IsolatedAsyncioTestCase):
    transports, settled = ["websocket"], "websocket"


class Upgrade(Scenarios, unittest.IsolatedAsyncioTestCase):
    transports, settled = None, "websocket"


if __name__ == "__main__":
    unittest.main()
