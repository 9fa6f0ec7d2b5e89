"""A T-Library client by hand who does what he likes: every message that comes is handed back, errors as well."""

import json
import socket


class RawClient:
    def __init__(self, address, application="desktop", **opening):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=20)
        self.lines = self.socket.makefile("rb")
        self.reference = 0
        if application is not None:
            self.opened = self.ask("RequestRegisterClient", ApplicationName=application, **opening)

    def send(self, message, **attributes):
        self.reference += 1
        self.send_raw(json.dumps({"message": message, "ReferenceID": self.reference, **attributes}))
        return self.reference

    def send_raw(self, line):
        self.socket.sendall((line if isinstance(line, bytes) else line.encode()) + b"\n")

    def next(self):
        """The next message; None after the end of the connection."""
        line = self.lines.readline()
        return json.loads(line) if line else None

    def ask(self, message, **attributes):
        """The answer to it: the first message with its ReferenceID."""
        reference = self.send(message, **attributes)
        return self.wait(lambda event: event.get("ReferenceID") == reference)

    def code(self, message, **attributes):
        """ErrorCode of the answer; 0 where it is none."""
        return self.ask(message, **attributes).get("ErrorCode", 0)

    def wait(self, fits):
        while True:
            event = self.next()
            if event is None:
                raise AssertionError("the connection has ended")
            if event["message"] == fits if isinstance(fits, str) else fits(event):
                return event

    def work_at(self, dn, login=None):
        """An agent who is logged in and ready there."""
        self.ask("RequestRegisterAddress", ThisDN=dn)
        answer = self.ask("RequestAgentLogin", ThisDN=dn, AgentID=login or dn)
        assert answer["message"] == "EventAgentLogin", answer
        self.ask("RequestAgentReady", ThisDN=dn)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.lines.close()
        self.socket.close()
