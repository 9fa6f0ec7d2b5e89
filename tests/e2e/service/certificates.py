"""An authority and what it issues, by the openssl command."""

import os
import shutil
import subprocess
import tempfile


class Certificates:
    """An authority and what it issues, made by the openssl command; gone with the object's folder."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="trunkline-certs.")
        os.chmod(self.folder, 0o755)
        self.ca = os.path.join(self.folder, "ca.pem")
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                      "-keyout", self._at("ca.key"), "-out", self.ca, "-subj", "/CN=Test Authority")

    def _at(self, name):
        return os.path.join(self.folder, name)

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)

    def issue(self, name):
        """Writes NAME.pem and NAME.key for localhost and 127.0.0.1; the setting `tls` with them."""
        request, extensions = self._at("request.pem"), self._at("extensions")
        with open(extensions, "w", encoding="utf-8") as file:
            file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                      self._at(name + ".key"), "-out", request, "-subj", f"/CN={name}")
        self._openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self._at("ca.key"), "-CAcreateserial",
                      "-days", "1", "-extfile", extensions, "-out", self._at(name + ".pem"))
        os.chmod(self._at(name + ".key"), 0o600)
        return {"cert": self._at(name + ".pem"), "key": self._at(name + ".key")}

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)
