"""Signing in with a provider on another site, in a real browser: out by our page, and back."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import subprocess
import sys

import pytest

from tests.browser.conftest import ROOT, _answers
from tests.desk.pages.provider import CLIENT, SECRET, Provider


@pytest.fixture
def provider():
    """A provider that is another site to the browser: localhost, not 127.0.0.1."""
    with Provider(lambda: dt.datetime.now(dt.UTC), "office/officer", host="localhost") as running:
        yield running


@pytest.fixture
def url(lived, home, provider):
    """Serve the demonstration with that provider set."""
    shutil.copytree(lived, home)
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{line.getsockname()[1]}"
    environ = {
        "DUBAN_HOME": str(home),
        "DUBAN_BASE_URL": url,
        "DUBAN_OIDC_ISSUER": provider.issuer,
        "DUBAN_OIDC_CLIENT": CLIENT,
        "DUBAN_OIDC_SECRET": SECRET,
    }
    words = [sys.executable, "-m", "desk.serve", url.rpartition(":")[2]]
    process = subprocess.Popen(words, cwd=ROOT, env={**os.environ, **environ})
    try:
        _answers(f"{url}/health")
        yield url
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.parametrize("script", [True, False])
def test_a_person_goes_out_and_comes_back_signed_in(chromium, url, script):
    context = chromium.new_context(base_url=url, java_script_enabled=script, locale="zh-TW")
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto("/sign-in?then=/account")
    page.click("form[action='/sign-in/oidc'] button")
    page.wait_for_url(f"{url}/account")

    assert page.locator("form[action='/sign-out']").count() == 1
    assert {c["name"] for c in context.cookies()} == {"duban", "duban-known"}
    assert complaints == []
    context.close()
