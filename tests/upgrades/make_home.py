"""Make the home of this release, for the releases to come: `python -m tests.upgrades.make_home`.

It writes `home-VERSION.tar.xz` beside itself, or into the folder it is given: the demonstration
with everything done to it that leaves rows, so that no table is empty, an office beside it, and a
pack. It contains no mail. `known.json` in it says what the people of that home still know:
password, cookie and token.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import re
import sys
import tarfile
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from desk.app import create_app
from desk.cli import run
from ledger.offices.installation import load_settings
from ledger.people import signin
from ledger.session import Ledger
from ledger.tables import TABLES
from tests.desk.visitors import Browser
from tests.world import small_plan

HERE = Path(__file__).parent
PLAN, UNTIL = "guangdong-2013", "2014-01-24"
TOWN = "town"
MINE = f"{PLAN}/18.going-abroad/dongguan/2014-H1"
LATE = f"{PLAN}/18.going-abroad/dongguan/2013-H2"
BELOW = f"{PLAN}/S1.local-plans/dongguan/once"
ONCE, PASSWORD = "督辦-given-by-an-administrator", "督辦-a-lived-home-of-a-release"
LEFT_OUT = ("outbox", "prefect", "log")
OFFICE, CITY, BOSS = "office/officer", "dongguan/officer", "office/administrator"
TEXT = """\
廣東省試點行動計劃(2013-2015年)
2013年8月20日
一、任務
1.推進試點。每年召開2次會議。(省外經貿廳負責)
"""


def duban(*argv: str, typing: str = "") -> str:
    """Run a command and return its output; it must succeed."""
    out, sys.stdin = io.StringIO(), io.StringIO(typing)
    with redirect_stdout(out):
        code = run(list(argv))
    assert code in {0, 6}, (argv, code)
    return out.getvalue()


def live(home: Path) -> None:
    """Live the demonstration, and do everything that leaves rows by command."""
    duban("demo", "--on", UNTIL, "--no-serve")
    for user in (OFFICE, CITY, BOSS):
        duban("user", "password", user, typing=f"{ONCE}\n")
    duban("comment", MINE, "--text", "請一併報送人數", "--as", OFFICE)
    duban("user", "add", "deputy", "--name", "代理人", "--agency", "dongguan")
    duban("delegate", CITY, "deputy", "--until", "2014-03-31", "--as", CITY)
    order = ("--on", "2014-01-20", "--document", "粵府〔2014〕1號")
    duban("agency", "rename", "shantou", "汕頭經濟特區人民政府", *order)
    duban("circular", "draft", "2013-12", "--as", OFFICE)
    duban("scorecard", "announce", "2013", "--as", OFFICE)
    object_ = ("scorecard", "object", "2013", "dongguan", LATE, "--text", "材料已按時報送")
    duban(*object_, "--as", CITY)
    (slip,) = json.loads(duban("slip", "list", "--state", "draft", "--json"))[:1]
    duban("slip", "release", slip["id"], "--as", OFFICE)
    hand_down(home)
    duban("pack", LATE, str(home / "pack.zip"))


def hand_down(home: Path) -> None:
    """Hand a duty down to a second office, which takes it over into its own plan."""
    plan = home / "small-2013.toml"
    small_plan(home, {})
    duban("jurisdiction", "add", TOWN, "--name", "鎮督辦室")
    keys = {"": home / "ours.key", TOWN: home / "theirs.key"}
    for office, key in keys.items():
        os.environ["DUBAN_JURISDICTION"] = office
        key.write_text(duban("bundle", "key"), encoding="utf-8")
    duban("plan", "publish", str(plan))
    duban("sweep")
    duban("bundle", "trust", "province", str(keys[""]))
    del os.environ["DUBAN_JURISDICTION"]
    duban("bundle", "trust", TOWN, str(keys[TOWN]))
    duban("bundle", "out", BELOW, "--to", TOWN, "--file", str(home / "out.json"), "--as", OFFICE)
    os.environ["DUBAN_JURISDICTION"] = TOWN
    duban("user", "add", "clerk", "--name", "鎮幹事", "--agency", "office")
    duban("bundle", "in", str(home / "out.json"), "--as", "clerk")
    del os.environ["DUBAN_JURISDICTION"]
    for file in (*keys.values(), plan, home / "out.json"):
        file.unlink()


def visit(home: Path) -> None:
    """Do at the desk what only pages do, and write down what its people know from then on."""
    app = create_app(load_settings(), clock=lambda: dt.datetime.now(dt.UTC))
    city, office, _ = (signed_in(app, user) for user in (CITY, OFFICE, BOSS))
    token = duban("user", "token", "--as", CITY, typing=f"{PASSWORD}\n").strip()
    office.post_form("/views", shown_on="/views", name="逾期", query="light=red")
    city.post_form(f"/duty/{MINE}/draft/progress", shown_on="/account", text="已接洽兩家")
    csrf = re.search(r'name="token" value="(\w+)"', office.get("/plans/drafts").text)
    fields = {"token": csrf[1] if csrf else "", "code": "pilot", "agencies": PLAN}
    files = {"upload": ("方案.txt", TEXT.encode(), "text/plain")}
    notice = "放假 2027-01-01 2027-01-03\n依據 國辦發明電〔2026〕1號\n"
    office.post_form("/settings/workdays/record", shown_on="/settings/workdays", text=notice)
    draft = office.post("/plans/drafts", data=fields, files=files).url.path
    office.post_form(f"{draft}/say", deed="take", about="1")
    machine = Browser(app, headers={"Authorization": f"Bearer {token}"})
    headers = {"Idempotency-Key": "1"}
    machine.post(f"/api/duties/{MINE}/do/comment", json={"text": "已悉"}, headers=headers)
    with app.state.desk.ledger.transaction() as tx:
        now = dt.datetime.now(dt.UTC)
        signin.start_trip(tx, hashlib.sha256(b"state").hexdigest(), "/", at=now, stale=now)
    app.state.desk.ledger.close()
    known = {"at": now.isoformat(), "user": CITY, "password": PASSWORD}
    known |= {"cookie": city.cookies.get("duban"), "token": token, "duty": MINE}
    (home / "known.json").write_text(json.dumps(known), encoding="utf-8")


def signed_in(app: Any, user: str) -> Browser:
    """Return a browser in which `user` has signed in, at the second try, and set a password."""
    browser = Browser(app)
    for password in ("mistaken", ONCE):
        browser.post_form("/sign-in", shown_on="/sign-in", user=user, password=password)
    browser.post_form("/sign-in/password", new=PASSWORD, again=PASSWORD)
    return browser


def empty_tables(home: Path) -> set[str]:
    """Return the tables that have no row in any office of `home`."""
    empty = set(TABLES)
    for file in home.rglob("duban.db"):
        engine = sa.create_engine(f"sqlite:///{file}")
        with engine.connect() as conn:
            empty -= {n for n, t in TABLES.items() if conn.execute(sa.select(t).limit(1)).first()}
        engine.dispose()
    return empty


def version() -> str:
    """Return the version in `pyproject.toml`."""
    text = (HERE.parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "(.+)"$', text, re.MULTILINE)
    assert found
    return found[1]


def main() -> None:
    """Make the home, refuse it while a table is empty, and pack it."""
    for name in [name for name in os.environ if name.startswith("DUBAN_")]:
        del os.environ[name]
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        os.environ["DUBAN_HOME"] = str(home)
        live(home)
        visit(home)
        with Ledger.open(load_settings()):
            assert not empty_tables(home), empty_tables(home)
        assert run(["verify"]) == 0
        target = Path(*sys.argv[1:] or [HERE]) / f"home-{version()}.tar.xz"
        with tarfile.open(target, "w:xz") as archive:
            for path in sorted(home.iterdir()):
                if path.name not in LEFT_OUT:
                    archive.add(path, arcname=path.name)
    print(f"{target}: {target.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
