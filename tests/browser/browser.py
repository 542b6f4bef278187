"""A person before a browser: opens pages, clicks, ticks, fills in; and looks hard at every page that comes."""

import base64
import json
import re
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import NoAlertPresentException, StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from sites import until
from suite import ROOT

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
AXE = Path(__file__).with_name("axe") / "axe.min.js"

#: A desk's screen, and a telephone's.
DESK, TELEPHONE = (1366, 768), (360, 740)

# What a page must not have, each with those that do.
FAULTS = r"""
const faults = [];
const say = (what, own) => faults.push(what + ": " + own.outerHTML.slice(0, 160));
for (const own of document.querySelectorAll("table"))
  if (!own.caption || !own.caption.textContent.trim()) say("table without caption", own);
for (const own of document.querySelectorAll("th")) if (!own.scope) say("th without scope", own);
for (const own of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
  if (!own.labels.length && !own.getAttribute("aria-label") && !own.getAttribute("aria-labelledby"))
    say("field without label", own);
for (const own of document.querySelectorAll("style, script:not([src]), [style], iframe, object, embed"))
  say("not of this page", own);
for (const own of document.querySelectorAll("*"))
  for (const { name } of own.attributes) if (name.startsWith("on")) say("script in an attribute", own);
for (const own of document.querySelectorAll("[src], link[href], form[action]")) {
  const to = new URL(own.getAttribute("src") || own.getAttribute("href") || own.getAttribute("action"), location);
  if (to.origin !== location.origin) say("from elsewhere", own);
}
if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
if (!document.documentElement.lang || !document.title) faults.push("without language or title");
return faults;
"""

# What a telephone's page must not have: text too small, buttons too low for a thumb.
FOR_A_THUMB = r"""
const faults = [];
const seen = (own) => own.getClientRects().length && own.getBoundingClientRect().width > 1;
for (const own of document.querySelectorAll("button, select, a.button, input:not([type=hidden]):not([type=checkbox])"))
  if (seen(own) && own.getBoundingClientRect().height < 44) faults.push("low: " + own.outerHTML.slice(0, 120));
return faults;
"""

SMALL = r"""
const least = arguments[0], small = new Set();
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const own = walk.currentNode.parentElement;
  if (walk.currentNode.data.trim() && own.getClientRects().length && parseFloat(getComputedStyle(own).fontSize) < least)
    small.add(own.outerHTML.slice(0, 100));
}
return [...small];
"""

#: What Chromium remarks that is no fault: the answer's status is noted by the stories themselves, and heads
#: that hold with TLS alone are passed over without it.
REMARKS = ("the server responded with a status of", "Cross-Origin-Opener-Policy header has been ignored")

# The rows of a table, each by the heads of its columns.
ROWS = r"""
const table = document.getElementById(arguments[0]);
if (!table) return null;
const plain = (own) => own.textContent.replace(/\s+/g, " ").trim();
const head = [...table.tHead.rows].find((row) => !row.classList.contains("printed"));
const heads = [...head.cells].map(plain);
return [...table.tBodies].flatMap((body) => [...body.rows]).map((row) => ({
  ...Object.fromEntries([...row.cells].map((cell, at) => [heads[at], plain(cell)])),
  links: [...row.querySelectorAll("a")].map((own) => own.getAttribute("href")),
  unit: row.dataset.unit,
}));
"""


class Gallery:
    """Which kinds of page were looked at, and their pictures where they are wanted."""

    def __init__(self, pictures=None):
        self.pictures, self.seen, self.turn = pictures, {}, threading.Lock()
        # What is wrong with pages: told at the end, all of it, so that stories go on.
        self.faults = []
        # Addresses as the router has them, the longest first: `/p/{program}` is the start of others.
        files = [ROOT / "src" / "web" / name for name in ("routes.rs", "settings.rs", "setup.rs")]
        text = "".join(file.read_text(encoding="utf-8") for file in files)
        found = re.findall(r'\.route\(\s*"([^"]+)",\s*(get|post)?', text)
        self.routes = sorted({path for path, _ in found}, key=lambda path: (path.count("/"), -path.count("{")), reverse=True)
        self.pages = {path for path, method in found if method != "post"}

    def route(self, path):
        """The pattern of an address; the address itself where it has none."""
        for route in self.routes:
            pattern = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]+\})", route))
            if re.fullmatch(pattern, path):
                return route
        return path

    def is_new(self, route, looks):
        """Whether a page of this kind and look wasn't looked at yet; from now on it was."""
        with self.turn:
            known = self.seen.setdefault(route, set())
            if looks in known:
                return False
            known.add(looks)
            return True

    def number(self):
        with self.turn:
            return sum(len(looks) for looks in self.seen.values())


class Browser:
    """Chromium with a profile of its own, at one site's address."""

    def __init__(self, world, address, script=True):
        self.world, self.address, self.script = world, address, script
        self.clicks, self.secrets = 0, set()
        for needed in (CHROMIUM, DRIVER):
            assert Path(needed).exists(), f"{needed} is missing: apt-get install chromium chromium-driver"
        options = Options()
        options.binary_location = CHROMIUM
        for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=zh-CN"):
            options.add_argument(word)
        options.add_argument("--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        options.set_capability("unhandledPromptBehavior", "ignore")
        options.accept_insecure_certs = True
        if not script:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        self.driver = webdriver.Chrome(service=Service(DRIVER), options=options)
        self.driver.set_page_load_timeout(30)
        self.wide(DESK)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    # ── what a person does ──

    def open(self, path):
        """Types an address: no click."""
        self.driver.get(path if "://" in path else f"{self.address}{path}")
        self._arrived()
        return self

    def press(self, words, within="body"):
        """Clicks what leads on: a link or a button with these words. One click."""
        self._leave(self._named(words, within).click)
        self.clicks += 1

    def pick(self, element):
        """Clicks a thing that leads nowhere by itself: a tick, a fold. One click."""
        element.click()
        self.clicks += 1

    def tick(self, *units):
        """Ticks units by their names. One click each."""
        for unit in units:
            self.pick(self.find(f'input[type=checkbox][aria-label="{unit}"]'))

    def fill(self, label, text, secret=False):
        """Types into the field with a label, over what stood there. No click: a person comes there by the tab key."""
        field = self.field(label)
        field.clear()
        field.send_keys(text)
        if secret:
            self.secrets.add(text)

    def choose(self, label, words):
        """Chooses from a list, by what is to be read there. One click."""
        field = self.field(label)
        option = next(own for own in field.find_elements(By.TAG_NAME, "option") if words in own.text)
        option.click()
        self.clicks += 1

    def enter(self, label):
        """The enter key in a field: the form goes off. No click."""
        field = self.field(label)
        self._leave(lambda: field.send_keys(Keys.ENTER))

    @contextmanager
    def at_most(self, clicks, what):
        """Counts the clicks of something that may take so many."""
        before = self.clicks
        yield
        used = self.clicks - before
        print(f"    {what}: {used} clicks of {clicks}", flush=True)
        assert used <= clicks, f"{what} takes {used} clicks, and may take {clicks}"

    def until_at(self, path):
        """Waits until a script has led to another page."""
        until(lambda: self.path == path, lambda: f"stayed at {self.path}", deadline=15)
        until(lambda: self.run("return document.readyState") == "complete", "the page didn't come", deadline=30)
        self._arrived()

    # ── what a person sees ──

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def field(self, label):
        own = f'//label[starts-with(normalize-space(.), "{label}")]'
        kinds = "[self::input[not(@type='hidden')] or self::select or self::textarea]"
        path = f'{own}//*{kinds} | //*[@id={own}/@for]{kinds} | //*[@aria-label="{label}"]{kinds}'
        found = self.driver.find_elements(By.XPATH, path)
        assert found, f"no field {label!r} at {self.path}: {self.words()}"
        return found[0]

    def words(self, selector="body"):
        """What is to be read, in one line."""
        return " ".join(self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector).split())

    def has(self, words):
        return bool(self._all_named(words, "body"))

    def rows(self, table):
        found = self.run(ROWS, table)
        assert found is not None, f"no table {table} at {self.path}: {self.words()}"
        return found

    @property
    def path(self):
        return urlsplit(self.driver.current_url).path

    @property
    def status(self):
        return self.run("return performance.getEntriesByType('navigation')[0].responseStatus")

    def run(self, script, *values):
        """Asks the browser itself: works where the page's own scripts are switched off, too."""
        return self.driver.execute_script(script, *values)

    def session(self):
        """The cookie that a session hangs on."""
        found = [own for own in self.driver.get_cookies() if own["name"].endswith("taizhang")]
        return found[0] if found else None

    def wide(self, size):
        width, height = size
        values = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", values)

    def picture(self, path, whole):
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": whole})
        path.write_bytes(base64.b64decode(shot["data"]))

    def printed(self, path, **paper):
        """The page on A4, or on other paper in inches, as a PDF."""
        size = {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": False, **paper}
        path.write_bytes(base64.b64decode(self.driver.execute_cdp_cmd("Page.printToPDF", size)["data"]))
        return path

    # ── what the suite does for every page ──

    def _all_named(self, words, within):
        own = f'[normalize-space(.)="{words}" or @aria-label="{words}"]'
        place = self.driver.find_element(By.CSS_SELECTOR, within)
        found = place.find_elements(By.XPATH, f".//a{own} | .//button{own} | .//summary{own}")
        return [one for one in found if one.is_displayed()]

    def _named(self, words, within):
        found = self._all_named(words, within)
        assert found, f"nothing to click named {words!r} at {self.path}: {self.words()}"
        return found[0]

    def _leave(self, act):
        """Does what leads to another page, and waits until that is there."""
        before = self.driver.find_element(By.TAG_NAME, "html")
        act()

        def gone():
            try:
                before.is_enabled()
            except StaleElementReferenceException:
                return True
            except WebDriverException as error:
                # Between two pages the driver may not know the element's frame.
                return "stale" in str(error) or "detached" in str(error) or "not found" in str(error)
            return False

        until(gone, lambda: f"the page stayed at {self.path}: {self.words()}", deadline=15)
        until(lambda: self.run("return document.readyState") == "complete", "the page didn't come", deadline=30)
        self._arrived()

    def _arrived(self):
        """Looks hard at a page: the cheap looks at each, the dear ones once at each kind."""
        self._is_quiet()
        if cookie := self.session():
            self.secrets.add(cookie["value"])
        if not self.run("return document.body && document.body.children.length > 0"):
            return
        if self.run("return document.contentType") != "text/html":
            return
        gallery, route = self.world.gallery, self.world.gallery.route(self.path)
        ids = self.run("return [...document.querySelectorAll('main [id], main form, main h2')].map(own => own.getAttribute('id') || own.tagName)")
        # A long list may need what a short one doesn't.
        much = self.run("return document.querySelectorAll('main li, main tbody tr').length")
        looks = (tuple(sorted(set(ids))), bool(self.all(".wrong")), min(much, 30), self.script)
        if gallery.is_new(route, looks):
            self._is_good(route, gallery)

    def _is_quiet(self):
        """No script of a stranger ran, nothing was refused, nothing failed."""
        try:
            text = self.driver.switch_to.alert.text
        except NoAlertPresentException:
            pass
        else:
            raise AssertionError(f"{self.path} asks: {text}")
        assert self.run("return window.__xss ?? null") is None, f"{self.path}: a stranger's script ran"
        for line in self.driver.get_log("browser"):
            if line["level"] == "SEVERE" and not any(own in line["message"] for own in REMARKS):
                raise AssertionError(f"{self.path}: {line['message']}")

    def _is_good(self, route, gallery):
        if faults := self.run(FAULTS):
            gallery.faults.append(f"{self.path}: {faults}")
        name = f"{re.sub(r'[^a-z0-9]+', '-', route).strip('-') or 'start'}-{gallery.number():02}"
        for size in (DESK, TELEPHONE):
            self.wide(size)
            width = size[0]
            wide, inner = self.run("return [document.scrollingElement.scrollWidth, window.innerWidth]")
            if not wide <= inner == width:
                gallery.faults.append(f"{self.path} is {wide} wide at {width}: {self._sticks_out()}")
            if self.script:
                self._is_accessible(width)
                if gallery.pictures:
                    self.picture(gallery.pictures / f"{name}-{width}.png", whole=width < 700)
            if small := self.run(SMALL, 14):
                gallery.faults.append(f"{self.path}: text too small at {width}: {small}")
        if low := self.run(FOR_A_THUMB):
            gallery.faults.append(f"{self.path} on a telephone: {low}")
        self.wide(DESK)

    def _sticks_out(self):
        return self.run(
            "return [...document.querySelectorAll('main *')].filter(own => own.getBoundingClientRect().right > innerWidth + 1)"
            ".map(own => own.outerHTML.slice(0, 120)).slice(0, 5)"
        )

    def _is_accessible(self, width):
        # Given by the driver, which a page's own rules about scripts don't bind.
        if not self.run("return !!window.axe"):
            self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": self.world.axe})
        found = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run({ resultTypes: ['violations'] }).then("
            "found => done(found.violations.map(own => [own.impact, own.id, own.nodes.map(node => node.html.slice(0, 160))])),"
            "error => done([['critical', String(error), []]]))"
        )
        if grave := [own for own in found if own[0] in ("serious", "critical")]:
            self.world.gallery.faults.append(f"{self.path} at {width}: {json.dumps(grave, ensure_ascii=False)}")
