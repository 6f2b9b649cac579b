"""A worker that emits without holding sockets, by python-socketio and by Flask-SocketIO. Lines may
use `manager` and `flask`."""
import os

import socketio
from flask_socketio import SocketIO

from lines import answer_lines

url = os.environ["REDIS_URL"]
answer_lines(
    {
        "manager": socketio.RedisManager(url, write_only=True),
        "flask": SocketIO(message_queue=url),
    }
)
