"""The page in a browser: Debian's Chromium, driven by Playwright; skipped where there is none."""

import io
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from stance.results.folder import read_folder
from stance.results.manifest import save
from stance.results.report import write_report
from tests.results.test_report import HOSTILE, figure
from tests.support.folders import DOCUMENT, ROWS, TEXT, folder_of

SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("The page was not tried in a browser, for there is no Chromium: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the extra 'test'")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    folder = folder_of(tmp_path_factory.mktemp("usual") / "run", frames={"risk": 0.8, "law": 0.1}, figure=figure())
    return write_report(folder)


@pytest.fixture
def opened(chromium):
    """Opens a page; afterwards nothing was fetched, refused or thrown."""
    contexts, faults = [], []

    def open_page(path, width=1400, height=900, **settings):
        context = chromium.new_context(viewport={"width": width, "height": height}, **settings)
        contexts.append(context)
        page = context.new_page()
        own = ("data:", "blob:", path.as_uri())  # a download is made in the page itself
        page.on("request", lambda r: faults.append(r.url) if not r.url.startswith(own) else None)
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def shown(page):
    return [int(row.get_attribute("id")[1:]) for row in page.query_selector_all("#rows tbody tr") if row.is_visible()]


def lit(page):
    return page.eval_on_selector_all("a[data-s]:not(.dim)", "all => all.map(a => a.textContent)")


def test_filters_by_actor_role_and_measure(opened, usual):
    page = opened(usual)
    assert shown(page) == list(range(1, len(ROWS) + 1))
    assert page.text_content("#count") == "8 of 8 statements shown."
    page.get_by_role("checkbox", name="Kremlin").uncheck()
    kept = [row for row in range(1, 9) if "Kremlin" not in page.text_content(f"#s{row}")]
    assert shown(page) == kept and 0 < len(kept) < 8
    assert page.text_content("#count") == f"{len(kept)} of 8 statements shown."
    assert "that it could end quickly" in lit(page) and "to meet again" in lit(page)
    assert not any("useful" in text for text in lit(page))
    page.get_by_role("checkbox", name="speaks").uncheck()
    assert lit(page) == ["Kyiv"]
    page.get_by_role("button", name="Show all").click()
    page.get_by_text("8 of 8 statements shown.").wait_for()
    page.get_by_role("combobox", name="Measure").select_option("sentiment")
    assert len(shown(page)) == 2
    assert page.is_hidden("th.m-stance") and page.is_hidden("th.m-frames") and page.is_visible("th.m-sentiment")
    page.get_by_role("combobox", name="Measure").select_option("stance")
    assert len(shown(page)) == 7
    for box in page.get_by_role("group", name="Actor").get_by_role("checkbox").all():
        box.uncheck()
    assert (shown(page), lit(page)) == ([], [])
    assert page.text_content("#count") == "0 of 8 statements shown."


OUTLETS = ("The Tide", "The Quay", "=Evil & Sons")


@pytest.fixture(scope="module")
def several(tmp_path_factory):
    """Six texts of three outlets in six months; one without a date."""
    documents = [
        replace(
            DOCUMENT,
            id=f"d{i}",
            title=f"Part {i}",
            outlet=OUTLETS[i % 3],
            date=f"2025-0{i + 1}-15" if i else None,
            text=TEXT.replace("folly", f"folly{i}"),
        )
        for i in range(6)
    ]
    return write_report(folder_of(tmp_path_factory.mktemp("several") / "run", documents))


def reading(page):
    return [h.text_content() for h in page.query_selector_all("article.page h3") if h.is_visible()]


@pytest.mark.parametrize(
    ("field", "value", "parts"),
    [
        ("words", "2025-05-15", {4}),
        ("words", "FOLLY  part", {0, 1, 2, 3, 4, 5}),
        ("words", "nothing of the kind", set()),
        ("outlet", "The Quay", {1, 4}),
        ("outlet", "=Evil & Sons", {2, 5}),
        ("from", "2025-04-15", {3, 4, 5}),
        ("to", "2025-04-14", {1, 2}),
        ("doc", "3", {2}),
    ],
)
def test_filters_by_words_text_outlet_and_date(opened, several, field, value, parts):
    page = opened(several)
    assert len(shown(page)) == 6 * len(ROWS)
    control = page.locator(f"#filters [name={field}]")
    if field in ("outlet", "doc"):
        control.select_option(value)
    else:
        control.fill(value)
    found = shown(page)
    assert {(number - 1) // len(ROWS) for number in found} == parts
    assert page.text_content("#count") == f"{len(found)} of {6 * len(ROWS)} statements shown."
    assert page.is_visible("#nothing") == (not parts)
    assert len(reading(page)) <= 1
    page.get_by_role("button", name="Show all").click()
    page.get_by_text(f"{6 * len(ROWS)} of {6 * len(ROWS)} statements shown.").wait_for()


def test_one_text_is_read_at_a_time_and_links_lead_to_others(opened, several):
    page = opened(several)
    assert reading(page) == ["Part 0"] and page.text_content("#place") == "1 of 6"
    page.get_by_role("button", name="Next").click()
    assert reading(page) == ["Part 1"] and page.locator("article.page:visible .lane").count() > 1
    page.get_by_role("combobox", name="Text shown").select_option("6")
    assert reading(page) == ["Part 5"] and page.is_disabled("#after")
    page.locator("#s1 a", has_text="in the text").click()
    assert reading(page) == ["Part 0"]
    page.locator("#filters [name=outlet]").select_option("The Quay")
    assert reading(page) == ["Part 1"] and page.text_content("#place") == "1 of 2"
    page.locator(".card a[href='#s1']").first.click()  # of another outlet: the filters are taken away
    page.locator("#s1").wait_for(state="visible")


def test_rows_are_sorted_by_number_and_by_words(opened, several):
    page = opened(several)

    def column(number):
        return page.eval_on_selector_all("#rows tbody tr", f"all => all.map(r => r.cells[{number}].innerText.trim())")

    def nets():
        return [float(c.split()[0].replace("−", "-")) for c in column(4) if c[0] in "+−0"]

    head = page.locator("#rows thead th").nth(4)
    head.get_by_role("button").click()
    assert nets() == sorted(nets()) and head.get_attribute("aria-sort") == "ascending"
    assert "not scored" in column(4)[-1]
    head.get_by_role("button").press("Enter")
    assert nets() == sorted(nets(), reverse=True) and "not scored" in column(4)[-1]
    page.locator("#rows thead").get_by_role("button", name="Actor", exact=True).click()
    assert column(1) == sorted(column(1), key=str.casefold) and head.get_attribute("aria-sort") is None
    narrow = opened(several, 380)
    assert narrow.is_hidden("#rows thead")
    narrow.get_by_role("combobox", name="Sort by").select_option("0 down")
    assert narrow.eval_on_selector_all("#rows tbody tr", "all => all[0].id") == f"s{6 * len(ROWS)}"


def test_the_rows_that_are_shown_are_downloaded_as_a_table(opened, several):
    page = opened(several)
    page.locator("#filters [name=outlet]").select_option("=Evil & Sons")
    page.locator("#rows thead button", has_text="No.").click()
    page.locator("#rows thead button", has_text="No.").click()
    with page.expect_download() as wait:
        page.get_by_role("button", name="Download").click()
    data = wait.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and wait.value.suggested_filename == "statements.csv"
    table = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    assert table["no"].tolist() == [str(number) for number in shown(page)]
    assert set(table["outlet"]) == {"'=Evil & Sons"}  # words, not a formula
    first = table[table["text"] == "that Moscow calls it a “useful” hour"].iloc[0]
    net = "Stance toward the talks"
    assert (first["actor"], first["entity"], first["role"], first["status"]) == (
        "Kremlin",
        "Lavrov",
        "source",
        "stated",
    )
    assert [first[net], first[f"{net}, lowest wording"], first[f"{net}, highest wording"]] == ["0.8", "0.70", "0.90"]
    assert table.loc[table[net] == "", f"{net}, not scored"].str.startswith("not scored: inside another").all()
    assert set(table["date"]) == {"2025-03-15", "2025-06-15"}


def test_the_keyboard_reaches_every_passage_and_its_evidence(opened, usual):
    page = opened(usual)
    page.focus("#filters button")
    seen = []
    for _ in range(len(ROWS) + 2):
        page.keyboard.press("Tab")
        rows = page.evaluate("document.activeElement.dataset.s || ''")
        if not rows:
            break
        panel = page.inner_text("#panel")
        seen += rows.split(" ")
        for number in rows.split(" "):
            assert f"Row {number} of the table" in panel
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert {int(n) for n in seen} == set(range(1, len(ROWS) + 1))
    assert page.evaluate("document.activeElement.id") == "panel"


def test_the_panel_says_who_what_and_how(opened, usual):
    page = opened(usual)
    page.locator(".text a", has_text="that it could end quickly").hover()
    panel = page.inner_text("#panel")
    for words in (
        "White House",
        "Trump",
        "speaks, reported",
        "−0.40",
        "−0.50 to −0.30",
        "risk 0.80",
        "0.50",
    ):
        assert words in panel
    assert "not asked" not in panel
    marked = page.eval_on_selector_all(".text .on", "all => all.map(a => a.textContent)")
    assert marked == ["Trump", "warned", "that it could end quickly"]
    page.keyboard.press("Escape")
    assert "Point at marked words" in page.inner_text("#panel")
    assert page.query_selector(".text .on") is None
    page.locator(".text a", has_text="a “useful” hour").hover()
    assert "not scored: inside another statement" in page.inner_text("#panel")
    assert "+0.80" in page.inner_text("#panel")


def test_enter_leads_to_the_row_and_back(opened, usual):
    page = opened(usual)
    passage = page.locator("a[data-s]").first
    passage.click()
    assert "#s" not in page.url
    passage.press("Enter")
    assert page.url.endswith(passage.get_attribute("href"))
    page.locator("tr:target a", has_text="in the text").click()
    assert page.evaluate("document.querySelector(':target').dataset.s") == passage.get_attribute("data-s")


def test_a_click_keeps_a_passage_until_another_or_escape(opened, usual):
    page = opened(usual)
    one, other = (page.locator(".text a", has_text=words) for words in ("a “useful” hour", "that it could end quickly"))
    one.click()
    other.hover()
    assert "Row 4" not in page.inner_text("#panel")
    other.click()
    assert "Row 4" in page.inner_text("#panel")
    page.get_by_text("The envoy arrived late.").click(position={"x": 5, "y": 5})
    assert "Point at marked words" in page.inner_text("#panel")
    one.hover()
    assert "+0.80" in page.inner_text("#panel")


def test_a_link_to_a_row_that_is_filtered_out_shows_it_again(opened, usual):
    page = opened(usual)
    link = page.locator(".card a[href^='#s']").first
    row = page.locator(link.get_attribute("href"))
    for box in page.get_by_role("group", name="Actor").get_by_role("checkbox").all():
        box.uncheck()
    assert row.is_hidden()
    link.click()
    row.wait_for(state="visible")
    assert page.text_content("#count") == "8 of 8 statements shown."


def test_a_link_into_the_text_shows_what_was_read_there(opened, usual):
    page = opened(usual)
    page.locator("#s4 a", has_text="in the text").click()
    page.locator("#panel", has_text="Row 4 of the table").wait_for()


@pytest.mark.parametrize("width", [360, 1400])
def test_every_row_shows_all_of_its_evidence(opened, usual, width):
    page = opened(usual, width)
    for cell in page.locator("#rows .evidence").all():
        box = cell.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_inert(opened, tmp_path, text):
    document = replace(DOCUMENT, text=f"{text} said {text} now.", title=text, outlet=text, url=text)
    rows = [(f"{text} now", "source", "kremlin", text, text, "said", 0.5, 0.9)]
    path = write_report(folder_of(tmp_path / "run", [document], rows, {"kremlin": text}, text, {text: 0.9}))
    page = opened(path)
    title = page.title()
    page.locator("a[data-s]").first.hover()
    page.locator("a[data-s]").first.focus()
    page.wait_for_timeout(100)
    assert page.title() == title and title.startswith("Stance toward")
    assert page.evaluate("document.querySelectorAll('script, style').length") == 2
    assert page.evaluate("document.querySelectorAll('#panel img, #panel script, .text img').length") == 0
    assert page.text_content(".text") == document.text


@pytest.mark.parametrize("width", [360, 800, 1400])
def test_the_page_never_scrolls_sideways(opened, usual, tmp_path, width):
    unbroken = replace(
        DOCUMENT, title="W" * 300, outlet="S" * 300, url=f"https://example.org/{'u' * 300}", text=TEXT + "x" * 500
    )
    labels = {"kremlin": "K" * 90, "white_house": "White House", "kyiv": "Kyiv"}
    for path in (usual, write_report(folder_of(tmp_path / "run", [unbroken], labels=labels, target="T" * 99))):
        page = opened(path, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("a[data-s]").first.focus()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [380, 1400])
def test_axe_finds_no_serious_fault_with_several_texts(opened, several, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs the extra 'test'")
    page = opened(several, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#filters [name=words]").fill("part 4")
    found = axe.Axe().run(page).response["violations"]
    assert [(f["id"], [n["html"] for n in f["nodes"]][:3]) for f in found if f["impact"] in SERIOUS] == []


@pytest.mark.parametrize(("width", "panel"), [(360, False), (1400, False), (1400, True)])
def test_axe_finds_no_serious_fault(opened, usual, width, panel):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs the extra 'test'")
    page = opened(usual, width)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    if panel:
        page.locator("a[data-s]").first.focus()
        page.get_by_role("checkbox", name="Kyiv").uncheck()
    found = axe.Axe().run(page).response["violations"]
    faults = [(f["id"], [n["html"] for n in f["nodes"]][:3]) for f in found if f["impact"] in SERIOUS]
    assert faults == []


def test_without_scripts_the_page_is_whole(opened, usual):
    page = opened(usual, java_script_enabled=False)
    assert page.is_hidden("#filters") and page.is_hidden("#panel")
    assert page.locator("#rows tbody tr").count() == len(ROWS)
    page.locator("a[data-s]").first.click()
    assert "#s" in page.url


def test_pictures_are_drawn(opened, usual):
    page = opened(usual)
    assert page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    assert page.evaluate("document.images.length") == 1


def test_on_paper_there_are_no_controls(opened, usual):
    page = opened(usual)
    page.get_by_role("checkbox", name="Kremlin").uncheck()
    page.emulate_media(media="print")
    assert page.is_visible("#count")  # what was filtered out is said
    for selector in ("fieldset", "button", "#panel", "nav", "details"):
        assert page.is_hidden(selector), selector
    for selector in (".text", "#rows", "img", ".summary"):
        assert page.is_visible(selector), selector
    assert page.pdf()[:5] == b"%PDF-"


_READABLE = 600
"""Pixels of a figure's width, for which its type of 7 to 9 points is set: at the 334 of a telephone it had 4."""


@pytest.mark.parametrize("width", [380, 1400])
def test_a_figure_can_be_read_on_a_telephone_and_says_that_it_shows_one_text_of_several(opened, tmp_path, width):
    documents = [replace(DOCUMENT, id=f"t{n}", title=f"Part {n}", outlet=f"Paper {n % 2}") for n in range(4)]
    folder = folder_of(tmp_path / "run", documents)
    inputs = read_folder(folder).inputs
    save("04_ribbon", figure(), pd.DataFrame({"net": [0.1]}), inputs, out=folder)
    page = opened(write_report(folder), width=width)
    inner, outer = page.evaluate("(e => [e.scrollWidth, e.clientWidth])(document.querySelector('.picture'))")
    narrow = width < 600
    assert (inner > outer) == narrow  # the figure is pushed aside, not the page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.picture img').clientWidth") >= _READABLE
    assert page.locator(".swipe").first.is_visible() == narrow
    assert "Of 4 texts, it shows the first, Part 0." in (page.locator("figure").first.text_content() or "")
    page.get_by_role("link", name="choose one").click()
    page.get_by_label("Text shown").select_option(label="Part 2 (8)")
    shown = page.locator("article.page:visible h3")  # its letters are drawn when it comes into view
    assert [text.strip() for text in shown.all_text_contents()] == ["Part 2"]
