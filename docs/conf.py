"""How the site is built: from the sources, without a network. ``make docs`` says what was left out."""

import sys
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS))

import made

import stance

project, author, release = "stance", "The stance developers", stance.__version__
html_title = "stance"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
exclude_patterns = ["_static"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # shown as 'make results' executed them
autosummary_generate = False
autodoc_typehints = "none"  # signatures hold them; twice is noise
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
html_theme = "pydata_sphinx_theme"
html_static_path = ["_static"]
html_css_files = ["stance.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": "stance"},
    "navbar_end": ["theme-switcher"],
    "navbar_align": "left",
    "navbar_persistent": ["search-button-field"],
    "header_links_before_dropdown": 9,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": False,
}
html_sidebars = {"index": [], "start": [], "gallery": [], "questions": [], "concepts": [], "compared": []}
suppress_warnings = ["myst.xref_missing"]  # cards link to files beside them; tests/project/test_docs.py checks ours

made.everything(DOCS)


def setup(app):
    """Pages link to files, which GitHub shows; the site has pages made from them."""
    app.connect("source-read", lambda app, name, source: source.__setitem__(0, _led(app, name, source[0])))


def _led(app, name, text):
    page = Path(app.env.doc2path(name))
    return text if "_made" in page.parts or page.suffix != ".md" else made.for_the_site(text, page)
