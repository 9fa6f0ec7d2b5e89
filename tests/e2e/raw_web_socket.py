"""A WebSocket by hand (RFC 6455), one JSON object a text frame. Nothing of the project's own client code."""
import base64
import json
import os
import socket
import struct


class RawWebSocket:
    def __init__(self, address, path):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=20)
        self.stream = self.socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET {path} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        status = self.stream.readline()
        if b"101" not in status:
            raise AssertionError(status)
        while self.stream.readline().strip():
            pass

    def send(self, message):
        self.send_text(json.dumps(message))

    def send_text(self, text):
        text, mask = text.encode(), os.urandom(4)
        length = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + struct.pack(">H", len(text)) \
            if len(text) < 65536 else b"\xff" + struct.pack(">Q", len(text))  # RFC 6455 5.2
        self.socket.sendall(b"\x81" + length + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(text)))

    def receive(self):
        _, length = self.stream.read(2)
        if length == 126:
            length = struct.unpack(">H", self.stream.read(2))[0]
        return json.loads(self.stream.read(length))

    def close(self):
        self.stream.close()
        self.socket.close()
