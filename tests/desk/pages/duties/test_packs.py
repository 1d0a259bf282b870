"""A pack is taken from the pages by whoever may see what it tells, and by nobody else."""

from __future__ import annotations

import zipfile

import pytest

from ledger.proof import verify

PLAN = "guangdong-2013"
COACHING = f"{PLAN}/35.coaching/dongguan/2013"  # performed by Dongguan, led by the department
PATH = f"/duty/{COACHING}/pack"


def verified(answer, folder):
    file = folder / "pack.zip"
    file.write_bytes(answer.content)
    return verify.check(file)


@pytest.mark.parametrize("user", ["he", "chen"])
def test_reviewer_and_office_take_the_whole_plan(signed_in, tmp_path, user):
    answer = signed_in(user).get("/audit/pack")
    assert answer.headers["content-type"] == "application/zip"
    verdict = verified(answer, tmp_path)
    assert verdict.ok
    assert verdict.entries > 1000


@pytest.mark.parametrize("user", ["li", "wu", "zhou", "lin"])
def test_nobody_else_takes_the_whole_plan(signed_in, user):
    assert signed_in(user).get("/audit/pack").status_code == 403


@pytest.mark.parametrize("user", ["he", "chen", "li", "wu", "lin"])
def test_whoever_oversees_leads_or_performs_takes_the_pack_of_a_duty(signed_in, tmp_path, user):
    browser = signed_in(user)
    assert PATH in browser.get(f"/duty/{COACHING}").text
    assert verified(browser.get(PATH), tmp_path).ok


def test_the_pack_of_anothers_duty_is_not_there(signed_in):
    assert signed_in("zhou").get(PATH).status_code == 404


def test_the_page_in_a_pack_speaks_the_language_of_who_takes_it(signed_in, tmp_path):
    browser = signed_in("li")
    browser.headers["Accept-Language"] = "en"
    verified(browser.get(PATH), tmp_path)
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        page = archive.read("summary.html").decode()
    assert '<html lang="en">' in page
    assert f"Pack: {COACHING}" in page


def test_markup_somebody_typed_is_text_in_the_page_of_a_pack(signed_in, tmp_path):
    browser = signed_in("li")
    sent = browser.post_form(
        f"/duty/{COACHING}/do/comment",
        shown_on=f"/duty/{COACHING}",
        text="<script>alert(1)</script>",
    )
    assert sent.status_code == 200
    verified(browser.get(PATH), tmp_path)
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        page = archive.read("summary.html").decode()
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
