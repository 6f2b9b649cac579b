"""Where the host is, and what a client has heard."""
import asyncio
import os
import queue

URL = os.environ["DORMOUSE_URL"]
SECONDS = 10

EVENTS = ["auth", "welcome", "said", "number", "reversed", "left", "connect_error", "disconnect"]


class Inbox:
    """The events of a threaded client, by namespace and name."""

    def __init__(self, client, namespaces):
        self.queues = {(name, event): queue.Queue() for name in namespaces for event in EVENTS}
        for (name, event), box in self.queues.items():
            client.on(event, lambda *args, box=box: box.put(args), namespace=name)

    def next(self, namespace, event, wanted=lambda *args: True):
        while True:
            args = self.queues[namespace, event].get(timeout=SECONDS)
            if wanted(*args):
                return args


class AsyncInbox:
    """The events of an asyncio client, by namespace and name."""

    def __init__(self, client, namespaces):
        self.queues = {(name, event): asyncio.Queue() for name in namespaces for event in EVENTS}
        for (name, event), box in self.queues.items():
            client.on(event, lambda *args, box=box: box.put_nowait(args), namespace=name)

    async def next(self, namespace, event):
        return await asyncio.wait_for(self.queues[namespace, event].get(), SECONDS)
