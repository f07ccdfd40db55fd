"""The text itself as a page: whose words are whose, and how sure that is. Every character of it is escaped."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import jinja2

from stance.intervals import Intervals
from stance.plots import colours
from stance.schema import Document, Segment

SURE, FAIR = 0.8, 0.6
"""From which confidence on the line under an attribution is unbroken, and dashed."""
_UNRESOLVED = "#777777"

_ENVIRONMENT = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
_FRAGMENT = _ENVIRONMENT.from_string(
    """<div style="font: 16px/1.9 Georgia, serif; max-width: 46em; color: #222; background: #fff; padding: 1em">
<p style="font: 13px/2 sans-serif">
{% for name, colour in legend %}
<span style="background: {{ colour }}33; border-bottom: 3px solid {{ colour }}; padding: 0 .4em; margin-right: .5em">{{ name }}</span>
{% endfor %}
<span style="border-bottom: 3px solid {{ unresolved }}; padding: 0 .4em">attributed, actor unresolved</span><br>
<b>bold</b>: who speaks &ensp;<i>italic</i>: the cue &ensp;<span style="outline: 1px solid #777; padding: 0 .2em">outlined</span>: spoken about
&ensp;line under the words: <span style="border-bottom: 3px solid #777">confidence {{ sure }} or more</span>
&ensp;<span style="border-bottom: 3px dashed #777">{{ fair }} to {{ sure }}</span>
&ensp;<span style="border-bottom: 3px dotted #777">less</span>
</p>
<p style="white-space: pre-wrap; overflow-wrap: anywhere">
{%- for piece in pieces -%}
<span{% if piece.title %} title="{{ piece.title }}"{% endif %}{% if piece.style %} style="{{ piece.style }}"{% endif %}>{{ piece.text }}</span>
{%- endfor -%}
</p></div>"""
)
_PAGE = _ENVIRONMENT.from_string(
    """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Who says what</title></head>
<body style="margin: 1em auto; max-width: 50em; background: #fff">
<h1 style="font: bold 22px sans-serif; margin: .5em 1rem">Who says what</h1>
<p style="font: 13px/1.5 sans-serif; margin: .5em 1rem; color: #444">Found by a program, not by people: hold
the pointer over a passage to see to whom it is attributed, and read before you rely on it. Where a statement holds
another, the inner one colours the words.{% if left_out %} The first {{ shown }} of {{ shown + left_out }} texts.{% endif %}</p>
{% for heading, fragment in parts %}
<h2 style="font: bold 16px sans-serif; margin: 1.5em 1rem 0">{{ heading }}</h2>
{{ fragment }}
{% endfor %}
</body></html>
"""
)


class Html(str):
    """A string that a notebook shows as HTML."""

    def _repr_html_(self) -> str:
        return str(self)

    def __html__(self) -> str:
        """What a template puts in unescaped: it was escaped when it was made."""
        return str(self)


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    title: str
    style: str


def highlight(document: Document, segments: Iterable[Segment], labels: Mapping[str, str]) -> Html:
    """The document with each actor's words in its colour.

    Sources are bold, cues italic, actors spoken about outlined; the line under
    the words shows how sure the attribution is. Where statements are nested,
    the innermost colours the words.

    Parameters
    ----------
    document
        The text.
    segments
        Its segments; those of other documents are passed over.
    labels
        ``codebook.labels``.

    Returns
    -------
    Html
        A fragment of HTML with no script and no outside resource.

    Examples
    --------
    >>> highlight(Document("d", "2 < 3"), [], {}).count("2 &lt; 3")
    1
    """
    own = [s for s in segments if s.document.id == document.id]
    palette = colours(labels)
    actors = {s.actor for s in own}
    legend = [(labels[a], palette[a]) for a in labels if a in actors]
    pieces = list(_pieces(document, own, labels, palette))
    return Html(_FRAGMENT.render(legend=legend, pieces=pieces, unresolved=_UNRESOLVED, sure=SURE, fair=FAIR))


def page(documents: Sequence[Document], segments: Iterable[Segment], labels: Mapping[str, str], most: int = 50) -> Html:
    """Documents as one self-contained HTML page, each as :func:`highlight` shows it.

    Parameters
    ----------
    documents
        The texts.
    segments
        Their segments.
    labels
        ``codebook.labels``.
    most
        How many documents are shown; the page says so where there are more.

    Examples
    --------
    >>> page([Document("d", "2 < 3")], [], {}).startswith("<!doctype html>")
    True
    """
    shown = documents[:most]
    by_document: dict[str, list[Segment]] = {d.id: [] for d in shown}
    for s in segments:
        if s.document.id in by_document:
            by_document[s.document.id].append(s)
    headings = [" · ".join(filter(None, (d.title or d.id, d.source, d.date))) for d in shown]
    fragments = [highlight(d, by_document[d.id], labels) for d in shown]
    parts = zip(headings, fragments, strict=True)
    return Html(_PAGE.render(parts=parts, shown=len(shown), left_out=len(documents) - len(shown)))


def _pieces(
    document: Document, segments: list[Segment], labels: Mapping[str, str], palette: Mapping[str, str]
) -> Iterator[_Piece]:
    """The text cut wherever something begins or ends."""
    sources = [s for s in segments if s.role == "source"]
    contents = Intervals((p.start, p.end, s) for s in sources for p in s.spans)
    speakers = Intervals((p.start, p.end, s) for s in sources for p in s.source)
    cues = Intervals((p.start, p.end, s) for s in sources for p in s.cue)
    abouts = Intervals((s.about.start, s.about.end, s) for s in segments if s.about)
    edges = {0, len(document.text)}
    for s in sources:
        edges |= {e for span in (*s.spans, *s.source, *s.cue) for e in (span.start, span.end)}
    edges |= {e for s in abouts if s.about for e in (s.about.start, s.about.end)}
    for start, end in itertools.pairwise(sorted(edges)):
        inside = list(contents.covering(start, end))
        styles, title = [], ""
        if inside:
            shortest = min(map(_length, inside))
            speaking = [s for s in inside if _length(s) == shortest]
            title = _title(speaking, labels)
            styles += _words(speaking, palette)
        if any(True for _ in speakers.covering(start, end)):
            styles.append("font-weight: bold")
        if any(True for _ in cues.covering(start, end)):
            styles.append("font-style: italic")
        if about := next(iter(abouts.covering(start, end)), None):
            styles.append(f"outline: 1px solid {palette.get(about.actor or '', _UNRESOLVED)}")
            title += f"{'; ' if title else ''}spoken about: {about.entity} ({labels.get(about.actor or '', '')})"
        yield _Piece(document.text[start:end], title, "; ".join(styles))


def _length(segment: Segment) -> int:
    return sum(p.end - p.start for p in segment.spans)


def _title(speaking: list[Segment], labels: Mapping[str, str]) -> str:
    who = " and ".join(f"{s.entity or 'unresolved'} ({labels.get(s.actor or '', 'no actor')})" for s in speaking)
    if speaking[0].kind is None:
        return f"{who}, the publisher's own words"
    return f"{who}, {speaking[0].kind}, confidence {speaking[0].confidence:.2f}"


def _words(speaking: list[Segment], palette: Mapping[str, str]) -> list[str]:
    """Background and underline of words: stripes where they are two actors'."""
    tones = list(dict.fromkeys(palette.get(s.actor or "", _UNRESOLVED) for s in speaking))
    confidence = min(s.confidence for s in speaking)
    line = "solid" if confidence >= SURE else "dashed" if confidence >= FAIR else "dotted"
    styles = [f"border-bottom: 3px {line} {tones[0]}"]
    if len(tones) > 1:
        stripes = ", ".join(f"{tone}33 {8 * i}px {8 * i + 8}px" for i, tone in enumerate(tones))
        styles.append(f"background: repeating-linear-gradient(135deg, {stripes})")
    elif tones[0] != _UNRESOLVED:
        styles.append(f"background: {tones[0]}33")
    return styles
