"""A server of Flask-SocketIO with a message queue, as people run it: REDIS_URL, and a free port.
Lines may use `socketio` and `answers`, what clients acknowledged."""
import logging
import os
import socket
import threading
import time

from flask import Flask
from flask_socketio import SocketIO, join_room

from lines import answer_lines

logging.getLogger("werkzeug").setLevel(logging.ERROR)
app = Flask(__name__)
socketio = SocketIO(app, message_queue=os.environ["REDIS_URL"], async_mode="threading")
answers = []


@socketio.on("connect", namespace="/cluster")
def connect(auth=None):
    pass


@socketio.on("join", namespace="/cluster")
def join(rooms):
    for room in rooms:
        join_room(room)


@socketio.on("say", namespace="/cluster")
def say(rooms, text):
    socketio.emit("said", text, namespace="/cluster", to=rooms or None)


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]

threading.Thread(
    target=lambda: socketio.run(app, "127.0.0.1", port, allow_unsafe_werkzeug=True, log_output=False),
    daemon=True,
).start()
while not listens(port):
    time.sleep(0.05)
answer_lines({"socketio": socketio, "server": socketio.server, "answers": answers}, port)
os._exit(0)
