#!/usr/bin/env python3
"""Letters against a real mail server: TLS, login, and what arrives.

Usage: tests/mail/run.py [PATH-OF-TAIZHANG]

Starts aiosmtpd with STARTTLS and with TLS from the first byte, both with a
login, under a certificate authority of its own; drives the program with
`doctor --send-test` and reads what arrived with Python's email package. Needs
aiosmtpd and openssl; without them it fails.
"""

import email
import email.policy
import email.utils
import os
import subprocess
import sys
import tempfile
from email.header import decode_header, make_header
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from mail_server import PASSWORD, USER, Certificates, Inbox, free_port, serve
from suite import program, run_all

NOW = "2024-12-04T10:30:00+08:00"
RECIPIENT = "zhang@wutang.gov.cn"
NAME = "乌塘镇“百千万工程”指挥部办公室"


class World:
    """A site, and servers to send to."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.site = folder / "site"
        self.certificates = Certificates(folder)
        subprocess.run([binary, "init", str(self.site), "--program", "wutang-visits"], check=True, capture_output=True, timeout=60)
        self.config = self.site / "config.toml"
        self.shipped = self.config.read_text(encoding="utf-8")
        (self.site / "password").write_text(PASSWORD + "\n", encoding="utf-8")

    def server(self, security, **more):
        return serve(self.certificates, security, Inbox(), **more)

    def configure(self, **keys):
        """Writes values of `[mail]` into the shipped file, as a person would."""
        head, mail = self.shipped.split("\n[mail]\n")
        lines = mail.split("\n")
        for key, value in keys.items():
            at = next(number for number, line in enumerate(lines) if line.startswith(f"{key} = "))
            lines[at] = f"{key} = {value}"
        self.config.write_text(head + "\n[mail]\n" + "\n".join(lines), encoding="utf-8")

    def use(self, controller, security, **keys):
        settings = {
            "transport": '"smtp"',
            "host": '"localhost"',
            "port": controller.port,
            "security": f'"{security}"',
            "ca_file": f"'{self.certificates.authority}'",
            "user": f'"{USER}"',
            "password_file": '"password"',
            "from_name": f'"{NAME}"',
            "from_address": f'"{USER}"',
            "timeout": '"20s"',
        }
        self.configure(**{**settings, **keys})

    def run(self, *words, env=None):
        command = [self.binary, "--config", str(self.config), "--now", NOW, *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, **(env or {})})
        both = done.stdout + done.stderr
        assert PASSWORD not in both, f"the password was shown: {both}"
        return done.returncode, both

    def send(self, to=RECIPIENT, env=None):
        return self.run("doctor", "--send-test", to, env=env)


def mailboxes(content, header):
    """Names and addresses of a header. By the older reader: the newer one of
    Python before 3.12.9 puts spaces between encoded words in names."""
    raw = email.message_from_bytes(content)[header]
    found = email.utils.getaddresses([raw.replace("\r\n", "")])
    return [(str(make_header(decode_header(name))), address) for name, address in found]


def check_letter(inbox):
    assert len(inbox.letters) == 1, inbox.letters
    envelope, protected = inbox.letters[0]
    assert protected, "the letter came unprotected"
    assert (envelope.mail_from, envelope.rcpt_tos) == (USER, [RECIPIENT])
    assert envelope.content.isascii()
    letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert not letter.defects, letter.defects
    assert letter["Subject"] == "台账催报系统试发邮件（请忽略）", letter["Subject"]
    assert mailboxes(envelope.content, "From") == [(NAME, USER)]
    assert mailboxes(envelope.content, "To") == [("收件人", RECIPIENT)]
    assert letter["Date"].datetime.isoformat() == NOW, letter["Date"]
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].startswith("<test.") and letter["Message-ID"].endswith("@wutang.gov.cn>")
    assert letter.get_content_type() == "multipart/alternative"
    text, html = letter.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert "2024年12月4日 10:30:00" in text.get_content() and "<p>您好：</p>" in html.get_content()


def starttls_with_login(world):
    server = world.server("starttls")
    try:
        world.use(server, "starttls")
        code, said = world.send()
        assert code == 0 and "信已交给" in said, said
        check_letter(server.handler)
    finally:
        server.stop()


def tls_with_login(world):
    server = world.server("tls")
    try:
        world.use(server, "tls")
        code, said = world.send()
        assert code == 0, said
        check_letter(server.handler)
    finally:
        server.stop()


def login_without_plain(world):
    server = world.server("starttls", auth_exclude_mechanism=["PLAIN"])
    try:
        world.use(server, "starttls")
        code, said = world.send()
        assert code == 0, said
        check_letter(server.handler)
    finally:
        server.stop()


def password_from_the_environment_and_from_systemd(world):
    server = world.server("starttls")
    try:
        world.use(server, "starttls", password_file='""', password_env='"MAIL_PASSWORD"')
        code, said = world.send(env={"MAIL_PASSWORD": PASSWORD})
        assert code == 0, said
        code, said = world.send()
        assert code == 1 and "MAIL_PASSWORD" in said, said
        world.use(server, "starttls", password_file='""', credential='"password"')
        code, said = world.send(env={"CREDENTIALS_DIRECTORY": str(world.site)})
        assert code == 0, said
        code, said = world.send()
        assert code == 1 and "LoadCredential=password" in said, said
        assert len(server.handler.letters) == 2
    finally:
        server.stop()


def a_wrong_password_is_said(world):
    server = world.server("starttls")
    try:
        world.use(server, "starttls")
        code, said = world.run("doctor")
        assert "能登录" in said, said
        (world.site / "password").write_text("wrong", encoding="utf-8")
        code, said = world.send()
        assert code == 1 and "535" in said and "授权码" in said, said
        code, said = world.run("doctor")
        assert code == 1 and "[问题] 邮件" in said, said
        assert not server.handler.letters
    finally:
        (world.site / "password").write_text(PASSWORD, encoding="utf-8")
        server.stop()


def a_certificate_of_nobody_is_refused(world):
    for security in ("starttls", "tls"):
        server = world.server(security)
        try:
            world.use(server, security, ca_file='""')
            code, said = world.send()
            assert code == 1 and "ca_file" in said, said
            world.use(server, security, host='"127.0.0.1"')
            code, said = world.send()
            assert code == 1 and "请核对 host" in said, said
            assert not server.handler.letters
        finally:
            server.stop()


def the_wrong_kind_of_tls_is_explained(world):
    server = world.server("starttls")
    try:
        world.use(server, "tls")
        code, said = world.send()
        assert code == 1 and "starttls" in said, said
    finally:
        server.stop()


def nobody_listens(world):
    class Nobody:
        port = free_port()

    world.use(Nobody, "starttls")
    code, said = world.send()
    assert code == 1 and "连接不上" in said, said
    code, said = world.run("doctor")
    assert code == 1 and "连接不上" in said, said


def placeholders_are_named_and_refused(world):
    server = world.server("starttls")
    try:
        world.use(server, "starttls")
        code, said = world.send("hong@wutang.example")
        assert code == 1 and "占位地址" in said, said
        code, said = world.run("doctor")
        assert code == 1 and "是占位邮箱" in said and ".example" in said, said
        world.use(server, "starttls", allow_domains='["qq.com"]')
        code, said = world.send()
        assert code == 1 and "allow_domains" in said, said
        code, said = world.send("不是邮箱")
        assert code == 1, said
        assert not server.handler.letters
    finally:
        server.stop()


def files_by_default(world):
    world.config.write_text(world.shipped, encoding="utf-8")
    code, said = world.send("hong@wutang.example")
    assert code == 0 and "没有真的发出" in said, said
    (mail,) = (world.site / "data" / "mail").glob("2024-12-04/*.eml")
    letter = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
    assert letter["Subject"] == "台账催报系统试发邮件（请忽略）" and not letter.defects
    page = mail.with_suffix(".html").read_text(encoding="utf-8-sig")
    assert "收件人：收件人 &lt;hong@wutang.example&gt;" in page and "试发的邮件" in page, page
    assert not list(mail.parent.glob(".*")), "temporary files stay behind"


CHECKS = [
    starttls_with_login,
    tls_with_login,
    login_without_plain,
    password_from_the_environment_and_from_systemd,
    a_wrong_password_is_said,
    a_certificate_of_nobody_is_refused,
    the_wrong_kind_of_tls_is_explained,
    nobody_listens,
    placeholders_are_named_and_refused,
    files_by_default,
]


def main():
    binary = program(sys.argv[1] if len(sys.argv) > 1 else None)
    with tempfile.TemporaryDirectory() as folder:
        return run_all("mail", CHECKS, World(str(binary), Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
