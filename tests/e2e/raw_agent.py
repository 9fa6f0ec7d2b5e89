"""An agent at a T-Library socket, by hand: one JSON object a line. Nothing of the project's own client code."""
import json
import socket


class RawAgent:
    def __init__(self, address, dn):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=20)
        self.lines = self.socket.makefile("rb")
        self.dn, self.seen = dn, []
        self.ask("RequestRegisterClient", ApplicationName="desktop")
        self.wait("EventLinkConnected")
        self.ask("RequestRegisterAddress", ThisDN=dn)
        self.ask("RequestAgentLogin", ThisDN=dn, AgentID=dn)
        self.ask("RequestAgentReady", ThisDN=dn)
        self.wait("EventAgentReady")

    def ask(self, message, **attributes):
        self.socket.sendall(json.dumps({"message": message, **attributes}).encode() + b"\n")

    def on_call(self, message, ringing, **attributes):
        self.ask(message, ThisDN=self.dn, ConnID=ringing["ConnID"], **attributes)

    def wait(self, message, text=None):
        """The next event of this name (and with this text); those on the way to it are kept in `seen`."""
        while True:
            event = json.loads(self.lines.readline())
            self.seen.append(event)
            if event["message"] == "EventError":
                raise AssertionError(event)
            if event["message"] == message and text in (None, event.get("Extensions", {}).get("im")):
                return event

    def close(self):
        self.socket.close()
