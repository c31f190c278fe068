"""Plays a duel over a plain WebSocket with nothing but Python's standard library: python3 client.py [url]

docs/clients.md explains the frames.
"""
import base64, json, os, re, socket, struct, sys, time
from urllib.parse import urlparse

URL = urlparse(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:3000")


class Line:
    """One WebSocket connection, for text frames up to 64 KiB."""

    def __init__(self):
        self.socket = socket.create_connection((URL.hostname, URL.port or 80), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {URL.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self.stream = self.socket.makefile("rb")
        while self.stream.readline() not in (b"\r\n", b""):
            pass
        self.acks = 0
        self.heard = []

    def send(self, text):
        data = text.encode()
        head = b"\x81" + (bytes([0x80 | len(data)]) if len(data) < 126 else struct.pack("!BH", 0xFE, len(data)))
        self.socket.sendall(head + b"\0\0\0\0" + data)

    def frame(self):
        first, length = self.stream.read(2)
        length &= 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", self.stream.read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self.stream.read(8))
        data = self.stream.read(length)
        return data.decode() if first & 0x0F == 1 else None

    def packet(self):
        """The next Socket.IO packet as (kind, namespace, ack, data). Answers pings."""
        while True:
            text = self.frame()
            if text == "2":
                self.send("3")
            elif text and text[0] == "4":
                kind, namespace, ack, body = re.match(r"4(\d)(?:(/[^,]+),)?(\d+)?(.*)$", text, re.S).groups()
                if kind == "4":
                    raise RuntimeError(body)
                return kind, namespace, ack, json.loads(body) if body else None

    def hear(self, namespace, event, fits=lambda *_: True):
        """The arguments of the next such event that fits; other events are kept."""
        for n, (where, name, *args) in enumerate(self.heard):
            if where == namespace and name == event and fits(*args):
                del self.heard[n]
                return args
        while True:
            kind, where, _, data = self.packet()
            name, *args = data if kind == "2" else ["connect"] if kind == "0" else [None]
            if where == namespace and name == event and fits(*args):
                return args
            self.heard.append((where, name, *args))

    def enter(self, namespace, auth):
        self.send(f"40{namespace},{json.dumps(auth)}")

    def ask(self, namespace, event, payload):
        ack, self.acks = str(self.acks), self.acks + 1
        self.send(f"42{namespace},{ack}{json.dumps([event, payload])}")
        while True:
            kind, where, number, data = self.packet()
            if kind == "3" and where == namespace and number == ack:
                return data[0]
            if kind == "2":
                self.heard.append((where, *data))


def enter_both(auth):
    line = Line()
    line.enter("/lobby", auth)
    (session,) = line.hear("/lobby", "session")
    line.enter("/match", {"token": session["token"]})
    line.hear("/match", "connect")
    return line, session["token"]


line, token = enter_both({"name": "Raw Python"})
assert line.ask("/lobby", "queue:join", {"mode": "duel"})["ok"]
(found,) = line.hear("/lobby", "match:found")
joined = line.ask("/match", "match:join", {"matchId": found["matchId"]})
assert joined["ok"], joined
if joined["match"]["state"] != "playing":
    line.hear("/match", "match:event", lambda event: event.get("state") == "playing")
message = ["match:send", f"hello from seat {found['seat']}", [1 - found["seat"]]]
line.send(f"42/match,{json.dumps(message)}")
seat, text = line.hear("/match", "match:message")
print(f"seat {seat} says {text}", flush=True)

# The connection breaks, and the client comes back to the same match: `since` is the last event it knows.
line.socket.close()
line, _ = enter_both({"token": token})
since = {"epoch": joined["epoch"], "seq": joined["seq"]}
back = line.ask("/match", "match:join", {"matchId": found["matchId"], "since": since})
print(f"resumed at {back['seq']} with {len(back['events'])} events", flush=True)
print("refused:", line.ask("/match", "match:act", {"type": ""})["error"]["code"], flush=True)
time.sleep(0.5)
