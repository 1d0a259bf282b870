"""A PDF gives its lines without page headers and footers, and its ruled tables as items."""

from __future__ import annotations

import pytest

from catalog.reading.document.lines import paper
from tasks.documents.text import text_of
from tests.tasks.documents.test_text import ITEMS, ROWS

WIDE = "加快推进政务服务事项清单修订和公布工作并向社会公开"


def pdf(pages):
    """Return a PDF of pages of (words, x, y) and of ruled boxes (x, y, width, height)."""
    lines = [
        "\n".join(
            f"BT /F 12 Tf {each[1]} {each[2]} Td <{each[0].encode('utf-16-be').hex()}> Tj ET"
            if isinstance(each[0], str)
            else f"{' '.join(map(str, each))} re S"
            for each in page
        )
        for page in pages
    ]
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
            " /DescendantFonts [4 0 R] >>"
        ),
        (
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
            " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
        ),
    ]
    for n, words in enumerate(lines):
        objects += [
            (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {6 + 2 * n} 0 R"
                " /Resources << /Font << /F 3 0 R >> >> >>"
            ),
            f"<< /Length {len(words)} >>\nstream\n{words}\nendstream",
        ]
    body, starts = "%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        starts.append(len(body))
        body += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return f"{body}{end}startxref\n{len(body)}\n%%EOF\n".encode()


def said(pages):
    return paper(text_of(pdf(pages), place="x"), name="x").text.split("\n")


def test_lines_far_apart_are_still_one_paragraph():
    page = [(f"1.{WIDE}", 50, 700), ("并接受监督。", 50, 660), ("2.召开会议。", 50, 620)]
    assert said([page]) == [f"1.{WIDE}并接受监督。", "2.召开会议。"]


@pytest.mark.parametrize("foot", ["- {} -", "第{}页 共2页", "{}", "{}/2"])
def test_a_sentence_over_two_pages_goes_on_behind_the_number_of_the_page(foot):
    head = ("江河市人民政府公报", 250, 800)
    first = [head, (f"1.{WIDE}2024年6", 50, 100), (foot.format(1), 290, 40)]
    second = [head, ("月底前完成。", 50, 700), (foot.format(2), 290, 40)]
    assert said([first, second]) == [f"1.{WIDE}2024年6月底前完成。"]


def test_what_a_browser_prints_at_the_edges_is_no_text_of_the_document():
    page = [("2024/3/1, 4:28 PM", 50, 800), ("1.召开会议。", 50, 700), ("https://x.cn/a", 50, 40)]
    assert said([page]) == ["1.召开会议。"]


def ruled(rows, top):
    """Return a table with its rules, the cells 100 wide and 20 high."""
    for y, row in enumerate(rows):
        for x, words in enumerate(row):
            yield (50 + 100 * x, top - 20 * y, 100, 20)
            yield (words, 52 + 100 * x, top - 20 * y + 4)


def test_a_frame_around_words_is_no_table():
    frame = [(40, 600, 200, 180), (240, 600, 200, 180)]
    page = [*frame, (f"1.{WIDE}", 50, 700), ("并接受监督。", 50, 660)]
    assert said([page]) == [f"1.{WIDE}并接受监督。"]


def test_a_ruled_table_over_two_pages_gives_each_row_as_an_item():
    first = [("重点任务", 50, 750), *ruled(ROWS[:2], 700)]
    second = [*ruled(ROWS[2:], 780)]
    assert said([first, second]) == ["重点任务", *ITEMS]
