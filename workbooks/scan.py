"""What a file really is and whether it may be parsed, before any parser sees it. Pure: bytes or a path in."""

import re
import zipfile
from pathlib import Path

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 150 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 500
#: Largest place of a cell that is read: column ZZ, row 99,999.
MAX_COLUMN_LETTERS = 2
MAX_ROW_DIGITS = 5
_CHUNK = 1024 * 1024
_OVERLAP = 64

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: A cell's or a row's place as every program writes it; one written otherwise meets the child's limits.
_TOO_FAR = re.compile(
    rb'r="(?:[A-Z]{%d}|[A-Z]{0,3}\d{%d})' % (MAX_COLUMN_LETTERS + 1, MAX_ROW_DIGITS + 1)
)
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)

SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再上传。"


def refuse_by_start(start: bytes, size: int) -> str:
    """Why a file is no workbook, from its first bytes and its size; empty when it may be one."""
    if size == 0:
        return "这是空文件：请重新选择。"
    if size > MAX_BYTES:
        return f"文件有{size / 1024 / 1024:.0f}MB，超过20MB：请分成几份，或删去图片后再上传。"
    if start.startswith(_ZIP):
        return ""
    if start.startswith(_OLE):
        return f"这是旧版 Excel（.xls）文件，或是加了打开密码的工作簿：请先取消密码。{SAVE_AS}"
    text = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if text.startswith(b"<"):
        return f"这是改了扩展名的网页（HTML 或 XML）文件，不是 Excel 工作簿。{SAVE_AS}"
    if b"," in text or b"\t" in text or b";" in text:
        return f"这是文本（CSV）文件，不是 Excel 工作簿。{SAVE_AS}"
    return f"这不是 Excel 工作簿（.xlsx）。{SAVE_AS}"


def refuse(path: Path) -> str:
    """Why a file is not parsed at all; empty when it may be."""
    with path.open("rb") as file:
        sentence = refuse_by_start(file.read(4096), path.stat().st_size)
    if sentence:
        return sentence
    try:
        with zipfile.ZipFile(path) as archive:
            return _refuse_entries(archive, path.stat().st_size) or _refuse_contents(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return f"文件已损坏或被加密，打不开。{SAVE_AS}"
    except Exception as error:  # zlib.error has no common base with the others
        if type(error).__name__ == "error":
            return f"文件已损坏，打不开。{SAVE_AS}"
        raise


def _refuse_entries(archive: zipfile.ZipFile, size: int) -> str:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MAX_ENTRIES or len(names) != len(entries):
        return "文件的内部结构不正常（部件过多或重复），已拒绝。请用 Excel 重新另存后再上传。"
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if packed > size or unpacked > MAX_UNPACKED or unpacked > max(MAX_RATIO * size, 5 * _CHUNK):
        return "文件解压后异常庞大，已拒绝。请删去多余的空行空列和图片，另存后再上传。"
    if any(entry.flag_bits & 1 for entry in entries):
        return f"工作簿加了密码：请取消密码。{SAVE_AS}"
    if "xl/workbook.xml" not in names:
        return f"这不是 Excel 工作簿（.xlsx），可能是 Word 文件、压缩包或其他格式。{SAVE_AS}"
    if any(name.startswith("xl/externalLinks/") for name in names):
        return "工作簿引用了别的文件（外部链接），其中的数不可靠：请在“数据 → 编辑链接”中断开链接，保存后再上传。"
    if any(name.lower().endswith((".bin", ".exe", ".dll")) and "vba" in name for name in names):
        return f"工作簿含有宏，不能接收。{SAVE_AS}"
    return ""


def _refuse_contents(archive: zipfile.ZipFile) -> str:
    """Read every XML part once, in pieces: declarations, and the places of cells."""
    read = 0
    for entry in archive.infolist():
        if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        is_sheet = entry.filename.startswith("xl/worksheets/")
        tail = b""
        with archive.open(entry) as part:
            while piece := part.read(_CHUNK):
                read += len(piece)
                if read > MAX_UNPACKED:
                    return "文件解压后异常庞大，已拒绝。"
                piece = tail + piece
                if b"<!" in piece and _DECLARATION.search(piece):
                    return "文件含有文档类型声明（DOCTYPE），不是 Excel 生成的，已拒绝。请用 Excel 另存后再上传。"
                if is_sheet and _TOO_FAR.search(piece):
                    return (
                        "表中有单元格在第10万行以后或ZZ列以后，已拒绝："
                        "请删去数据区以外的行和列（选中后右键“删除”），保存后再上传。"
                    )
                tail = piece[-_OVERLAP:]
    return ""
