from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.duties import zip_safety
from catalog.duties.file_types import DOCX, EXTENSIONS, JPEG, OFD, PDF, PNG, XLSX, media_type
from catalog.errors import InvalidError

PDF_FILE = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
PNG_FILE = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(17)
JPEG_FILE = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(32) + b"\xff\xd9"
MACROS = "application/vnd.ms-word.document.macroEnabled"


def packed(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return whole.getvalue()


def types(*given: str) -> str:
    parts = "".join(f'<Override PartName="/{n}" ContentType="{t}"/>' for n, t in enumerate(given))
    return f'<?xml version="1.0"?><Types xmlns="http://x/content-types">{parts}</Types>'


def office(kind: str = DOCX, **parts: bytes | str) -> bytes:
    return packed(
        {"[Content_Types].xml": types(f"{kind}.main+xml"), "word/document.xml": "<a/>"} | parts
    )


def ofd(index: str = '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>') -> bytes:
    return packed({"OFD.xml": index, "Doc_0/Document.xml": "<a/>"})


def doubled() -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as zipped:
        zipped.writestr("[Content_Types].xml", types(f"{DOCX}.main+xml"))
        with pytest.warns(UserWarning, match="Duplicate"):
            zipped.writestr("[Content_Types].xml", types(f"{DOCX}.main+xml"))
    return whole.getvalue()


def encrypted() -> bytes:
    """Set the flag of encryption on every part, in both places a part is described."""
    whole = bytearray(office())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = whole.find(signature)
        while place >= 0:
            whole[place + at] |= 1
            place = whole.find(signature, place + 4)
    return bytes(whole)


def lying() -> bytes:
    """Declare a part of 8 MB as one of 8 bytes."""
    size = 8 * zip_safety.MB
    whole = bytearray(office(**{"word/big.xml": bytes(size)}))
    return bytes(whole).replace(struct.pack("<I", size), struct.pack("<I", 8))


def nested(depth: int) -> bytes:
    inner = packed({"a.txt": "a"}, zipfile.ZIP_STORED)
    for _ in range(depth - 1):
        inner = packed({"inner.zip": inner}, zipfile.ZIP_STORED)
    return office(**{"word/embeddings/a.xlsx": inner})


def refused(name: str, content: bytes) -> str:
    with pytest.raises(InvalidError) as caught:
        media_type(name, io.BytesIO(content))
    assert caught.value.values["place"] == name
    assert name in str(caught.value)
    return caught.value.key


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("紀要.pdf", PDF_FILE, PDF),
        ("紀要.PDF", PDF_FILE, PDF),
        ("紀要.docx", office(), DOCX),
        ("簽到.xlsx", office(XLSX), XLSX),
        ("公文.ofd", ofd(), OFD),
        ("照片.jpg", JPEG_FILE, JPEG),
        ("照片.jpeg", JPEG_FILE, JPEG),
        ("照片.png", PNG_FILE, PNG),
        ("圖表.docx", nested(1), DOCX),
    ],
)
def test_a_file_is_what_its_bytes_and_its_name_say(name, content, kind):
    assert media_type(name, io.BytesIO(content)) == kind


def test_every_type_taken_has_its_endings():
    endings = [ending for some in EXTENSIONS.values() for ending in some]

    assert sorted(endings) == ["docx", "jpeg", "jpg", "ofd", "pdf", "png", "xlsx"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"<html><script>alert(1)</script></html>"),
        ("a.pdf", b"<html>%PDF-1.4 %%EOF"),
        ("a.pdf", b"\r\n%PDF-1.4 %%EOF"),
        ("a.png", b"GIF89a"),
        ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
        ("a.jpg", b"MZ\x90\0"),
        ("a.zip", packed({"a.txt": "a"})),
        ("a.docx", packed({"word/document.xml": "<a/>"})),
        ("a.docx", packed({"[Content_Types].xml": types("text/xml")})),
        ("a.docx", packed({"[Content_Types].xml": types(f"{DOCX}.main+xml", f"{XLSX}.main+xml")})),
        ("a.docx", packed({"[content_types].xml": types(f"{DOCX}.main+xml")})),
        ("a.ofd", packed({"OFD.xml": "<html/>"})),
        (
            "a.ofd",
            packed({"OFD.xml": "<OFD/>", "[Content_Types].xml": types(f"{XLSX}.x.main+xml")}),
        ),
    ],
)
def test_what_is_not_on_the_list_is_not_taken(name, content):
    assert refused(name, content) == "evidence-type"


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("a.docx", PDF_FILE, "evidence-extension"),
        ("a.pdf", office(), "evidence-extension"),
        ("pdf", PDF_FILE, "evidence-extension"),
        ("a.pdf.exe", PDF_FILE, "evidence-extension"),
        ("a.pdf", PDF_FILE[:-6], "evidence-broken"),
        ("a.docx", office()[:-30], "evidence-broken"),
        ("a.docx", office()[:200], "evidence-broken"),
        ("a.docx", b"PK\x03\x04" + bytes(100), "evidence-broken"),
        ("a.docx", doubled(), "evidence-broken"),
        ("a.docx", lying(), "evidence-broken"),
        ("a.docx", packed({"[Content_Types].xml": "<Types"}), "evidence-broken"),
        (
            "a.docx",
            packed({"[Content_Types].xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "evidence-broken",
        ),
        ("a.docx", packed({"a": "b"}, zipfile.ZIP_LZMA), "evidence-broken"),
        ("a.docx", encrypted(), "evidence-encrypted"),
        ("a.docx", office(**{"word/vbaProject.bin": b"x"}), "evidence-macros"),
        ("a.docx", office(**{"word/VBAProject.BIN": b"x"}), "evidence-macros"),
        (
            "a.docm",
            packed({"[Content_Types].xml": types(f"{MACROS}.main+xml")}),
            "evidence-macros",
        ),
        (
            "a.docx",
            packed(
                {"[Content_Types].xml": types(f"{DOCX}.main+xml", MACROS.replace("ac", "&#97;c"))}
            ),
            "evidence-macros",
        ),
        (
            "a.xlsx",
            office(XLSX, **{"xl/embeddings/b.xlsx": packed({"xl/vbaProject.bin": b"x"})}),
            "evidence-macros",
        ),
        ("a.docx", nested(2), "evidence-nested"),
        ("a.docx", office(**{"word/zeros.bin": bytes(4 * zip_safety.MB)}), "evidence-unfolds"),
        ("a.docx", packed({f"{n}": "" for n in range(2001)}), "evidence-parts"),
    ],
)
def test_what_cannot_be_read_or_can_run_is_refused_by_its_reason(name, content, key):
    assert refused(name, content) == key


def test_the_sizes_of_all_parts_count_together(monkeypatch):
    monkeypatch.setattr(zip_safety, "LARGEST_TOTAL", 1000)

    assert refused("a.docx", office(a=bytes(600), b=bytes(600))) == "evidence-unfolds"


def test_an_index_that_points_before_the_file_is_refused_on_a_real_file_too(tmp_path):
    whole = bytearray(office())
    place_of_index = whole.rfind(b"PK\x05\x06") + 16
    whole[place_of_index + 3] = 1
    (tmp_path / "a.docx").write_bytes(whole)

    with (
        (tmp_path / "a.docx").open("rb") as content,
        pytest.raises(InvalidError, match="broken"),
    ):
        media_type("a.docx", content)


@given(st.sampled_from([office(), ofd(), nested(1)]), st.data())
def test_a_damaged_archive_is_refused_and_never_a_defect(whole, data):
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(4, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        media_type("a.docx", io.BytesIO(bytes(damaged)))
    except InvalidError as error:
        assert error.key.startswith("evidence-")  # noqa: PT017  either outcome is right


def test_a_type_of_macros_that_no_part_has_is_no_macro():
    unused = '<Default Extension="bin" ContentType="application/vnd.ms-excel.macroEnabled.main"/>'
    index = types(f"{XLSX}.main+xml").replace("</Types>", f"{unused}</Types>")
    assert media_type("a.xlsx", io.BytesIO(packed({"[Content_Types].xml": index}))) == XLSX
    with pytest.raises(InvalidError) as refused:
        media_type("a.xlsx", io.BytesIO(packed({"[Content_Types].xml": index, "xl/a.BIN": "x"})))
    assert refused.value.key == "evidence-macros"
