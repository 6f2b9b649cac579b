"""Connects by each transport, says so, and ends well when all have come back after a restart."""
import threading

import socketio

from peers import SECONDS, URL

clients, back = [], []
for transports in ["polling"], ["websocket"], None:
    client = socketio.Client(reconnection_delay=0.05, reconnection_delay_max=0.2)
    client.connect(URL, namespaces=["/features"], transports=transports, wait_timeout=SECONDS)
    again = threading.Event()
    client.on("connect", again.set, namespace="/features")
    clients.append(client)
    back.append(again)

print("connected", flush=True)
for client, again in zip(clients, back):
    assert again.wait(SECONDS), f"{client.transport()} did not come back"
    assert client.call("echo", "again", namespace="/features", timeout=SECONDS) == "again"
    client.disconnect()
