"""Photographs and scans as they are kept: upright, of a reasonable size, without anything but the picture.

Pure: bytes in, bytes or a Problem out. Every picture is decoded and written anew, so what a camera noted about place,
time and owner, and whatever else hung on the file, is gone.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image

from accounts.problems import Problem

from .rules import MANUAL

#: A 50-megapixel camera's full picture; a small file that claims more is refused before it is unpacked.
MAX_PIXELS = 50_000_000
#: Longest side kept. An A4 page has 340 dots per inch at this size, an A3 page 240: both stay legible.
LONGEST = 4000
#: Quality of kept photographs: small print shows no rings at this level.
QUALITY = 90
THUMBNAIL = 320

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_PNG_MODES = ("L", "LA", "RGB", "RGBA")


@dataclass(frozen=True)
class Picture:
    """A picture as it is stored, and the small one that lists show (always JPEG)."""

    content: bytes
    thumbnail: bytes


def cleaned(*, name: str, content: bytes, kind: str) -> Picture | Problem:
    """The picture of type `kind` (image/jpeg or image/png) ready to be kept, or why the file `name` is refused."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of pictures that may be too large; the limit here is our own and lower.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    return _too_large(name, width, height)
                kept = _kept(image, kind)
        return Picture(_written(kept, kind), _thumbnail(kept))
    except Image.DecompressionBombError:
        return _too_large(name)
    except (
        Exception
    ):  # a decoder stumbles in many ways over a damaged file; all mean the same to its owner
        return Problem(
            "picture_damaged",
            f"“{name}”打不开，图片不完整或已损坏：请重新拍照、扫描，或重新导出后再上传。",
            MANUAL,
        )


def _too_large(name: str, width: int = 0, height: int = 0) -> Problem:
    found = f"有{width}×{height}个像素，" if width else "像素过多，"
    return Problem(
        "picture_pixels",
        f"“{name}”{found}超过{MAX_PIXELS // 10_000}万像素：请调低相机或扫描的分辨率再上传。",
        MANUAL,
    )


def _kept(image: Image.Image, kind: str) -> Image.Image:
    """Decoded, at most LONGEST on a side, upright, in a mode that its type can be written in, without notes."""
    turn = _UPRIGHT.get(_orientation(image))
    if kind == "image/png":
        image = _smooth(image)
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    image.load()
    if turn is not None:
        image = image.transpose(turn)
    if kind == "image/jpeg" and image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    image.info = {}
    return image


def _smooth(image: Image.Image) -> Image.Image:
    """In a mode whose shades survive scaling: palettes and black-and-white would lose thin strokes."""
    if image.mode.startswith("I"):  # 16-bit grey: converted as it is, everything would be white
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L") if max(image.size) > LONGEST else image
    return image if image.mode in _PNG_MODES else image.convert("RGB")


def _orientation(image: Image.Image) -> int:
    """How the camera was held (EXIF); 1, upright, where that cannot be read."""
    try:
        return image.getexif().get(_ORIENTATION, 1)
    except Exception:  # notes that cannot be read are no reason to refuse the picture
        return 1


def _written(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "image/jpeg":
        image.save(out, "JPEG", quality=QUALITY)
    else:
        image.save(out, "PNG")
    return out.getvalue()


def _thumbnail(image: Image.Image) -> bytes:
    """On white where the picture is transparent."""
    small = image.convert("RGBA")
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    ground = Image.new("RGB", small.size, "white")
    ground.paste(small, mask=small.getchannel("A"))
    out = io.BytesIO()
    ground.save(out, "JPEG", quality=80)
    return out.getvalue()
