#!/usr/bin/env python3
"""Emits one event over Redis, as a worker does that holds no sockets.

    emit.py /chat line '"Back in a minute"' --to=lobby

Each JSON word is one argument. Write --to=ID in one word, since the id of a socket may begin with a dash.
It is python-socketio alone that speaks here, so that the same lines reach a Dormouse, a server of
python-socketio, or one of Flask-SocketIO with --channel flask-socketio.
"""
import argparse
import json
import os

import socketio

options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
options.add_argument("namespace")
options.add_argument("event")
options.add_argument("arguments", nargs="*", metavar="JSON", type=json.loads)
options.add_argument("--to", metavar="ROOM", help="a room, or the id of a socket")
options.add_argument("--skip", metavar="SOCKET", help="the id of a socket that does not get it")
options.add_argument("--channel", default="socketio", help="default: %(default)s")
options.add_argument("--redis", default=os.environ.get("REDIS_URL", "redis://127.0.0.1:6379"))
given = options.parse_args()

manager = socketio.RedisManager(given.redis, channel=given.channel, write_only=True)
# A tuple is several arguments; a list would be one.
arguments = given.arguments[0] if len(given.arguments) == 1 else tuple(given.arguments) or None
manager.emit(
    given.event, arguments, namespace=given.namespace, room=given.to, skip_sid=given.skip
)
