# usage: /usr/bin/python3 flask_app.py PORT [REDIS_URL]   (eventlet and one worker: the usual setting;
# with a URL: one of several servers, by a message queue)
import sys

import eventlet

queue = sys.argv[2] if len(sys.argv) > 2 else None
if queue:
    eventlet.monkey_patch()

from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, cors_allowed_origins="*", async_mode="eventlet", message_queue=queue)


@socketio.on("echo")
def echo(data):
    emit("echo", data)


@socketio.on("ackme")
def ackme(data):
    return data


@socketio.on("message")
def message(data):
    emit("response", {"echo": data}, broadcast=True)


# eventlet serves 1024 connections unless told otherwise.
socketio.run(app, host="127.0.0.1", port=int(sys.argv[1]), max_size=20000)
