"""REGISTER of an endpoint with its password, by hand: one datagram a request. Nothing of the project's own client code."""
import hashlib
import re
import socket
import uuid

HASHES = {"SHA-256": hashlib.sha256, "MD5": hashlib.md5}


def register(server, number, password, contact, algorithms=("SHA-256", "MD5"), host="trunkline", expires=600):
    """Asks, gives the first of the digests that it knows and is asked for, and returns the last status. `contact`: the port
    where it listens; as phones do, it makes a user part of its own for it."""
    address = server.rsplit(":", 1)
    call, tag = uuid.uuid4().hex, uuid.uuid4().hex[:8]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.settimeout(10)
        link.connect((address[0], int(address[1])))
        port = link.getsockname()[1]

        def ask(cseq, more=""):
            link.send((f"REGISTER sip:{host} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{uuid.uuid4().hex}\r\n"
                       f"Max-Forwards: 70\r\nFrom: <sip:{number}@{host}>;tag={tag}\r\nTo: <sip:{number}@{host}>\r\nCall-ID: {call}\r\n"
                       f"CSeq: {cseq} REGISTER\r\nContact: <sip:{number}-desk@127.0.0.1:{contact}>\r\nExpires: {expires}\r\n{more}"
                       "Content-Length: 0\r\n\r\n").encode())
            return link.recv(65536).decode()

        asked = ask(1)
        algorithm = next((name for name in algorithms if f"algorithm={name}," in asked), None)
        if algorithm is None:
            return int(asked.split(" ")[1])
        challenge = next(line for line in asked.split("\r\n") if f"algorithm={algorithm}," in line)
        realm, nonce = (re.search(f'{name}="([^"]*)"', challenge).group(1) for name in ("realm", "nonce"))

        def digest(text):
            return HASHES[algorithm](text.encode()).hexdigest()
        ha1, ha2 = digest(f"{number}:{realm}:{password}"), digest(f"REGISTER:sip:{host}")
        response = digest(f"{ha1}:{nonce}:00000001:c0ffee:auth:{ha2}")
        answer = ask(2, f'Authorization: Digest username="{number}", realm="{realm}", nonce="{nonce}", uri="sip:{host}", '
                        f'response="{response}", algorithm={algorithm}, cnonce="c0ffee", qop=auth, nc=00000001\r\n')
        return int(answer.split(" ")[1])
