"""A file is what its first bytes say, not what its name says."""

import pytest

from elections import uploads

JPEG, PNG, PDF, ZIP = b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"PK\x03\x04"


@pytest.mark.parametrize(
    ("name", "head", "size", "expected"),
    [
        ("公示.jpg", JPEG, 10, "image/jpeg"),
        ("公示.JPEG", JPEG, 10, "image/jpeg"),
        ("公示.png", PNG, 10, "image/png"),
        ("批复.pdf", PDF, 10, "application/pdf"),
        ("批复.pdf", PDF, uploads.MAX_BYTES, "application/pdf"),
        ("批复.pdf", PDF, uploads.MAX_BYTES + 1, "file_size"),
        ("批复.pdf", b"", 0, "file_empty"),
        ("批复.pdf", JPEG, 10, "file_content"),
        ("木马.exe", b"MZ", 10, "file_type"),
        ("木马.pdf", b"MZ", 10, "file_content"),
        ("页面.html", b"<html>", 10, "file_type"),
        ("图.svg", b"<svg", 10, "file_type"),
        ("没有扩展名", PDF, 10, "file_type"),
    ],
)
def test_content_type(name, head, size, expected):
    found = uploads.content_type(name=name, head=head, size=size)

    assert getattr(found, "code", found) == expected


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_office_files_are_recognised(ending):
    found = uploads.content_type(name=f"表.{ending}", head=ZIP, size=10)

    assert found.startswith("application/vnd.openxmlformats")
