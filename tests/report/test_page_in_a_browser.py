"""The page in a real browser. Skipped where no Chromium or no Playwright is found."""

import shutil

import numpy as np
import pytest

from sklearn_mlp_edu import LectureMLPClassifier, diagnose_overfitting

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
HOSTILE = "<img src=x onerror=alert(1)>"
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where the page of a report with a hostile class name is."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 40))
    y = np.where(X[:, 0] + rng.normal(size=120) > 0, HOSTILE, "other")
    network = LectureMLPClassifier((16, 8), max_iter=60, n_iter_no_change=np.inf)
    report = diagnose_overfitting(
        network, X, y, cv=5, alphas=(0.03, 0.3), random_state=0
    )
    assert report.verdict == "overfitting"
    path = tmp_path_factory.mktemp("page") / "report.html"
    return report.to_html(path, title=HOSTILE).as_uri()


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as p:
        # Without a sandbox of its own, since containers' root may not make one.
        browser = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=[(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def page(request, browser, address):
    """The page at desktop and phone width; it notes all that it asks for or reports."""
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page = context.new_page()
    page.noted = []
    page.on("console", lambda message: page.noted.append(message.text))
    page.on("pageerror", lambda error: page.noted.append(str(error)))
    page.on("dialog", lambda dialog: page.noted.append(dialog.message))
    page.on("request", lambda r: r.url != address and page.noted.append(r.url))
    page.goto(address)
    yield page
    context.close()


def test_page_opens_without_errors_requests_or_dialogs(page):
    page.wait_for_load_state("networkidle")
    assert page.noted == []


def test_verdict_remedies_and_pictures_are_visible(page):
    assert page.locator(".verdict b").is_visible()
    assert page.locator(".verdict b").inner_text().lower() == "overfitting"
    for remedy in ("more data", "regularisation", "smaller network"):
        assert page.get_by_role("rowheader", name=remedy, exact=True).is_visible()
    pictures = page.get_by_role("img")
    assert pictures.count() == 5
    for i in range(5):
        box = pictures.nth(i).bounding_box()
        assert box["width"] > 250 and box["height"] > 120


def test_hostile_names_stay_text(page):
    assert page.locator("img").count() == 0
    assert page.title() == HOSTILE
    assert page.locator("h1").inner_text() == HOSTILE
    assert HOSTILE in page.locator("dl").first.inner_text()


def test_page_is_no_wider_than_the_window(page):
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_text_has_contrast_in_light_and_dark(page):
    """At least 4.5 to 1, as WCAG 2 asks for, for ordinary and for faint text."""
    for selector in (".mlp-report", ".mlp-report .faint", ".mlp-report dt"):
        ratio = page.evaluate(CONTRAST, selector)
        assert ratio >= 4.5, selector


CONTRAST = """selector => {
  const luminance = color => {
    const channels = color.match(/[0-9.]+/g).slice(0, 3).map(Number).map(c => {
      c /= 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2];
  };
  const ink = getComputedStyle(document.querySelector(selector)).color;
  const paper = getComputedStyle(document.querySelector(".mlp-report")).backgroundColor;
  const [high, low] = [luminance(ink), luminance(paper)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}"""


def test_page_prints_dark_on_white(browser, address):
    page = browser.new_page(color_scheme="dark")
    page.goto(address)
    page.emulate_media(media="print")
    color = "getComputedStyle(document.querySelector('.mlp-report')).backgroundColor"
    assert page.evaluate(color) == "rgb(255, 255, 255)"
    assert page.pdf().startswith(b"%PDF")
    page.close()
