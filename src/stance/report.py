"""The text itself as a page: whose words are whose. Every character of it is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import jinja2

from stance.plots import colours
from stance.schema import Document, Segment

_TEMPLATE = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    """<div style="font: 16px/1.75 Georgia, serif; max-width: 46em; color: #222; background: #fff; padding: 1em">
<p style="font: 13px sans-serif">
{% for name, colour in legend %}
<span style="background: {{ colour }}33; border-bottom: 3px solid {{ colour }}; padding: 0 .4em; margin-right: .5em">{{ name }}</span>
{% endfor %}
<span style="border-bottom: 3px dotted #777; padding: 0 .4em">attributed, actor unresolved</span>
&ensp;<b>bold</b>: who speaks &ensp;<i>italic</i>: the cue
</p>
<p style="white-space: pre-wrap">
{%- for piece in pieces -%}
<span title="{{ piece.title }}" style="{{ piece.style }}">{{ piece.text }}</span>
{%- endfor -%}
</p></div>"""
)


class Html(str):
    """A string that a notebook shows as HTML."""

    def _repr_html_(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    title: str
    style: str


def highlight(document: Document, segments: Iterable[Segment], labels: Mapping[str, str]) -> Html:
    """The document with each actor's words in its colour; sources bold, cues italic.

    Where statements are nested, the innermost colours the words.

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
    sources = [s for s in segments if s.role == "source" and s.document.id == document.id]
    palette = colours(labels)
    actors = {s.actor for s in sources}
    legend = [(labels[a], palette[a]) for a in labels if a in actors]
    return Html(_TEMPLATE.render(legend=legend, pieces=list(_pieces(document, sources, labels, palette))))


def _pieces(
    document: Document, sources: list[Segment], labels: Mapping[str, str], palette: Mapping[str, str]
) -> Iterator[_Piece]:
    edges = {0, len(document.text)}
    for s in sources:
        edges |= {e for span in (*s.spans, *s.source, *s.cue) for e in (span.start, span.end)}
    ordered = sorted(edges)
    for start, end in zip(ordered, ordered[1:], strict=False):
        inside = [s for s in sources if any(p.start <= start and end <= p.end for p in s.spans)]
        style, title = "", ""
        if inside:
            shortest = min(sum(p.end - p.start for p in s.spans) for s in inside)
            speaking = [s for s in inside if sum(p.end - p.start for p in s.spans) == shortest]
            title = " and ".join(
                f"{s.entity or 'unresolved'} ({labels.get(s.actor or '', 'no actor')}, {s.kind})" for s in speaking
            )
            colour = palette.get(speaking[0].actor or "")
            style = (
                f"background: {colour}33; border-bottom: 3px solid {colour};"
                if colour
                else "border-bottom: 3px dotted #777;"
            )
        if any(p.start <= start and end <= p.end for s in sources for p in s.source):
            style += "font-weight: bold;"
        if any(p.start <= start and end <= p.end for s in sources for p in s.cue):
            style += "font-style: italic;"
        yield _Piece(document.text[start:end], title, style)
