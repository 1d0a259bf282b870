"""The office records what an agency mailed: as its word, with its evidence, never closed alone."""

from __future__ import annotations

import re

import pytest

from ledger.duties import life
from tests.desk.visitors import TOKEN

REPORT = "guangdong-2013/18.going-abroad/foshan/2013-H2"
AT = f"/duty/{REPORT}/relay"


@pytest.fixture
def chen(signed_in):
    return signed_in("chen")


def test_a_mailed_report_is_recorded_as_the_agency_s_through_the_office(chen, desk_ledger):
    assert f'href="{AT}"' in chen.get(f"/duty/{REPORT}").text
    fields = {"of": "foshan", "source": "佛府函〔2014〕3號", "text": "已組織兩批"}
    receipt = chen.post_form(f"{AT}/progress", shown_on=AT, **fields)
    assert "佛山市人民政府報送，辦公室據「佛府函〔2014〕3號」代錄" in receipt.text
    with desk_ledger.read() as conn:
        remark = life.remarks(conn, REPORT)[-1]
    assert (remark.text, remark.said_by, remark.agency) == ("已組織兩批", "chen", "foshan")


def test_a_mailed_filing_brings_its_evidence_and_is_closed_by_another(chen, desk_ledger):
    page = chen.get(f"{AT}?deed=file").text
    token = TOKEN.search(page)[1]
    data = {"token": token, "of": "foshan", "source": "來件", "summary": "已完成"}
    label = re.search(r'name="(file-\w+)"', page)[1]
    files = {
        label: (
            "報告.pdf",
            b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n",
        )
    }
    refused = chen.post(f"{AT}/file", data={**data, "source": ""}, files=files)
    assert (refused.status_code, 'id="source-wrong"' in refused.text) == (422, True)
    answer = chen.post(f"{AT}/file", data=data, files=files)
    assert answer.status_code == 200, answer.text
    with desk_ledger.read() as conn:
        filing = life.submissions(conn, REPORT)[-1]
    assert (filing.filed_by, filing.agency, filing.source) == ("chen", "foshan", "來件")
    closed = chen.post_form(f"/duty/{REPORT}/do/close", shown_on=f"/duty/{REPORT}")
    assert closed.status_code == 422


def test_the_word_of_an_agency_without_a_part_is_refused(chen):
    fields = {"of": "shantou", "source": "來件", "text": "甲"}
    assert chen.post_form(f"{AT}/progress", shown_on=AT, **fields).status_code == 422


def test_nobody_else_records_for_another_and_no_other_deed_is_recorded_so(chen, signed_in):
    assert signed_in("foshan/officer").get(AT).status_code == 403
    assert chen.get(f"{AT}?deed=refuse").status_code == 404
