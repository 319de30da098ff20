"""What an uploaded file really is, by its first bytes. Pure: bytes and a name in, a type or a Problem out."""

from accounts.problems import Problem

from .rules import MANUAL

MAX_BYTES = 20 * 1024 * 1024

_ZIP = b"PK\x03\x04"
_TYPES = {
    "jpg": (b"\xff\xd8\xff", "image/jpeg"),
    "jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "pdf": (b"%PDF-", "application/pdf"),
    "docx": (_ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (_ZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
#: For the browser: picture types by name, so that a phone offers its camera and converts its own format.
ACCEPT = "image/jpeg,image/png,.jpg,.jpeg,.png,.pdf,.docx,.xlsx"


def content_type(*, name: str, head: bytes, size: int) -> str | Problem:
    """The content type of a file from its name, first bytes and size (bytes), or why it is refused."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in _TYPES:
        return Problem(
            "file_type", f"“{name}”不是可接受的文件：请上传 jpg、png、pdf、docx 或 xlsx。", MANUAL
        )
    if size > MAX_BYTES:
        return Problem(
            "file_size", f"“{name}”有{size / 1024 / 1024:.1f}MB，超过20MB：请压缩后再上传。", MANUAL
        )
    if size == 0:
        return Problem("file_empty", f"“{name}”是空文件：请重新选择。", MANUAL)
    magic, kind = _TYPES[ending]
    if not head.startswith(magic):
        return Problem(
            "file_content", f"“{name}”的内容与扩展名不符：请上传原始文件，不要改扩展名。", MANUAL
        )
    return kind
