"""What an uploaded file really is, by its content. Pure: a file and its name in, a type or a Problem out."""

import zipfile
from typing import BinaryIO

from accounts.problems import Problem

from .rules import MANUAL

MAX_BYTES = 20 * 1024 * 1024

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet"
PICTURES = (JPEG, PNG)

#: First bytes → type.
_MAGIC = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG, b"%PDF-": PDF}
_ZIP = b"PK\x03\x04"
#: The part that makes an office file what it is.
_MAIN_PART = {DOCX: "word/document", XLSX: "xl/workbook"}
#: Ending → the types it may hold. Phones and messengers mix up the two kinds of picture.
_ENDINGS = {
    "jpg": PICTURES,
    "jpeg": PICTURES,
    "png": PICTURES,
    "pdf": (PDF,),
    "docx": (DOCX,),
    "xlsx": (XLSX,),
}
#: For the browser: picture types by name, so that a phone offers its camera and converts its own format.
ACCEPT = "image/jpeg,image/png,.jpg,.jpeg,.png,.pdf,.docx,.xlsx"


def content_type(*, name: str, size: int, file: BinaryIO) -> str | Problem:
    """The content type of a file from its name, size (bytes) and content, or why it is refused."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in _ENDINGS:
        return Problem(
            "file_type", f"“{name}”不是可接受的文件：请上传 jpg、png、pdf、docx 或 xlsx。", MANUAL
        )
    if size > MAX_BYTES:
        return Problem(
            "file_size", f"“{name}”有{size / 1024 / 1024:.1f}MB，超过20MB：请压缩后再上传。", MANUAL
        )
    if size == 0:
        return Problem("file_empty", f"“{name}”是空文件：请重新选择。", MANUAL)
    found = _found(file)
    if isinstance(found, Problem):
        return Problem(found.code, f"“{name}”{found.message}", found.citation)
    if found not in _ENDINGS[ending]:
        return Problem(
            "file_content", f"“{name}”的内容与扩展名不符：请上传原始文件，不要改扩展名。", MANUAL
        )
    return found


def _found(file: BinaryIO) -> str | Problem | None:
    """The type by content; None for none of ours."""
    head = file.read(16)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    return _office(file) if head.startswith(_ZIP) else None


def _office(file: BinaryIO) -> str | Problem | None:
    """Word or Excel by the parts in the package, of which only the list is read; None for any other archive."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = [part.lower() for part in package.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return Problem("file_damaged", "打不开，文件不完整或已损坏：请重新保存后再上传。", MANUAL)
    if any(part.endswith("vbaproject.bin") for part in parts):
        return Problem("file_macro", "含有宏：请另存为不含宏的文件再上传。", MANUAL)
    if "[content_types].xml" not in parts:
        return None
    for kind, main in _MAIN_PART.items():
        if any(part.startswith(main) and part.endswith(".xml") for part in parts):
            return kind
    return None
