"""Each kind of document gives its text; one without text is refused in one line."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from docx.oxml import OxmlElement
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.errors import DubanError, InvalidError, NotFoundError
from tasks.documents.reading import read
from tasks.documents.text import LARGEST, text_of

WORDS = "一、提升政务服务\n1.推进“一网通办”。6月底前完成。（市商务局、市财政局）"
ROWS = [
    ["序号", "工作任务", "牵头单位", "完成时限"],
    ["1", "制定办法", "市商务局", "6月底前"],
    ["2", "建设平台", "市财政局", "年底前"],
]
ITEMS = [
    "1.制定办法。",
    "牵头单位:市商务局",
    "完成时限:6月底前",
    "2.建设平台。",
    "牵头单位:市财政局",
    "完成时限:年底前",
]


def word(paragraphs=(), rows=()):
    document = Document()
    for paragraph in paragraphs:
        text, style = paragraph if isinstance(paragraph, tuple) else (paragraph, None)
        document.add_paragraph(text, style)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def pdf(lines):
    """Return a PDF of one page in a font every reader has; no lines, and it is a blank picture."""
    words = "".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -20 Td " for line in lines)
    content = f"BT /F 12 Tf 50 700 Td {words}ET" if lines else "0 0 100 100 re f"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            " /Resources << /Font << /F 5 0 R >> >> >>"
        ),
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
            " /DescendantFonts [6 0 R] >>"
        ),
        (
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
            " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
        ),
    ]
    body, starts = "%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        starts.append(len(body))
        body += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    end = f"xref\n0 7\n0000000000 65535 f \n{table}trailer\n<< /Size 7 /Root 1 0 R >>\n"
    return f"{body}{end}startxref\n{len(body)}\n%%EOF\n".encode()


def lines(data):
    return [line for line in text_of(data, place="x").split("\n") if line.strip()]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_plain_text_is_read_in_its_own_encoding(code):
    assert text_of(WORDS.encode(code), place="x") == WORDS


def test_traditional_text_in_big5_is_read():
    traditional = "一、提升政務服務\n1.每年召開會議。(市商務局、市財政局負責)"
    assert text_of(traditional.encode("big5"), place="x") == traditional


def test_a_word_document_gives_its_paragraphs_and_each_row_of_its_table_as_an_item():
    assert lines(word(WORDS.split("\n"), ROWS)) == [*WORDS.split("\n"), *ITEMS]


def test_a_number_that_word_counts_is_read_as_it_is_shown():
    data = word([("推进通办", "List Number"), ("压减时间", "List Number")])
    assert lines(data) == ["1.推进通办", "2.压减时间"]


def test_a_web_page_gives_what_is_seen_of_it():
    cells = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in ROWS)
    head = "<head><title>t</title></head>"
    body = f"<script>x</script><h1>方案</h1><p>一、<b>总则</b></p><table>{cells}</table>"
    page = f"<html>{head}<body>{body}</body></html>"
    assert lines(page.encode("gb18030")) == ["方案", "一、总则", *ITEMS]


def test_preformatted_text_keeps_its_lines():
    assert lines(b"<html><body><pre>1.x\n2.y</pre></body></html>") == ["1.x", "2.y"]


def test_a_cell_over_several_rows_stands_in_each_of_them():
    page = """<html><body><table><tr><td>任务</td><td>责任单位</td></tr>
      <tr><td>甲</td><td rowspan=2>市商务局</td></tr><tr><td>乙</td></tr></table></body></html>"""
    assert lines(page.encode()) == ["1.甲。", "责任单位:市商务局", "2.乙。", "责任单位:市商务局"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [["序 号", "任 务", "责 任 单 位"], ["1", "1.制定办法；", "市商务局"]],
            ["1.制定办法。", "责任单位:市商务局"],
        ),
        (
            [
                ["项目名称", "工作内容", "责任分工", "责任分工"],
                ["项目名称", "工作内容", "牵头单位", "配合单位"],
                ["城市更新", "新建公园", "市住建局", "市财政局"],
                ["城市更新", "改造道路", "市住建局", ""],
            ],
            [
                "一、城市更新",
                "1.新建公园。",
                "牵头单位:市住建局",
                "配合单位:市财政局",
                "2.改造道路。",
                "牵头单位:市住建局",
            ],
        ),
        (
            [["任务", "责任单位", "完成时限"], ["改造", "市住建局", "1.2024年8月\n2.2024年12月"]],
            ["1.改造。", "责任单位:市住建局", "完成时限:2024年8月 ;2024年12月"],
        ),
    ],
)
def test_a_table_is_read_as_its_columns_say(rows, told):
    assert lines(word(rows=rows)) == told
    assert lines("\n".join("\t".join(r).replace("\n", " ") for r in rows).encode()) == told


def test_more_than_ten_groups_of_a_table_keep_their_headings():
    groups = [
        row for n in range(11, 23) for row in ([f"第{n}类"] * 3, ["1", f"任务{n}", "市商务局"])
    ]
    read = lines(word(rows=[["序号", "任务", "责任单位"], *groups]))
    assert [line for line in read if "、" in line][-2:] == ["十一、第21类", "十二、第22类"]


def test_names_in_one_cell_are_parted_by_its_line_breaks():
    page = "<html><body><table><tr><td>任务</td><td>责任单位</td></tr>"
    page += "<tr><td>甲</td><td>市商务局<br>市财政局</td></tr></table></body></html>"
    assert lines(page.encode()) == ["1.甲。", "责任单位:市商务局 市财政局"]


def test_what_was_inserted_with_changes_shown_is_read_and_what_was_deleted_is_not():
    document = Document()
    paragraph = document.add_paragraph("1.召开会议")
    inserted, deleted = (OxmlElement(f"w:{name}") for name in ("ins", "del"))
    for change, words in ((inserted, "w:t"), (deleted, "w:delText")):
        run, text = OxmlElement("w:r"), OxmlElement(words)
        text.text = "两次" if words == "w:t" else "三次"
        run.append(text)
        change.append(run)
        paragraph._p.append(change)
    saved = io.BytesIO()
    document.save(saved)
    assert lines(saved.getvalue()) == ["1.召开会议两次"]


def test_a_pdf_gives_its_lines():
    assert lines(pdf(WORDS.split("\n"))) == WORDS.split("\n")


def broken_word():
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as parts:
        parts.writestr("word/document.xml", "<broken")
    return saved.getvalue()


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "document-empty"),
        (b" \n ", "document-empty"),
        (pdf([]), "document-empty"),
        (word(), "document-empty"),
        (b"\x00\x01\x02\xff\xfe" * 100, "document-kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "document-kind"),
        (b"PK\x03\x04 broken", "document-unreadable"),
        (broken_word(), "document-unreadable"),
        (b"%PDF-1.4 broken", "document-unreadable"),
    ],
)
def test_what_holds_no_text_is_refused(data, key):
    with pytest.raises(InvalidError) as refused:
        text_of(data, place="x")
    assert refused.value.key == key
    assert "\n" not in str(refused.value)


@given(st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4\n", b"<html>"]), st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused(start, data):
    try:
        text = text_of(start + data, place="x")
    except DubanError as error:
        text = str(error)
    assert text.strip()


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path):
    with pytest.raises(NotFoundError):
        read(tmp_path / "none.txt")
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(InvalidError, match="bytes"):
        read(large)
