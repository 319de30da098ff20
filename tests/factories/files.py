"""Files as people upload them: pictures with what cameras note, office files, broken ones. All drawn here."""

import io
import zipfile

from PIL import Image

#: Planted in a picture's notes; must never be found in what is stored.
SECRET_PLACE = b"SECRETPLACE"
PDF = b"%PDF-1.7 example"


def picture(
    size=(60, 40), *, form="JPEG", mode="RGB", orientation: int | None = None, notes: bool = False
) -> bytes:
    """A picture, red in its upper left quarter, white elsewhere. `notes`: with a place (GPS), an owner, a comment."""
    image = Image.new(mode, size, "white")
    image.paste("red" if mode.startswith("RGB") else 0, (0, 0, size[0] // 2, size[1] // 2))
    more: dict = {}
    if orientation or notes:
        exif = Image.Exif()
        if orientation:
            exif[0x0112] = orientation
        if notes:
            exif[0x010F] = SECRET_PLACE.decode()
            exif.get_ifd(0x8825).update(
                {1: "N", 2: (34.0, 5.0, 12.0), 3: "E", 4: (119.0, 18.0, 9.0)}
            )
        more["exif"] = exif
    if notes and form == "JPEG":
        more["comment"] = SECRET_PLACE
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def package(*parts: str) -> bytes:
    """A zip archive with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(part, "<x/>")
    return out.getvalue()


DOCX = package("[Content_Types].xml", "_rels/.rels", "word/document.xml")
XLSX = package("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")
