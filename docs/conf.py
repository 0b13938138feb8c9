"""Configuration of the documentation site: ``sphinx-build -W docs site``."""

import subprocess
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent / "_ext")]

import sklearn_mlp_edu  # noqa: E402

project = "sklearn_mlp_edu"
author = "The sklearn_mlp_edu developers"
version = release = sklearn_mlp_edu.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_parser",
    "sphinx_gallery.gen_gallery",
    "mathml",
]
exclude_patterns = ["auto_examples/*.ipynb", "auto_examples/GALLERY_HEADER.rst"]
templates_path = ["_templates"]
default_role = "code"
autosummary_generate = True
autodoc_typehints = "none"  # the docstrings have them
numpydoc_show_class_members = False
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
html_math_renderer = "mathml"

sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "auto_examples",
    "within_subsection_order": "FileNameSortKey",
    "abort_on_example_error": True,
    "reset_modules": ("matplotlib",),
    "min_reported_time": 60,
    "show_memory": False,
}

html_theme = "pydata_sphinx_theme"
html_title = project
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_theme_options = {
    "navigation_with_keys": False,
    "show_prev_next": True,
    "header_links_before_dropdown": 5,
    "navbar_end": ["theme-switcher"],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_sidebars = {"index": [], "ko": [], "browser": []}
copyright = f"{author}, BSD-3-Clause"


def add_wheel(app, exception):
    """Put the wheel of the package where the page "In the browser" loads it from."""
    if exception is None and app.builder.format == "html":
        folder = Path(app.outdir) / "wheels"
        command = "pip wheel --quiet --no-deps --no-build-isolation --wheel-dir".split()
        root = Path(app.confdir).parent
        subprocess.run([sys.executable, "-m", *command, folder, root], check=True)
        (wheel,) = folder.glob("*.whl")
        (folder / "latest.txt").write_text(wheel.name, "utf-8")


def setup(app):
    """Let Sphinx know."""
    app.connect("build-finished", add_wheel)
