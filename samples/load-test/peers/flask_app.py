# usage: /usr/bin/python3 flask_app.py PORT   (eventlet and one worker: the usual setting)
import sys

from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, cors_allowed_origins="*", async_mode="eventlet")


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
