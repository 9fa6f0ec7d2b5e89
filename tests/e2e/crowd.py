"""Many customers in pager mode behind one UDP socket, by hand: nothing of the project's own client code. Each writes one text
after the other and keeps what was answered; what was not is repeated byte for byte, to whatever address the center has by
then, as a client of RFC 3261 17.1.2 does. Texts of the center are answered 200 and kept."""

import re
import select
import socket
import threading
import time

REPEAT_AFTER = 0.3


class Crowd:
    """`texts`: what a customer has still to write, by customer. A text refused with 503 is written again, in a request of its
    own (RFC 3261 21.5.4); any other answer ends it."""

    def __init__(self, to="1111", host="trunkline"):
        self.to, self.host = to, host
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.port = self.socket.getsockname()[1]
        self.center = None
        self.taken, self.refused, self.heard = {}, {}, {}
        self.repeated = 0
        self.hold_answers = False  # what comes is thrown away: the answer is lost on its way
        self._todo, self._open, self._sequence = {}, {}, 0
        self._lock = threading.Lock()
        self._ends = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def reach(self, address):
        """From now on the center is at this address; None: nobody writes."""
        if address is not None:
            host, port = address.rsplit(":", 1)
            address = (host, int(port))
        with self._lock:
            self.center = address

    def write(self, customer, *texts):
        with self._lock:
            self._todo.setdefault(customer, []).extend(texts)

    def unanswered(self):
        with self._lock:
            return len(self._open) + sum(map(len, self._todo.values()))

    def close(self):
        self._ends = True
        self._thread.join()
        self.socket.close()

    def _run(self):
        while not self._ends:
            with self._lock:
                self._begin()
                self._repeat()
            for _ in range(200):
                if not select.select([self.socket], [], [], 0.005)[0]:
                    break
                message, peer = self.socket.recvfrom(65535)
                with self._lock:
                    self._take(message.decode("utf-8", "replace"), peer)

    def _begin(self):
        if self.center is None:
            return
        busy = {customer for customer, *_ in self._open.values()}
        now = time.monotonic()
        for customer, texts in self._todo.items():
            if texts and customer not in busy:
                self._sequence += 1
                branch = f"z9hG4bK-{self.port}-{self._sequence}"
                request = self._request(branch, customer, texts[0])
                self._open[branch] = [customer, texts.pop(0), request, now]
                self._send(request)

    def _repeat(self):
        now = time.monotonic()
        for entry in self._open.values():
            if self.center is not None and now - entry[3] > REPEAT_AFTER:
                entry[3] = now
                self.repeated += 1
                self._send(entry[2])

    def _send(self, request):
        try:
            self.socket.sendto(request, self.center)
        except OSError:  # nobody is there: repeated later
            pass

    def _request(self, branch, customer, text):
        body = text.encode()
        return (f"MESSAGE sip:{self.to}@{self.host} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{self.port};branch={branch}\r\n"
                f"Max-Forwards: 70\r\nFrom: <sip:{customer}@customers.example>;tag={customer}\r\nTo: <sip:{self.to}@{self.host}>\r\n"
                f"Call-ID: {branch}@crowd\r\nCSeq: {self._sequence} MESSAGE\r\nContact: <sip:{customer}@127.0.0.1:{self.port}>\r\n"
                f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body

    def _take(self, message, peer):
        head, _, body = message.partition("\r\n\r\n")
        branch = re.search(r"^Via:.*?;branch=([^;\s]+)", head, re.M | re.I).group(1)
        if head.startswith("MESSAGE "):
            customer = re.match(r"MESSAGE sip:([^@]+)@", head).group(1)
            self.heard.setdefault(customer, []).append(body)
            copied = [line for line in head.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line, re.I)]
            self.socket.sendto("\r\n".join(["SIP/2.0 200 OK", *copied, "Content-Length: 0", "", ""]).encode(), peer)
            return
        if self.hold_answers or branch not in self._open:
            return
        customer, text, *_ = self._open.pop(branch)
        status = int(head.split(" ", 2)[1])
        if 200 <= status < 300:
            self.taken[text] = customer
        else:
            self.refused.setdefault(text, []).append(status)
            if status == 503:
                self._todo[customer].insert(0, text)
