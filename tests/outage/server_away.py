"""The mail server taken away, busy, silent, and back, while the daemon works."""

import socket
import threading
from collections import Counter

from sites import Server, Site, until
from suite import ROOT

GO_LIVE = "2024-11-20T09:00:00+08:00"
BEFORE = "2024-12-02T08:58:00+08:00"
DUE = "2024-12-02T09:00:30+08:00"
LETTERS = 13


def site_before_its_letters(world, name, server, **keys):
    site = Site(world, name, GO_LIVE, **{**server.settings(), **keys})
    site.run("run", "--once")
    site.clock.set(BEFORE)
    return site


def tried(site, times):
    """Whether every letter was tried so often and waits for its next try."""
    rows = site.query("SELECT count(*) FROM letter WHERE state = 'queued' AND attempts = ?", times)
    return rows and rows[0][0] == LETTERS


def came_once(site, taken):
    """Every letter was sent, and the server has each once."""
    letters = site.letters()
    assert [letter["state"] for letter in letters] == ["sent"] * LETTERS, letters
    assert Counter(mail.number for mail in taken) == {letter["id"]: 1 for letter in letters}
    assert len({mail.id for mail in taken}) == LETTERS, "Message-IDs differ"


def nothing_follows(site, server):
    """Hours later nothing has gone again."""
    site.clock.passes(hours=2)
    site.until_walked()
    assert len(server.inbox.taken) == LETTERS, "something went again"


def mail_server_away_then_busy_then_back(world):
    server = Server(world)
    site = site_before_its_letters(world, "away", server)
    with site.daemon():
        site.clock.passes_until(DUE)
        until(lambda: tried(site, 1), lambda: f"{site.states()} {site.log()[-2000:]}")
        for letter in site.letters("--state", "queued"):
            assert letter["attempts"] == 1 and "连接不上" in letter["last_error"], letter
        table = site.run("letters", "list")
        assert table.count("待发") == LETTERS and table.count("后再发") == LETTERS, table
        said = site.run("doctor", expect=(1,))
        assert "[问题] 邮件" in said and "连接不上" in said and f"待发 {LETTERS} 封" in said and "正在运行" in said, said

        site.clock.passes(minutes=3)
        site.until_walked()
        assert tried(site, 1), "tried before its time"

        # Back, but busy; then it refuses later in the conversation.
        server.inbox.refuse = {"MAIL": "451 4.3.2 busy, come later"}
        server.start()
        site.clock.passes(minutes=4)
        until(lambda: tried(site, 2), lambda: f"{site.letters()[:2]}")
        assert all("451" in letter["last_error"] for letter in site.letters())
        server.inbox.refuse = {"DATA": "452 4.3.1 no room, come later"}
        site.clock.passes(minutes=13)
        until(lambda: tried(site, 3), lambda: f"{site.letters()[:2]}")
        assert server.inbox.taken == []

        # A person who knows that it is well again needn't wait.
        server.inbox.refuse = {}
        first = site.letters()[0]["id"]
        site.run("letters", "retry", str(first))
        until(lambda: site.states().get("sent") == 1, lambda: f"{site.letters()[0]}")
        assert [mail.number for mail in server.inbox.taken] == [first]
        site.clock.passes(minutes=26)
        until(lambda: site.states() == {"sent": LETTERS}, lambda: f"{site.letters()}")
        came_once(site, server.inbox.taken)
        said = site.run("doctor")
        assert "能登录" in said and "待发" not in said, said
        site.run("letters", "retry", str(first), expect=(1, 2))
        nothing_follows(site, server)
    server.stop()
    came_once(site, server.inbox.taken)


def mail_server_taken_away_amid_the_letters(world):
    server = Server(world).start()
    site = site_before_its_letters(world, "amid", server, **{"mail.rate_per_minute": 5})
    with site.daemon():
        site.clock.passes_until(DUE)
        until(lambda: site.states().get("sent") == 5, lambda: f"{site.states()}")
        server.stop()
        waiting = "SELECT count(*) FROM letter WHERE state = 'queued' AND attempts = 1"
        for _ in range(2):
            site.clock.passes(seconds=61)
        until(lambda: site.query(waiting)[0][0] == LETTERS - 5, lambda: f"{site.letters()}")
        server.start()
        # Five a minute: what waits goes in two parts.
        site.clock.passes(minutes=7)
        until(lambda: site.states().get("sent") == 10, lambda: f"{site.states()}")
        site.clock.passes(seconds=61)
        until(lambda: site.states() == {"sent": LETTERS}, lambda: f"{site.states()}")
        nothing_follows(site, server)
    server.stop()
    came_once(site, server.inbox.taken)


class Silent:
    """Takes connections and never says a word: a firewall, a server that hangs."""

    def __init__(self, port):
        self.listening = socket.create_server(("127.0.0.1", port))
        self.connections = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        try:
            while True:
                self.connections.append(self.listening.accept()[0])
        except OSError:
            pass

    def stop(self):
        # Closing alone doesn't wake whoever accepts.
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        for connection in self.connections:
            connection.close()


def units_do_not_wait_for_a_silent_mail_server(world):
    server = Server(world)
    # Long enough for a ledger to be answered meanwhile, and to be felt thirteen times.
    site = site_before_its_letters(world, "silent", server, **{"mail.timeout": '"11s"'})
    silent = Silent(server.port)
    name = "吴垂超11月台账.xlsx"
    with site.daemon():
        site.clock.passes_until(DUE)
        until(lambda: silent.connections, "nobody called the server")
        ledger = ROOT / "templates" / "demo" / "wutang-2024-11" / name
        (site.share / "吴垂超" / name).write_bytes(ledger.read_bytes())
        # A letter is still on its way to nowhere when the ledger is answered.
        accepted = site.share / "吴垂超" / "审核通过" / "2024-11" / name
        waits = lambda: f"the ledger waits: {len(silent.connections)} calls\n{site.log()[-2000:]}"
        until(accepted.exists, waits, 5)
        assert site.states() == {"attempting": 1, "queued": LETTERS - 1}, site.states()
        # One letter's limit goes by, not thirteen.
        until(lambda: site.states() == {"queued": LETTERS}, lambda: f"{site.states()}")
        assert len(silent.connections) == 1, "the others were tried as well"
        silent.stop()
        server.start()
        site.clock.passes(minutes=13)
        # Who has handed in meanwhile needs no reminder.
        until(lambda: site.states() == {"sent": LETTERS - 1, "discarded": 1}, lambda: f"{site.states()}")
    server.stop()
    taken = server.inbox.taken
    assert len({mail.number for mail in taken}) == len(taken) == LETTERS - 1
    assert all("liaison02@wutang.gov.cn" not in mail.recipients for mail in taken)


CHECKS = [
    mail_server_away_then_busy_then_back,
    mail_server_taken_away_amid_the_letters,
    units_do_not_wait_for_a_silent_mail_server,
]
