"""One self-contained page of a results folder: figures, the text with its highlights, every score with its evidence."""

from __future__ import annotations

import base64
import hashlib
from contextlib import nullcontext
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

import stance
from stance.files import write_file
from stance.numbers import signed
from stance.plots.highlights import Html
from stance.results._batched import batch_folder
from stance.results._page import Caps, contents
from stance.results.folder import Folder, read_folder
from stance.results.lock import locked
from stance.results.manifest import write
from stance.results.shards import Batch
from stance.schema import StanceError

NAME = "report.html"
BUSY = "Wait until it is done, or write a page of what is there elsewhere: stance report FOLDER -o PAGE.html."
"""What to do where a batch is under way: both write the folder's manifest."""
LARGEST = 5_000_000
"""Bytes of a page."""
_USUAL = Caps()
_NEAR = 4
"""Pages that are tried near the limit: each takes seconds."""


def write_report(folder: str | Path, out: str | Path | None = None) -> Path:
    """Write the page of a results folder.

    Parameters
    ----------
    folder
        What ``stance run`` or ``stance batch`` wrote; of a batch, the first texts and the strongest statements are
        shown, and everything counts.
    out
        An ``.html`` file; ``report.html`` in the folder if left out, which is
        then listed in its manifest. The same folder gives the same bytes.

    Raises
    ------
    StanceError
        If the folder cannot be read, or the page not be written there; if a batch is working in it.

    Examples
    --------
    >>> write_report("no such folder")
    Traceback (most recent call last):
    stance.schema.StanceError: no such folder has no manifest.json. Give a folder that 'stance run' wrote.
    """
    root = Path(folder)
    target = root / NAME if out is None else Path(out)
    inside = root.resolve() in target.resolve().parents
    if target.suffix.lower() != ".html":
        raise StanceError(f"The report {target} must be an .html file. Change its name.")
    if inside and target.resolve() != (root / NAME).resolve():
        raise StanceError(
            f"{target} lies in the results folder, which lists its files. Leave -o out, or choose a place outside it."
        )
    with locked(root, BUSY) if inside and Batch.of(root) else nullcontext():
        batch = Batch.of(root)
        read = read_folder(root) if batch is None else batch_folder(batch)
        data = render(read).encode("utf-8", "replace")
        if inside:
            write({NAME: data}, read.inputs, out=root, versions=read.packages)
        else:
            write_file(target, data)
    return target


def render(folder: Folder, caps: Caps = _USUAL) -> Html:
    """The page of a results folder, at most :data:`LARGEST` bytes long.

    Parameters
    ----------
    folder
        From :func:`stance.results.folder.read_folder`.
    caps
        How much is shown; what is left out is said on the page. Where the page
        would be too large, it is made again with less of everything.

    Raises
    ------
    StanceError
        If no page small enough can be made.
    """
    template = _environment().get_template("report.html.j2")
    page = ""
    for attempt in range(24):
        page = template.render(_values(folder, caps))
        size = len(page.encode("utf-8", "replace"))
        if size <= LARGEST:
            return Html(page)
        # Near the limit first, so that no more is left out than must be; then by halves, so that it ends.
        caps = caps.times(min(0.9, max(0.5, 0.95 * LARGEST / size)) if attempt < _NEAR else 0.5)
    raise StanceError(
        f"The report would be larger than {LARGEST // 1_000_000} MB, however little of the texts it shows "
        f"({len(page) // 1_000_000} MB). Run on fewer actors or shorter names."
    )


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("stance.results"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {
        "signed": lambda net: signed(round(net, 2) + 0.0),  # no −0.00
        "place": _place,
        "width": _width,
    }
    return environment


def _values(folder: Folder, caps: Caps) -> dict[str, Any]:
    """What the template is given: the contents, and a style and script that the page names by their hashes."""
    values = contents(folder, caps)
    places = "\n".join(f".x{i}{{left:{i}%}}.w{i}{{width:{i}%}}" for i in range(101))
    css, js = Html(_resource("report.css") + values["colours"] + places), Html(_resource("report.js"))
    return {**values, "css": css, "js": js, "policy": _policy(css, js), "version": stance.__version__}


def _resource(name: str) -> str:
    return (files("stance") / "results" / "templates" / name).read_text(encoding="utf-8")


def _policy(css: str, js: str) -> str:
    """What the page may load: its own style and script, known by their hashes, and pictures inside it."""

    def hashed(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; img-src data:; style-src {hashed(css)}; script-src {hashed(js)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _place(net: float) -> int:
    """Where a net score lies on a scale from −1 to +1, in hundredths of its width."""
    return round(50 * (min(1.0, max(-1.0, net)) + 1))


def _width(ends: tuple[float, float]) -> int:
    return _place(ends[1]) - _place(ends[0])
