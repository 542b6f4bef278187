"""Who comes in, and who doesn't: the first account, logging in and out, passwords, roles."""

from offices import GO_LIVE, HERE, PASSPHRASE, Office, month
from stories import told_twice


def first_login(world, name, script):
    """From nothing: an address that was laid beside the database makes the first person, once."""
    site = Office(world, name, GO_LIVE, for_all=script)
    with site.open(), site.browser(script) as own, site.browser(script) as other:
        assert own.open("/today").path == "/login"
        warned = "未加密" in own.words()
        assert warned == script, "only who can be read along with is told so"
        address = site.one_time()
        assert address.startswith(site.address), address
        token = address.rsplit("/", 1)[1]
        assert token not in site.log(), "a log is read by others"
        own.open(address)
        for password, again, told in (
            ("春江潮水", "春江潮水", "密码"),
            ("张三张三张三", "张三张三张三", "密码"),
            (PASSPHRASE, "海上明月共潮生滟滟", "不一样"),
        ):
            own.fill("姓名", "张三")
            own.fill("登录名", "张三张三张三" if password.startswith("张") else "zhangsan")
            own.fill("密码", password)
            own.fill("再输一次密码", again)
            own.press("建立并登录")
            assert told in own.words(".wrong") and own.path.endswith(token), own.words()
            assert own.field("姓名").get_attribute("value") == "张三", "what was typed is kept"
        other.open(address)
        site.first(own, "zhangsan", "张三", PASSPHRASE)
        assert "张三" in own.words("header") and "今天没有要办的" in own.words("main"), own.words()
        assert not (site.folder / "data" / "首次登录.txt").exists()
        # Who had the address open at the same time comes too late; the address is over.
        other.fill("姓名", "李四")
        other.fill("登录名", "lisi")
        other.fill("密码", "海上明月共潮生滟滟", secret=True)
        other.fill("再输一次密码", "海上明月共潮生滟滟", secret=True)
        other.press("建立并登录")
        assert "/today" not in other.path and other.session() is None, other.words()
        assert other.open(address).status == 404, other.words()

        own.press("退出")
        assert own.path == "/login" and own.session() is None
        assert own.open("/today").path == "/login"
        site.log_in(own, "zhangsan", "不是这个密码")
        assert own.status == 403 and own.words(".wrong") == "登录名或密码不对", own.words()
        assert own.field("登录名").get_attribute("value") == "zhangsan"
        site.clock.passes(seconds=2)
        own.fill("密码", PASSPHRASE)
        own.press("登录", "main")
        assert own.path == "/today", own.words()

        # A new password ends every other session of the account.
        site.log_in(other, "zhangsan", PASSPHRASE)
        own.press("张三（经办）")
        site.change_password(own, PASSPHRASE, PASSPHRASE)
        assert "相同" in own.words(".wrong"), own.words()
        site.change_password(own, PASSPHRASE, "滟滟随波千万里何处")
        assert own.path == "/today" and other.open("/today").path == "/login"

        # Nobody stays logged in for ever.
        site.clock.passes(hours=2, minutes=1)
        assert own.open("/today").path == "/login"


def roles(world, name, script):
    """A reader looks, a reviewer approves, the office decides; nobody sees a button that isn't for him."""
    site = month(world).copy(name, for_all=script)
    with site.open(), site.browser(script) as office, site.browser(script) as other:
        site.first(office)
        assert office.open(HERE).has("免报")
        for login, role, word in (("zhaoliu", "reader", "查阅"), ("wangwu", "reviewer", "审核")):
            site.add(other, login, f"{login}的姓名", role, f"{login[::-1]}不知乘月几人归")
            assert f"{login}的姓名（{word}）" in other.words("header")
            other.open(HERE)
            assert not other.has("免报") and not other.all("input[type=checkbox]"), other.words()
            (unit,) = [row for row in other.rows("units") if row["单位"] == "林强"]
            assert other.open(f"{HERE}/exempt?unit={unit['unit']}").status == 403, other.words()
            assert "请找办公室经办人" in other.words("main")
            other.open("/today")
        site.run("user", "disable", "wangwu")
        assert other.open("/today").path == "/login"
        assert office.open("/today").path == "/today"


CHECKS = told_twice(first_login, roles)
