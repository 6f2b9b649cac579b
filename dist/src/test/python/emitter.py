"""A worker that emits without holding sockets, by python-socketio and by Flask-SocketIO. Lines may
use `manager` and `flask`, and `raw(channel, payload)` to say what neither would."""
import json
import os
import pickle

import socketio
from flask_socketio import SocketIO

from lines import answer_lines

url = os.environ["REDIS_URL"]
manager = socketio.RedisManager(url, write_only=True)


class Command:
    """Its pickle runs a command in whoever reads it as Python does."""

    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return os.system, (self.command,)


answer_lines(
    {
        "json": json,
        "pickle": pickle,
        "Command": Command,
        "raw": lambda channel, payload: manager.redis.publish(channel, payload),
        "manager": manager,
        "flask": SocketIO(message_queue=url),
    }
)
