"""A picture is kept upright, of a reasonable size, and without anything but the picture."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from accounts.problems import Problem
from elections import pictures
from elections.uploads import JPEG, PNG
from tests.factories.files import SECRET_PLACE, picture


def cleaned(content: bytes, kind: str = JPEG):
    return pictures.cleaned(name="照片.jpg", content=content, kind=kind)


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(("form", "kind"), [("JPEG", JPEG), ("PNG", PNG)])
def test_what_the_camera_noted_is_gone(form, kind):
    content = picture(form=form, notes=True)
    assert SECRET_PLACE in content

    kept = cleaned(content, kind)

    for stored in (kept.content, kept.thumbnail):
        image = opened(stored)
        assert SECRET_PLACE not in stored
        assert b"Exif" not in stored
        assert dict(image.getexif()) == {}
        assert not set(image.info) & {"exif", "comment", "icc_profile", "xmp", "photoshop"}


def test_what_hangs_on_the_end_of_a_picture_is_gone():
    kept = cleaned(picture() + b"<?php evil ?>")

    assert b"php" not in kept.content


def red_corner(image: Image.Image) -> tuple[str, str]:
    """Where the red quarter is."""
    image = image.convert("RGB")
    width, height = image.size
    for vertical, y in (("top", height // 4), ("bottom", height * 3 // 4)):
        for side, x in (("left", width // 4), ("right", width * 3 // 4)):
            red, green, _ = image.getpixel((x, y))
            if red > 200 and green < 80:
                return vertical, side
    raise AssertionError("no red quarter")


@pytest.mark.parametrize(
    ("orientation", "corner", "size"),
    [
        (1, ("top", "left"), (60, 40)),
        (2, ("top", "right"), (60, 40)),
        (3, ("bottom", "right"), (60, 40)),
        (4, ("bottom", "left"), (60, 40)),
        (5, ("top", "left"), (40, 60)),
        (6, ("top", "right"), (40, 60)),
        (7, ("bottom", "right"), (40, 60)),
        (8, ("bottom", "left"), (40, 60)),
        (9, ("top", "left"), (60, 40)),
    ],
)
def test_picture_is_turned_upright(orientation, corner, size):
    kept = cleaned(picture(orientation=orientation))

    for stored in (kept.content, kept.thumbnail):
        assert red_corner(opened(stored)) == corner
    assert opened(kept.content).size == size


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4000, 10), (4000, 10)),
        ((4001, 2000), (4000, 2000)),
        ((3000, 8000), (1500, 4000)),
    ],
)
def test_long_side_is_kept_up_to_its_limit(size, expected):
    assert opened(cleaned(picture(size)).content).size == expected


def test_small_picture_is_never_enlarged():
    kept = cleaned(picture((10, 8)))

    assert (opened(kept.content).size, opened(kept.thumbnail).size) == ((10, 8), (10, 8))


def test_thumbnail_is_small():
    kept = cleaned(picture((1600, 800)))

    assert (opened(kept.thumbnail).format, opened(kept.thumbnail).size) == ("JPEG", (320, 160))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_scans_of_every_mode_stay_legible(mode):
    image = Image.new("L", (40, 40), 255)
    image.paste(0, (0, 0, 20, 40))
    out = io.BytesIO()
    image.convert(mode).save(out, "PNG")

    grey = opened(cleaned(out.getvalue(), PNG).content).convert("L")

    assert grey.getpixel((5, 20)) < 10
    assert grey.getpixel((35, 20)) > 245


def test_thin_strokes_survive_scaling():
    """A black-and-white scan that is scaled down without grey loses every second line."""
    image = Image.new("1", (6000, 100), 1)
    for x in range(0, 6000, 3):
        image.paste(0, (x, 0, x + 1, 100))
    out = io.BytesIO()
    image.save(out, "PNG")

    kept = opened(cleaned(out.getvalue(), PNG).content)

    assert (kept.mode, kept.size) == ("L", (4000, 67))
    assert all(
        min(kept.getpixel((x, 30)) for x in range(at, at + 2)) < 220 for at in range(0, 3990, 2)
    )


def test_sixteen_bit_grey_keeps_its_shades():
    """Written as eight bits without thought, every shade above 255 would be white."""
    image = Image.new("I;16", (40, 40), 20_000)
    out = io.BytesIO()
    image.save(out, "PNG")

    assert opened(cleaned(out.getvalue(), PNG).content).getpixel((5, 5)) == 78


def test_print_colours_become_screen_colours():
    out = io.BytesIO()
    Image.new("CMYK", (20, 20), (0, 0, 0, 0)).save(out, "JPEG")

    kept = opened(cleaned(out.getvalue()).content)

    assert (kept.mode, kept.getpixel((5, 5))) == ("RGB", (255, 255, 255))


def test_transparent_palette_keeps_its_transparency():
    image = Image.new("P", (20, 20), 1)
    image.putpalette([0, 0, 0, 200, 0, 0])
    out = io.BytesIO()
    image.save(out, "PNG", transparency=1)

    kept = cleaned(out.getvalue(), PNG)

    assert opened(kept.content).getpixel((5, 5))[3] == 0
    assert opened(kept.thumbnail).getpixel((5, 5)) == (255, 255, 255)


def bomb(width: int, height: int) -> bytes:
    """A few bytes that claim to be a picture of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 100))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "size", [(10_000, 5_001), (12_000, 9_000), (20_000, 20_000), (2**31 - 1, 2**31 - 1)]
)
def test_bomb_is_refused_before_it_is_unpacked(size):
    found = cleaned(bomb(*size), PNG)

    assert found.code == "picture_pixels"
    assert found.message.startswith("“照片.jpg”")
    assert "5000万像素" in found.message


def test_as_many_pixels_as_allowed_are_taken():
    out = io.BytesIO()
    Image.new("1", (10_000, 5_000)).save(out, "PNG")

    assert opened(cleaned(out.getvalue(), PNG).content).size == (4000, 2000)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture((600, 400))[:2000], JPEG),
        (picture()[:20], JPEG),
        (picture(form="PNG")[:60], PNG),
        (b"\xff\xd8\xff\xe0", JPEG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (bomb(40, 40), PNG),
    ],
)
def test_damaged_picture_is_refused_by_name(content, kind):
    found = cleaned(content, kind)

    assert found.code == "picture_damaged"
    assert "“照片.jpg”打不开" in found.message


SAMPLES = [(picture(notes=True), JPEG), (picture(form="PNG", mode="RGBA"), PNG)]


@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(8, 400), st.integers(0, 255)), max_size=20),
)
def test_changed_bytes_never_break_the_page(sample, changes):
    """Whatever a transmission did to the file: a picture or a refusal."""
    content, kind = sample
    broken = bytearray(content)
    for place, byte in changes:
        broken[place % len(broken)] = byte

    found = cleaned(bytes(broken), kind)

    assert isinstance(found, pictures.Picture | Problem)
