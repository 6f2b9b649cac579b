"""The threaded client of python-socketio."""
import threading
import unittest

import socketio

from peers import SECONDS, URL, Inbox


class Scenarios:
    def connect(self, namespaces, auth=None):
        client = socketio.Client()
        self.addCleanup(client.disconnect)
        inbox = Inbox(client, namespaces)
        client.connect(
            URL, namespaces=namespaces, transports=self.transports, auth=auth, wait_timeout=SECONDS
        )
        return client, inbox

    def call(self, client, event, data=None, namespace="/features"):
        return client.call(event, data, namespace=namespace, timeout=SECONDS)

    def test_connects_and_upgrades(self):
        client, _ = self.connect(["/features"])
        self.assertEqual(client.transport(), self.settled)
        self.assertEqual(self.call(client, "transport"), self.settled)

    def test_several_namespaces_on_one_connection(self):
        client, inbox = self.connect(["/", "/features", "/pattern-red"], {"name": "Ada"})
        self.assertEqual(inbox.next("/", "auth"), ({"name": "Ada"},))
        self.assertEqual(inbox.next("/pattern-red", "welcome"), ({"name": "red"}, "/pattern-red"))
        client.emit("say", "hello", namespace="/pattern-red")
        self.assertEqual(inbox.next("/pattern-red", "said"), ("red", "hello"))
        self.assertEqual(len({client.get_sid(name) for name in ("/", "/features", "/pattern-red")}), 3)

    def test_refusals_are_told(self):
        client = socketio.Client(reconnection=False)
        self.addCleanup(client.disconnect)
        namespaces = ["/nowhere", "/private"]
        inbox = Inbox(client, namespaces)
        client.connect(
            URL, namespaces=namespaces, transports=self.transports, auth={"token": "wrong"}, wait=False
        )
        self.assertEqual(inbox.next("/nowhere", "connect_error"), ({"message": "Invalid namespace"},))
        refusal = {"message": "not authorized", "data": {"code": 401}}
        self.assertEqual(inbox.next("/private", "connect_error"), (refusal,))

    def test_acks_both_ways(self):
        client, _ = self.connect(["/features"])
        for value in [None, True, 1.5, "ünï ☃ 𝄞", [], {"a": [1, {"b": None}]}]:
            self.assertEqual(self.call(client, "echo", value), value)
        self.assertEqual(self.call(client, "echo", (1, "2", {"3": [True]})), (1, "2", {"3": [True]}))
        self.assertEqual(self.call(client, "refuse")["error"]["code"], "closed")
        client.on("question", lambda question: question.upper(), namespace="/features")
        self.assertEqual(self.call(client, "ask", "who?"), "WHO?")

    def test_binary(self):
        client, inbox = self.connect(["/features"])
        answer = self.call(client, "reverse", {"first": b"\x01\x02\xff", "rest": [b"a", b""]})
        expected = {"first": b"\xff\x02\x01", "rest": [b"", b"a"]}
        self.assertEqual(answer, expected)
        self.assertEqual(inbox.next("/features", "reversed"), (expected, "and text"))
        large = bytes(range(256)) * 2000
        self.assertEqual(self.call(client, "echo", large), large)

    def test_more_packets_than_fit_into_one_polling_answer(self):
        client, inbox = self.connect(["/features"])
        client.emit("count-to", 200, namespace="/features")
        # This client handles each event in a thread of its own: no order here.
        numbers = sorted(inbox.next("/features", "number")[0] for _ in range(200))
        self.assertEqual(numbers, list(range(1, 201)))

    def test_rooms_and_disconnects(self):
        room = f"python {self.transports}"
        ada, heard = self.connect(["/features"], {"name": "ada"})
        bob, gone = self.connect(["/features"], {"name": "bob"})
        self.call(ada, "join", [room, "watchers"])
        self.call(bob, "join", [room])
        self.call(bob, "say", ("socket", [room], [], "from bob"))
        self.assertEqual(heard.next("/features", "said"), ("from bob",))
        self.assertEqual(len(self.call(ada, "fetch", room)), 2)
        bob.emit("disconnect-me", False, namespace="/features")
        gone.next("/features", "disconnect")
        left = heard.next("/features", "left", lambda departure: departure["name"] == "bob")[0]
        self.assertEqual(left["reason"], "server namespace disconnect")

    def test_clients_in_many_threads(self):
        client, _ = self.connect(["/features"])
        answers = {}
        threads = [
            threading.Thread(target=lambda i=i: answers.update({i: self.call(client, "echo", i)}))
            for i in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS)
        self.assertEqual(answers, {i: i for i in range(20)})


class Polling(Scenarios, unittest.TestCase):
    transports, settled = ["polling"], "polling"


class WebSocket(Scenarios, unittest.TestCase):
    transports, settled = ["websocket"], "websocket"


class Upgrade(Scenarios, unittest.TestCase):
    transports, settled = None, "websocket"


if __name__ == "__main__":
    unittest.main()
