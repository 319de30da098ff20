"""大屏 on a wall of 1920 × 1080: everything in sight and legible, the server's time, a broken line, a session that ended."""

import re

import pytest
from playwright.sync_api import expect

from demo.scenario import PASSWORD
from reporting.selectors.screen import LINES
from tests.journeys.desk import Desk

WALL = {"width": 1920, "height": 1080}
#: Every element of the shown panel, the head and the foot with a text of its own: its words, box, size and contrast.
TEXTS = """() => {
  const channel = (c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const rgb = (css) => css.match(/[\\d.]+/g).map(Number);
  const light = (css) => { const [r, g, b] = rgb(css).map(channel); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (rgb(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll(".wall *")].flatMap((node) => {
    const words = [...node.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join("");
    if (!words || !node.checkVisibility({ visibilityProperty: true })) return [];
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const style = getComputedStyle(node);
    const [a, b] = [light(style.color), light(behind(node))].sort((x, y) => y - x);
    const clips = style.textOverflow === "ellipsis";
    return [{ words, size: parseFloat(style.fontSize), contrast: (a + 0.05) / (b + 0.05),
      box: clips ? [box.left, box.top, box.left, box.bottom] : [box.left, box.top, box.right, box.bottom] }];
  });
}"""
#: Boxes of a panel that are smaller than what they hold.
OVERFLOWS = """() => [...document.querySelectorAll(".wall, .wall-panel.is-on, .wall-panel.is-on .wall-box, .wall-foot > *")]
  .filter((node) => node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1)
  .map((node) => `${node.className}: ${node.scrollWidth} × ${node.scrollHeight} in ${node.clientWidth} × ${node.clientHeight}`)"""


@pytest.fixture
def wall(stack, campaign, page) -> Desk:
    page.set_viewport_size(WALL)
    return Desk(page, "lingdao", PASSWORD).open(f"/campaigns/{campaign.pk}/screen/")


def title(desk: Desk) -> str:
    return desk.page.locator(".wall-panel.is-on").get_attribute("data-title")


def look(desk: Desk) -> None:
    """What stands on the wall now is inside it, large, and clear against its ground."""
    # One panel fades into the next.
    desk.page.evaluate(
        "Promise.allSettled(document.getAnimations().map(fading => fading.finished))"
    )
    texts = desk.page.evaluate(TEXTS)
    assert len(texts) > 20
    outside = [
        text
        for text in texts
        if not (
            0 <= text["box"][0] <= text["box"][2] <= WALL["width"]
            and 0 <= text["box"][1] <= text["box"][3] <= WALL["height"]
        )
    ]
    assert outside == []
    assert [text for text in texts if text["size"] < 20] == []
    assert [text for text in texts if text["contrast"] < 7] == []
    assert desk.page.evaluate(OVERFLOWS) == []
    root = "document.documentElement"
    assert desk.page.evaluate(f"[{root}.scrollWidth, {root}.scrollHeight]") == [1920, 1080]


def ask_again(page) -> None:
    """Have the wall ask now, and wait until it has dealt with the answer."""
    with page.expect_response(lambda answer: "part=1" in answer.url):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-wall-panels]")).to_have_attribute("aria-busy", "false")


def test_every_panel_fits_the_wall_and_is_legible_from_afar(wall, tmp_path):
    seen = []
    for _ in range(3):
        look(wall)
        wall.page.screenshot(path=tmp_path / f"{title(wall)}.png")
        seen.append(title(wall))
        wall.page.keyboard.press("ArrowRight")
    assert seen == ["总体", "环节", "乡镇排名"]
    assert title(wall) == "总体"
    sizes = wall.page.locator(".wall-large, .wall-huge").evaluate_all(
        "nodes => nodes.map(node => parseFloat(getComputedStyle(node).fontSize))"
    )
    assert min(sizes) >= 64


@pytest.mark.parametrize(("number", "kind"), [("888", ""), ("620573", "is-many")])
def test_fullest_ranking_and_largest_figures_fit(wall, number, kind):
    """As many lines as a panel takes, a long name, the largest figures of a county and of the nation everywhere."""
    ask_again(wall.page)
    wall.page.keyboard.press(" ")
    wall.page.evaluate(
        """([lines, number, kind]) => {
          const body = document.querySelector(".wall-ranking tbody");
          while (body.rows.length < lines) body.append(body.rows[0].cloneNode(true));
          body.rows[1].querySelector("th span").textContent = "克孜勒苏柯尔克孜自治州经济技术开发区街道办事处";
          const set = (where, words) => document.querySelectorAll(where).forEach((node) => { node.firstChild.data = words; });
          set("[data-stage], [data-figure]", number);
          set(".wall-bar b", `${number}/${number}`);
          set(".wall-stages small, .wall-hero .wall-note", `100.0%（${number}/${number}）`);
          if (kind) document.querySelectorAll(".wall-panel:not(.wall-overall)").forEach((panel) => panel.classList.add(kind));
        }""",
        [LINES, number, kind],
    )
    for _ in range(3):
        look(wall)
        wall.page.keyboard.press("ArrowRight")


def test_figures_are_those_of_the_dashboard(wall, campaign):
    shown = dict(
        wall.page.locator("[data-figure]").evaluate_all(
            "nodes => nodes.map(node => [node.dataset.figure, node.firstChild.data.trim()])"
        )
    )
    stages = wall.page.locator("[data-stage]").evaluate_all(
        "nodes => nodes.map(node => node.textContent)"
    )
    wall.page.keyboard.press("Escape")
    wall.page.wait_for_url(f"**/campaigns/{campaign.pk}/dashboard/")

    board = {
        card.locator(".stat-label").inner_text(): card.locator(".stat-value").inner_text()
        for card in wall.page.locator(".stat").all()
    }
    names = {"完成大会选举": "完成党员大会选举", "今日日报已报": "今日日报"}
    assert shown == {
        label: re.match(r"\d+", board[names.get(label, label)]).group() for label in shown
    }
    assert len(shown) == 8
    table = wall.page.locator(".chart-table").first
    assert stages == table.locator("tbody td:nth-child(2)").evaluate_all(
        "cells => cells.map(cell => cell.textContent.trim())"
    )
    wall.page.get_by_role("link", name="大屏").click()
    wall.page.wait_for_url(f"**/campaigns/{campaign.pk}/screen/")


def test_panels_turn_by_themselves_until_somebody_pauses(stack, campaign, page):
    page.set_viewport_size(WALL)
    page.clock.install()
    wall = Desk(page, "lingdao", PASSWORD).open(f"/campaigns/{campaign.pk}/screen/")
    expect(page.locator("[data-wall-dots] button")).to_have_count(3)
    page.clock.run_for(21_000)
    assert title(wall) == "环节"
    page.keyboard.press(" ")
    expect(page.locator("[data-wall-pause]")).to_contain_text("继续轮播")
    page.clock.run_for(60_000)
    assert title(wall) == "环节"
    page.keyboard.press(" ")
    page.clock.run_for(21_000)
    assert title(wall) == "乡镇排名"
    page.locator("[data-wall-dots] button").first.click()
    assert title(wall) == "总体"
    assert page.locator("[data-wall-dots] [aria-current]").inner_text() == "总体"


def test_less_motion_leaves_the_turning_to_the_hand(stack, campaign, page):
    page.set_viewport_size(WALL)
    page.emulate_media(reduced_motion="reduce")
    page.clock.install()
    wall = Desk(page, "lingdao", PASSWORD).open(f"/campaigns/{campaign.pk}/screen/")
    page.clock.run_for(60_000)
    assert title(wall) == "总体"
    page.keyboard.press("ArrowRight")
    assert title(wall) == "环节"
    # Asked again where an answer of the minute just past has put a new panel in this one's place.
    expect(page.locator(".wall-panel.is-on")).to_have_css("transition-duration", "0s")


def test_clock_is_the_server_s_whatever_the_machine_says(stack, campaign, page):
    page.set_viewport_size(WALL)
    page.clock.install(time="2019-01-01T03:00:00+08:00")
    Desk(page, "lingdao", PASSWORD).open(f"/campaigns/{campaign.pk}/screen/")
    expect(page.locator("[data-wall-state]")).to_have_text(re.compile(r"^数据截至 \d\d:\d\d:\d\d$"))
    served = page.evaluate("fetch('/healthz').then(answer => answer.headers.get('Date'))")
    expected = page.evaluate(
        "date => new Date(date).toLocaleDateString('zh-CN', {timeZone: 'Asia/Shanghai', year: 'numeric', month: 'long', day: 'numeric', weekday: 'long'})",
        served,
    )
    assert page.locator("[data-wall-day]").inner_text() == expected


def test_broken_line_keeps_the_figures_and_recovers(wall):
    state, page = wall.page.locator("[data-wall-state]"), wall.page
    ask_again(page)
    page.keyboard.press("ArrowRight")
    before = page.locator("[data-stage]").all_text_contents()

    page.context.set_offline(True)
    expect(state).to_have_text(re.compile(r"^连接中断，数据截至 \d\d:\d\d:\d\d，正在重新连接$"))
    look(wall)
    assert page.locator("[data-stage]").all_text_contents() == before
    page.context.set_offline(False)

    expect(state).to_have_text(re.compile(r"^数据截至 \d"))
    assert title(wall) == "环节"


def test_unchanged_figures_leave_the_page_as_it_is(wall):
    """A refresh that brings nothing new touches no element: nothing can flicker."""
    page, shown = wall.page, "document.querySelector('.wall-panel.is-on')"
    ask_again(page)
    page.evaluate(f"{shown}.dataset.mark = 'kept'")
    ask_again(page)
    assert page.evaluate(f"{shown}.dataset.mark") == "kept"


def test_ended_session_is_said_with_the_way_back(wall, campaign):
    state, page = wall.page.locator("[data-wall-state]"), wall.page
    ask_again(page)
    page.context.clear_cookies()
    ask_again(page)

    expect(state).to_have_text(re.compile(r"^登录已到期，数据截至 \d\d:\d\d:\d\d。重新登录$"))
    look(wall)
    state.get_by_role("link").click()
    page.fill("input[name=username]", "lingdao")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**/campaigns/{campaign.pk}/screen/")
    expect(state).to_have_text(re.compile(r"^数据截至 \d"))
