"""A file is what its content says, not what its name says."""

import io

import pytest

from elections import uploads
from tests.factories.files import DOCX, PDF, XLSX, package

JPEG, PNG = b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"


def content_type(name: str, content: bytes, size: int | None = None):
    size = len(content) if size is None else size
    found = uploads.content_type(name=name, size=size, file=io.BytesIO(content))
    return getattr(found, "code", found)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("公示.jpg", JPEG, uploads.JPEG),
        ("公示.JPEG", JPEG, uploads.JPEG),
        ("公示.png", PNG, uploads.PNG),
        ("批复.pdf", PDF, uploads.PDF),
        ("批复.docx", DOCX, uploads.DOCX),
        ("名册.XLSX", XLSX, uploads.XLSX),
        # The two kinds of picture are told apart by content: messengers rename one to the other.
        ("公示.jpg", PNG, uploads.PNG),
        ("公示.png", JPEG, uploads.JPEG),
        ("批复.pdf", b"", "file_empty"),
        ("批复.pdf", JPEG, "file_content"),
        ("公示.jpg", PDF, "file_content"),
        ("木马.exe", b"MZ", "file_type"),
        ("木马.pdf", b"MZ", "file_content"),
        ("木马.docx", b"MZ", "file_content"),
        ("页面.html", b"<html>", "file_type"),
        ("图.svg", b"<svg", "file_type"),
        ("没有扩展名", PDF, "file_type"),
        ("压缩包.docx", package("a.txt"), "file_content"),
        ("压缩包.xlsx", package("[Content_Types].xml"), "file_content"),
        ("只有正文.docx", package("word/document.xml"), "file_content"),
        ("表格.docx", XLSX, "file_content"),
        ("文档.xlsx", DOCX, "file_content"),
        ("文档.pdf", DOCX, "file_content"),
        ("断了.docx", DOCX[: len(DOCX) // 2], "file_damaged"),
        ("只有开头.xlsx", b"PK\x03\x04", "file_damaged"),
        (
            "带宏.docx",
            package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "file_macro",
        ),
    ],
)
def test_content_type(name, content, expected):
    assert content_type(name, content) == expected


@pytest.mark.parametrize(("more", "expected"), [(0, uploads.PDF), (1, "file_size")])
def test_twenty_megabytes_are_the_most(more, expected):
    assert content_type("批复.pdf", PDF, uploads.MAX_BYTES + more) == expected


# Named: an archive has the time of its making in it, and the workers of one run must find the same tests.
@pytest.mark.parametrize(
    "content",
    [b"MZ", DOCX[:40], b"", b"\x00"],
    ids=["program", "half an archive", "nothing", "a zero"],
)
def test_every_refusal_names_the_file(content):
    found = uploads.content_type(name="换届表.docx", size=len(content), file=io.BytesIO(content))

    assert "“换届表.docx”" in found.message
