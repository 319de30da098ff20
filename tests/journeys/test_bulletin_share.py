"""A bulletin goes into a chat group: as a picture drawn by the browser, as text copied without the clipboard's permission."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from reporting.services.bulletins import produce_bulletin


@pytest.fixture
def bulletin(stack, own_campaign):
    own = own_campaign("张店镇")
    at = timezone.now() - timedelta(days=1)
    with stack.orm():
        return produce_bulletin(campaign=own, day=timezone.localdate(at), at=at)


def path(bulletin) -> str:
    return f"/campaigns/{bulletin.campaign_id}/bulletins/{bulletin.issue}/"


def test_picture_is_saved_as_a_png_that_is_not_blank(bulletin, desk):
    page = desk("zuzhibu").open(path(bulletin)).page
    save = page.locator("[data-picture-save]")
    page.locator("[data-drawn=yes]").wait_for()
    save.focus()
    with page.expect_download() as arrived:
        page.keyboard.press("Enter")

    download = arrived.value
    assert download.suggested_filename.startswith("张店镇先行换届简报第1期")
    content = download.path().read_bytes()
    assert content.startswith(b"\x89PNG")
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    assert picture.width == 1080
    assert picture.height > 600
    colours = {colour for _, colour in picture.getcolors(1 << 20)}
    assert {(255, 255, 255), (159, 29, 32)} < colours
    # Letters have edges of many shades; every third of the picture has some.
    height = picture.height // 3
    for third in range(3):
        part = picture.crop((0, third * height, 1080, (third + 1) * height))
        assert len(part.getcolors(1 << 20)) > 50
    label = page.locator("canvas.bulletin-picture").get_attribute("aria-label")
    assert "应换届" in label and "未上报日报：张店镇" in label


def test_text_is_copied_where_the_clipboard_is_refused(bulletin, desk):
    page = desk("zuzhibu").page
    page.add_init_script(
        "navigator.clipboard.writeText = () => Promise.reject(new DOMException('NotAllowedError'))"
    )
    page.goto(path(bulletin))
    page.locator("[data-copy='#chat-text']").click()
    page.get_by_role("button", name="已复制").wait_for()

    page.locator("#bar-q").focus()
    page.keyboard.press("Control+V")
    assert page.locator("#bar-q").input_value().startswith("【张店镇先行换届简报第1期】")
