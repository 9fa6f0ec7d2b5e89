"""A customer who writes in pager mode, a datagram at a time."""

import socket

from private_server import wait_until


def text_message(to, who, branch, body):
    """A MESSAGE over UDP as a datagram."""
    return (f"MESSAGE sip:{to}@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;rport;branch=z9hG4bK{branch}\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:{who}@example.com>;tag={branch}\r\nTo: <sip:{to}@127.0.0.1>\r\n"
            f"Call-ID: {branch}\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


class UdpCustomer:
    """Writes texts, answers every MESSAGE with 200, remembers what came."""

    def __init__(self, server, name):
        self.name = name
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(0.2)
        host, port = server.sip_udp.rsplit(":", 1)
        self.socket.connect((host, int(port)))
        self.heard = []

    def write(self, branch, body):
        self.socket.send(text_message("1111", self.name, branch, body))
        return self

    def hear(self):
        try:
            text = self.socket.recv(65000).decode()
        except socket.timeout:
            return self.heard
        self.heard.append(text)
        if text.startswith("MESSAGE"):
            kept = [line for line in text.split("\r\n\r\n")[0].split("\r\n")
                    if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
            self.socket.send(("SIP/2.0 200 OK\r\n" + "\r\n".join(kept) + "\r\nContent-Length: 0\r\n\r\n").encode())
        return self.heard

    def wait_for(self, words):
        wait_until(f"'{words}' at {self.name}", lambda: any(words in text for text in self.hear()))
        return self

    def close(self):
        self.socket.close()
