"""The page that runs the package in the browser, with a stand-in for Pyodide.

Pyodide itself, and NumPy, SciPy and scikit-learn as WebAssembly, are fetched from a
public host by the reader's browser. That is not tested; all else is.
"""

import shutil
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from re import DOTALL, search
from threading import Thread

import pytest

STATIC = Path(__file__).parents[2] / "docs" / "_static"
PAGE = (STATIC / "browser.html").read_text("utf-8")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)

STAND_IN = """
export async function loadPyodide({ stdout }) {
  window.asked = [];
  return {
    loadPackage: async (names) => window.asked.push(names.join(" ")),
    pyimport: (name) => ({ install: { callKwargs: async (url, { deps }) => {
      window.asked.push(`${name} ${url} ${deps}`);
    } } }),
    runPythonAsync: async (code) => {
      if (code.includes("fail")) {
        throw Object.assign(new Error("Traceback"), { name: "PythonError" });
      }
      stdout(`ran ${code.length} characters`);
    },
  };
}
"""


def test_the_code_on_the_page_runs(capsys):
    code = search(r"<textarea[^>]*>\n(.*?)</textarea>", PAGE, DOTALL)[1]
    exec(compile(code, "page", "exec"), {})
    printed = capsys.readouterr().out
    assert "z[2] = W[2] a[1] + b[2]" in printed and "They agree." in printed


def test_all_that_is_needed_at_run_time_is_loaded():
    import tomllib

    project = tomllib.loads((STATIC.parents[1] / "pyproject.toml").read_text("utf-8"))
    script = (STATIC / "browser.js").read_text("utf-8")
    for requirement in project["project"]["dependencies"]:
        assert f'"{requirement.partition(">")[0]}"' in script


@pytest.fixture
def page(tmp_path):
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium")
    shutil.copytree(STATIC, tmp_path / "_static")
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "latest.txt").write_text("sklearn_mlp_edu-1-any.whl\n")
    (tmp_path / "browser.html").write_text(PAGE, "utf-8")
    handler = partial(QuietHandler, directory=tmp_path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.route(
            "**/pyodide.mjs",
            lambda route: route.fulfill(body=STAND_IN, content_type="text/javascript"),
        )
        page.goto(f"http://127.0.0.1:{server.server_port}/browser.html")
        yield page
        browser.close()
    server.shutdown()
    server.server_close()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *arguments):
        """Say nothing."""


def run(page):
    page.click("#browser-run")
    page.wait_for_selector("#browser-run:not([disabled])")
    return page.inner_text("#browser-output")


def test_a_click_loads_the_wheel_and_runs_the_code(page):
    assert run(page).startswith("ran ")
    packages, wheel = page.evaluate("window.asked")
    assert packages == "numpy scipy scikit-learn micropip"
    name, url, deps = wheel.split()
    assert name == "micropip" and deps == "false"
    assert url.endswith("/wheels/sklearn_mlp_edu-1-any.whl")
    run(page)
    assert len(page.evaluate("window.asked")) == 2  # fetched once


def test_errors_of_the_code_are_shown(page):
    page.fill("#browser-code", "fail")
    assert "Traceback" in run(page)
    page.fill("#browser-code", "1")
    assert run(page).startswith("ran ")
