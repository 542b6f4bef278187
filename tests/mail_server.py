"""A real mail server with TLS and login, under an authority of its own."""

import logging
import socket
import ssl
import subprocess
import warnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

USER, PASSWORD = "office@wutang.gov.cn", "授权码 with spaces"

# The server's own remarks about what is done to it here.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)
warnings.simplefilter("ignore")


class Inbox:
    """Keeps what arrives."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        protected = server.transport.get_extra_info("sslcontext") is not None
        self.letters.append((envelope, protected))
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    known = data.login == USER.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=known, handled=False)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Certificates:
    """An authority, and a certificate for localhost that it signed."""

    def __init__(self, folder, env=None):
        self.authority, self.key, self.certificate = (folder / name for name in ("ca.pem", "key.pem", "cert.pem"))
        authority_key, request, extensions = (folder / name for name in ("ca-key.pem", "request.pem", "extensions"))
        extensions.write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
        ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        for command in (
            ["req", "-x509", *ec, "-keyout", authority_key, "-out", self.authority, "-subj", "/CN=Test authority", "-days", "3650"],
            ["req", *ec, "-keyout", self.key, "-out", request, "-subj", "/CN=localhost"],
            ["x509", "-req", "-in", request, "-CA", self.authority, "-CAkey", authority_key, "-CAcreateserial"]
            + ["-out", self.certificate, "-days", "3650", "-extfile", extensions],
        ):
            subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True, env=env)

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def serve(certificates, security, handler, **more):
    """Starts a server that wants a login, with STARTTLS, with TLS from the first byte, or with neither."""
    common = {
        "hostname": "localhost",
        "port": free_port(),
        "authenticator": authenticate,
        "auth_required": True,
        **more,
    }
    if security == "tls":
        controller = Controller(handler, ssl_context=certificates.context(), auth_require_tls=False, **common)
    elif security == "none":
        controller = Controller(handler, auth_require_tls=False, **common)
    else:
        controller = Controller(handler, tls_context=certificates.context(), require_starttls=True, **common)
    controller.start()
    return controller
