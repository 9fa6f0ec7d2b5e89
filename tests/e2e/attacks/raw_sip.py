"""A SIP peer by hand, over UDP or TCP, from whatever address of this machine: nothing of the project's own client code."""

import os
import re
import select
import socket
import time

SDP = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=message 5060 sip null\r\n"


class SipMessage:
    def __init__(self, raw):
        self.raw = raw
        head, _, body = raw.partition(b"\r\n\r\n")
        self.head, self.body = head.decode("utf-8", "replace"), body.decode("utf-8", "replace")

    @property
    def status(self):
        return int(self.head[8:11]) if self.head.startswith("SIP/2.0 ") else 0

    @property
    def method(self):
        return "" if self.status else self.head.split(" ", 1)[0]

    def header(self, name):
        found = re.search(rf"^{name}:\s*(.*?)\r?$", self.head, re.M | re.I)
        return found.group(1) if found else ""


class RawSip:
    def __init__(self, address, transport="udp", host="127.0.0.1"):
        self.transport, self.host = transport, host
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM if transport == "tcp" else socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        center, port = address.rsplit(":", 1)
        self.socket.connect((center, int(port)))
        self.port = self.socket.getsockname()[1]
        self.sent = self.heard = 0  # bytes
        self._buffer = b""
        self._ready = select.poll()  # select() knows the first 1024 files only
        self._ready.register(self.socket, select.POLLIN)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, raw):
        self.sent += len(raw)
        self.socket.sendall(raw)

    def text_of(self, method, body="", cseq=1, call_id=None, branch=None, sender="mary", display="", from_tag="m1", to="1111",
                to_tag="", uri=None, more="", content_type=None):
        """A request; the texts may hold what breaks lesser programs."""
        body = body if isinstance(body, bytes) else body.encode()
        call_id = call_id or os.urandom(8).hex()
        branch = branch or "z9hG4bK" + os.urandom(8).hex()
        content_type = content_type or ("application/sdp" if method in ("INVITE", "UPDATE") else "text/plain")
        head = (f"{method} {uri or f'sip:{to}@trunkline'} SIP/2.0\r\n"
                f"Via: SIP/2.0/{self.transport.upper()} {self.host}:{self.port};branch={branch};rport\r\nMax-Forwards: 70\r\n"
                f"From: {display}<sip:{sender}@customers.example>;tag={from_tag}\r\n"
                f"To: <sip:{to}@trunkline>{';tag=' + to_tag if to_tag else ''}\r\nCall-ID: {call_id}\r\nCSeq: {cseq} {method}\r\n"
                f"Contact: <sip:{sender}@{self.host}:{self.port};transport={self.transport}>\r\n{more}")
        if body:
            head += f"Content-Type: {content_type}\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def receive(self, patience=10.0):
        """The next message; None where none comes in time or the connection has ended."""
        end = time.monotonic() + patience
        while True:
            message = self._buffered()
            if message is not None:
                return message
            if not self._ready.poll(max(0, int(1000 * (end - time.monotonic())))):
                return None
            try:
                more = self.socket.recv(70000)
            except OSError:
                return None
            if not more:
                return None
            self.heard += len(more)
            self._buffer = self._buffer + more if self.transport == "tcp" else more

    def _buffered(self):
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        length = re.search(rb"^Content-Length:\s*(\d+)", self._buffer[:end], re.M | re.I)
        total = end + 4 + (int(length.group(1)) if length else 0)
        if self.transport == "tcp" and len(self._buffer) < total:
            return None
        raw, self._buffer = self._buffer[:total], self._buffer[total:] if self.transport == "tcp" else b""
        return SipMessage(raw)

    def answer(self, request, status=200):
        kept = [line for line in request.head.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line, re.I)]
        self.send("\r\n".join([f"SIP/2.0 {status} Answer", *kept, "Content-Length: 0", "", ""]).encode())

    def final(self, patience=10.0):
        """The next final answer; requests on the way to it are answered 200."""
        while (message := self.receive(patience)) is not None:
            if message.status >= 200:
                return message
            if message.method and message.method != "ACK":
                self.answer(message)
        return None

    def ask(self, method, body="", **fields):
        """The status of the answer; 0 where none comes."""
        self.send(self.text_of(method, body, **fields))
        answer = self.final()
        return answer.status if answer else 0

    def next_request(self, method, patience=10.0):
        """The next request of this kind, answered 200."""
        while (message := self.receive(patience)) is not None:
            if message.method:
                self.answer(message)
            if message.method == method:
                return message
        return None


class RawDialog:
    """A session that this peer has opened; `fields` are what a request inside it needs."""

    def __init__(self, peer, to="1111", sender="mary"):
        self.peer = peer
        call_id = os.urandom(8).hex()
        peer.send(peer.text_of("INVITE", SDP, call_id=call_id, to=to, sender=sender))
        answer = peer.final()
        assert answer is not None and answer.status == 200, answer and answer.head
        self.fields = {"call_id": call_id, "to": to, "sender": sender, "from_tag": "m1",
                       "to_tag": re.search(r"tag=([^;\s]+)", answer.header("To")).group(1),
                       "uri": re.search(r"<([^>]+)>", answer.header("Contact")).group(1)}
        peer.send(peer.text_of("ACK", **self.fields))
        self.cseq = 1

    def text(self, method, body="", **other):
        """A request inside the dialog, perhaps with something else in a field."""
        self.cseq += 1
        return {"method": method, "body": body, "cseq": self.cseq, **self.fields, **other}
