"""Disks that fill up or fail under a running daemon, and come right again.

For each place that is written to, and each way in which writing fails: ledgers
are dropped before, during and after; while it lasts the page and `doctor` say
what and since when, and what goes on elsewhere goes on; then it is over, and
without a restart everything is taken, once.
"""

import json
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import openpyxl

from fault import FaultySite
from sites import Server, until
from suite import ROOT

GO_LIVE = "2024-11-20T09:00:00+08:00"
MORNING = "2024-12-02T08:58:00+08:00"
DUE = "2024-12-02T09:00:30+08:00"
SAMPLES = ROOT / "templates" / "demo" / "wutang-2024-11"
BACK = 60
NAMED = 20

# Where a fault is, as people are told, and the paths that it befalls.
AREAS = {
    "database": ("数据库", ["data/taizhang.sqlite3"]),
    "data": ("数据目录", ["data/archive", "data/staging", "data/outgoing", "data/mail"]),
    "share": ("共享文件夹", ["watch/"]),
    "output": ("输出目录", ["output/"]),
}

# All of it but the file in which the daemon's faults are kept: that is
# overwritten in place, which a full disk allows.
AREAS["data_folder"] = ("(数据库|数据目录)", [*AREAS["database"][1], *AREAS["data"][1], "data/definitions"])

# What SQLite never does beside its work is left out: its files are there and keep their names.
CASES = [
    (area, error, call)
    for area in AREAS
    for error in ("ENOSPC", "EIO")
    for call in ("write", "sync", "rename", "make")
    if area not in ("database", "data_folder") or call in ("write", "sync")
]

# One of each place and call, and both errors of each place.
SHORT = [
    (area, error, call)
    for area, error, call in CASES
    if error == {"write": "ENOSPC", "sync": "EIO", "rename": "EIO", "make": "ENOSPC"}[call]
]


def ledgers():
    """Sample ledgers of different units that count as soon as they come, and one that goes back."""
    expected = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))["files"]
    found, units = [], set()
    for file in expected:
        whole = file["verdict"] in ("accepted", "accepted_with_warnings", "returned")
        if whole and file["unit"] not in units and file["period"] == "2024-11" and "/" not in file["file"]:
            units.add(file["unit"])
            found.append((file["unit"], file["file"], file["verdict"]))
    back = [one for one in found if one[2] == "returned"][:1]
    good = [one for one in found if one[2] != "returned"][:7]
    assert len(back) == 1 and len(good) == 7, found
    return [good[:2], [*good[2:5], *back], good[5:]]


def drop(site, files):
    for unit, name, _ in files:
        target = site.share / unit / name
        target.write_bytes((SAMPLES / name).read_bytes())


def taken(site, files):
    """Whether each file lies where it belongs, with all that tells of it."""
    for unit, name, verdict in files:
        folder = site.share / unit / ("退回修改" if verdict == "returned" else "审核通过") / "2024-11"
        notes = list((site.share / unit).glob("2024-11 *.txt"))
        if not (folder / name).exists() or (site.share / unit / name).exists() or len(notes) != 1:
            return False
    return site.query("SELECT count(*) FROM delivery WHERE state = 'pending'")[0][0] == 0


def rows(site):
    """The master's rows and summary as people read them."""
    path = site.folder / site.output / "乌塘挂点台账" / "2024-11" / "汇总台账.xlsx"
    if not path.exists():
        return {}
    book = openpyxl.load_workbook(path, read_only=True)
    sheets = [name for name in book.sheetnames if name not in ("报送情况", "变动")]
    return {name: [row for row in book[name].iter_rows(values_only=True)] for name in sheets}


def names(site):
    """The names of all files that people see; ours that are on their way included."""
    found = []
    for root in (site.watch, site.output):
        for folder, _, files in os.walk(site.folder / root):
            inside = os.path.relpath(folder, site.folder / root)
            found += [f"{'share' if root == site.watch else 'output'}/{inside}/{name}" for name in files]
    return sorted(found)


def prepared(world, name, **keys):
    """A site on the morning on which thirteen letters come due."""
    site = FaultySite(world, name, GO_LIVE, **keys)
    site.watch, site.output = "watch", "output"
    site.run("run", "--once")
    site.clock.set(MORNING)
    return site


def all_out(site):
    """Whether all letters have gone out but those whose unit was quicker, and some were made."""
    states = site.states()
    return "sent" in states and set(states) <= {"sent", "discarded"}


def undisturbed(world):
    """What becomes of the same files where nothing fails."""
    site = prepared(world, "faults-undisturbed")
    every = [file for part in ledgers() for file in part]
    with site.daemon():
        for part in ledgers():
            drop(site, part)
            until(lambda: taken(site, part), lambda: site.log()[-3000:])
        site.clock.passes_until(DUE)
        until(lambda: all_out(site), lambda: f"{site.states()}")
    site.run("run", "--once")
    assert taken(site, every)
    return rows(site), names(site)


def told(site, area):
    """Whether the page, and whether doctor, name the place and since when it fails."""
    word = AREAS[area][0]
    line = re.compile(word + r"从2024年12月2日\d+:\d\d起出错")
    return bool(line.search(site.page())), bool(line.search(site.run("doctor", expect=(0, 1))))


def once(site, expected):
    """Nothing lost, nothing doubled, nothing left behind."""
    master, tree = expected
    every = [file for part in ledgers() for file in part]
    found = site.query("SELECT file_name, version, verdict FROM submission")
    wanted = sorted((name, 1, verdict) for _, name, verdict in every)
    assert sorted(found, key=str) == sorted(wanted, key=str), f"{found}\ninstead of\n{wanted}"
    assert names(site) == tree, sorted(set(names(site)) ^ set(tree))
    assert rows(site) == master, "not the master of an undisturbed run"
    for unit, name, verdict in every:
        folder = site.share / unit / ("退回修改" if verdict == "returned" else "审核通过") / "2024-11"
        assert (folder / name).read_bytes() == (SAMPLES / name).read_bytes(), name
    letters_once(site, {unit for unit, *_ in every})
    left = [path for path in site.folder.rglob("*.tmp") if path.name.startswith(".taizhang-")]
    assert not left, left


def letters_once(site, came):
    """Each letter went out once; who handed nothing in was reminded, once."""
    assert all_out(site), site.states()
    sent = [letter for letter in site.letters() if letter["state"] == "sent"]
    for kind in {letter["kind"] for letter in sent}:
        to = [(unit, *letter["to"]) for letter in sent if letter["kind"] == kind for unit in letter["units"]]
        assert len(set(to)) == len(to), f"{kind} went twice: {to}"
    roster = {folder.name for folder in site.share.iterdir() if folder.is_dir()} - {"待确认单位"}
    reminded = {unit for letter in sent if letter["kind"] == "reminder" for unit in letter["units"]}
    assert roster - came <= reminded, f"not reminded: {roster - came - reminded}"
    mails = list((site.folder / "data" / "mail").rglob("*.eml"))
    assert len(mails) == len(sent), f"{len(mails)} mails of {len(sent)} letters"


def outlasted(site, area, expected, begin, end, lasts):
    """A fault of a place begins, lasts and ends under a daemon; gives how long the rest took."""
    before, during, after = ledgers()
    both = area not in ("output",)
    with site.daemon():
        drop(site, before)
        until(lambda: taken(site, before), lambda: site.log()[-3000:])
        begin()
        began = time.monotonic()
        drop(site, during)
        site.clock.passes_until(DUE)
        until(lambda: all(told(site, area)[not both :]), lambda: f"nobody says so:\n{site.page()}\n{site.run('doctor', expect=(0, 1))}", NAMED, 0.2)
        if area == "output":
            until(lambda: taken(site, during), "a full output folder stops intake")
        if area in ("share", "output"):
            until(lambda: all_out(site), lambda: f"letters wait for a folder of no concern: {site.states()}")
        while time.monotonic() - began < lasts:
            time.sleep(0.2)
        assert all(told(site, area)[not both :]), f"it is said no more:\n{site.page()}"
        end()
        ended = time.monotonic()
        until(lambda: taken(site, during), lambda: f"not taken:\n{site.log()[-5000:]}", BACK)
        took = time.monotonic() - ended
        until(lambda: all_out(site), lambda: f"{site.states()}\n{site.log()[-3000:]}", BACK)
        until(lambda: told(site, area) == (False, False), lambda: f"still said:\n{site.page()}", BACK, 0.2)
        drop(site, after)
        until(lambda: taken(site, after), lambda: site.log()[-3000:])
        until(lambda: rows(site) == expected[0], lambda: f"the master isn't right:\n{site.log()[-3000:]}", BACK, 0.2)
        whole = time.monotonic() - ended
    site.run("run", "--once")
    once(site, expected)
    return took, whole


def disturbed(world, case):
    area, error, call = case
    expected = world.once("faults-undisturbed", lambda: undisturbed(world))
    site = prepared(world, f"fault-{area}-{error}-{call}")
    try:
        calls = "rename,make" if call == "make" else call
        begin = lambda: site.fails(error, calls, *AREAS[area][1])
        return outlasted(site, area, expected, begin, site.works, world.lasts)
    except BaseException as problem:
        raise AssertionError(f"{area}, {error}, {call}: {problem}") from problem
    finally:
        site.kill()


def in_every_way(area):
    def run(world):
        cases = [case for case in (CASES if world.long else SHORT) if case[0] == area]
        with ThreadPoolExecutor(world.jobs) as pool:
            for case, (took, whole) in zip(cases, pool.map(lambda case: disturbed(world, case), cases)):
                print(f"  {' '.join(case)}: taken {took:.1f} s after its end, the rest {whole:.1f} s", flush=True)

    run.__name__ = f"faults_of_the_{area}"
    return run


def killed_while_it_fails(world):
    """The power goes while a disk fails, and comes back with a sound one: nothing is lost or doubled."""
    expected = world.once("faults-undisturbed", lambda: undisturbed(world))
    before, during, after = ledgers()
    for area, error, call in [("database", "EIO", "sync"), ("data_folder", "ENOSPC", "write"), ("share", "EIO", "rename")]:
        site = prepared(world, f"fault-kill-{area}")
        with site.daemon():
            drop(site, before)
            until(lambda: taken(site, before), lambda: site.log()[-3000:])
            site.fails(error, call, *AREAS[area][1])
            drop(site, during)
            until(lambda: told(site, area)[1], site.page, NAMED, 0.2)
            site.kill()
            # What a daemon left that is no more isn't told as if it went on.
            assert "故障：" not in site.run("doctor", expect=(0, 1))
            site.works()
            site.start()
            drop(site, after)
            site.clock.passes_until(DUE)
            until(lambda: taken(site, during) and taken(site, after), lambda: site.log()[-3000:], BACK)
            until(lambda: all_out(site), lambda: f"{site.states()}")
            until(lambda: told(site, area) == (False, False), site.page, NAMED, 0.2)
            until(lambda: rows(site) == expected[0], "the master isn't right", BACK, 0.2)
        site.run("run", "--once")
        once(site, expected)


# ── real disks that are full ──


def as_root(*words):
    """What only root may do: mounting a disk of the test's own."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    subprocess.run([*sudo, *words], check=True, capture_output=True, timeout=60)


@contextmanager
def small_disk(folder, kind):
    """A disk of 24 MB: in memory, or an ext4 in a file, which allots room late."""
    folder.mkdir()
    image = folder.with_suffix(".img")
    if kind == "ext4":
        with image.open("wb") as file:
            file.truncate(24 << 20)
        subprocess.run(["/usr/sbin/mkfs.ext4", "-q", "-m", "0", str(image)], check=True, capture_output=True)
        as_root("mount", "-o", "loop", str(image), str(folder))
    else:
        as_root("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder))
    try:
        as_root("chown", str(os.geteuid()), str(folder))
        yield folder
    finally:
        as_root("umount", "-l", str(folder))
        image.unlink(missing_ok=True)


def fill(path):
    """Takes all room that is left, to the last byte, also what has come free since the last time."""
    with path.open("ab", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                os.write(file.fileno(), bytes(size))
                os.fsync(file.fileno())
            except OSError:
                size //= 2


def really_full(world, area, kind):
    expected = world.once("faults-undisturbed", lambda: undisturbed(world))
    name = f"full-{area}-{kind}"
    site = FaultySite(world, name, GO_LIVE)
    site.watch, site.output = "watch", "output"
    moved = {"data": ["data"], "share": ["watch"], "output": ["output"], "all": ["data", "watch", "output"]}[area]
    with small_disk(site.folder / "disk", kind) as disk:
        for place in moved:
            # It lies on the disk, which the site sees under its own name.
            (disk / place).mkdir()
            own = site.folder / place
            if own.exists():
                subprocess.run(["cp", "-a", f"{own}/.", str(disk / place)], check=True)
                subprocess.run(["rm", "-r", str(own)], check=True)
            own.symlink_to(disk / place)
        try:
            site.run("run", "--once")
            site.clock.set(MORNING)
            filler = disk / "filler"
            # A unit that finds the disk full can't save; what lies on it already can be moved.
            stock = {name: disk / f"stock-{n}" for n, (_, name, _) in enumerate(sum(ledgers(), []))}
            if "watch" in moved:
                for file, path in stock.items():
                    path.write_bytes((SAMPLES / file).read_bytes())
                world_drop = lambda files: [
                    os.rename(stock[file], site.share / unit / file) for unit, file, _ in files
                ]
            else:
                world_drop = lambda files: drop(site, files)
            return outlasted_for_real(site, area, expected, world_drop, filler, world.lasts)
        except BaseException as problem:
            raise AssertionError(f"{area} on {kind}: {problem}\n{site.log()[-4000:]}") from problem
        finally:
            site.kill()


def outlasted_for_real(site, area, expected, put, filler, lasts):
    before, during, after = ledgers()
    words = {
        "data": ("数据库", "数据目录"),
        "share": ("共享文件夹",),
        "output": ("输出目录",),
        "all": ("数据库", "数据目录", "共享文件夹", "输出目录"),
    }[area]
    named = lambda text: any(f"{word}从2024年12月2日" in text for word in words)
    with site.daemon():
        put(before)
        until(lambda: taken(site, before), lambda: site.log()[-3000:])
        fill(filler)
        began = time.monotonic()
        put(during)
        fill(filler)
        site.clock.passes_until(DUE)
        until(lambda: fill(filler) or named(site.run("doctor", expect=(0, 1, 2))), lambda: f"doctor:\n{site.run('doctor', expect=(0, 1, 2))}", NAMED, 0.2)
        if area in ("data", "share"):
            until(lambda: named(site.page()), site.page)
        while time.monotonic() - began < lasts:
            fill(filler)
            time.sleep(0.05)
        filler.unlink()
        ended = time.monotonic()
        until(lambda: taken(site, during), lambda: f"not taken:\n{site.log()[-5000:]}", BACK)
        took = time.monotonic() - ended
        until(lambda: all_out(site), lambda: f"{site.states()}", BACK)
        until(lambda: not named(site.page()) and not named(site.run("doctor", expect=(0, 1))), site.page, BACK, 0.2)
        put(after)
        until(lambda: taken(site, after), lambda: site.log()[-3000:])
        until(lambda: rows(site) == expected[0], "the master isn't right", BACK, 0.2)
    site.run("run", "--once")
    once(site, expected)
    print(f"  full disk under {area}: taken {took:.1f} s after it was freed", flush=True)


def database_fails_while_letters_are_under_way(world):
    """What the server took while the database failed is recorded when it works again: sent, not uncertain."""
    with Server(world) as server:
        site = FaultySite(world, "letters-under-way", GO_LIVE, **server.settings())
        site.run("run", "--once")
        site.clock.set(MORNING)

        def fail_when_taken(step):
            # After the first letter, and once more amid the others.
            if step == "TAKEN" and len(server.inbox.taken) in (1, 4):
                site.fails("EIO", "write", *AREAS["database"][1])

        server.inbox.before = fail_when_taken
        with site.daemon():
            site.clock.passes_until(DUE)
            for letters in (1, 4):
                until(lambda: len(server.inbox.taken) >= letters, lambda: f"{len(server.inbox.taken)}\n{site.log()[-3000:]}")
                until(lambda: told(site, "database")[0], site.page, NAMED, 0.2)
                assert site.states().get("attempting"), site.states()
                site.works()
            until(lambda: site.states() == {"sent": 13}, lambda: f"{site.states()}\n{site.log()[-3000:]}", BACK)
            until(lambda: told(site, "database") == (False, False), site.page, NAMED, 0.2)
        numbers = [mail.number for mail in server.inbox.taken]
        assert len(numbers) == len(set(numbers)) == 13, "a letter went twice"


def started_on_a_full_disk(world):
    """The power comes back, the disk is still full: the daemon waits for room instead of giving up."""
    expected = world.once("faults-undisturbed", lambda: undisturbed(world))
    site = prepared(world, "full-start")
    parts = [file for part in ledgers() for file in part]
    with small_disk(site.folder / "disk", "tmpfs") as disk:
        subprocess.run(["cp", "-a", str(site.folder / "data"), str(disk)], check=True)
        subprocess.run(["rm", "-r", str(site.folder / "data")], check=True)
        (site.folder / "data").symlink_to(disk / "data")
        try:
            fill(disk / "filler")
            site.start()
            drop(site, parts)
            until(lambda: fill(disk / "filler") or "磁盘" in site.log(), site.log)
            assert "写不进去" in site.run("doctor", expect=(1,))
            time.sleep(world.lasts)
            assert site.process.poll() is None, f"it gave up:\n{site.log()}"
            (disk / "filler").unlink()
            until(lambda: taken(site, parts), lambda: site.log()[-3000:], BACK)
            site.clock.passes_until(DUE)
            until(lambda: rows(site) == expected[0], "the master isn't right", BACK, 0.2)
            until(lambda: all_out(site), lambda: f"{site.states()}")
            site.stop()
            site.run("run", "--once")
            once(site, expected)
        finally:
            site.kill()


def full_disk(area):
    def run(world):
        for kind in ("tmpfs", "ext4") if world.long else ("ext4",):
            really_full(world, area, kind)

    run.__name__ = f"full_disk_under_{area}"
    return run


CHECKS = [
    *(in_every_way(area) for area in AREAS),
    killed_while_it_fails,
    database_fails_while_letters_are_under_way,
    started_on_a_full_disk,
    *(full_disk(area) for area in ("data", "share", "output", "all")),
]
