"""A text cut where something begins or ends in it: whose words are whose, and how sure that is."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import jinja2

from stance.plots.looks import colours
from stance.schema import NARRATOR, Document, Segment, Span

SURE, FAIR = 0.8, 0.6
"""From which confidence on the line under an attribution is unbroken, and dashed."""
UNRESOLVED = "#777777"
"""The colour of words whose actor is not known."""

_FRAGMENT = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
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
{%- for text, title, style in pieces -%}
<span{% if title %} title="{{ title }}"{% endif %}{% if style %} style="{{ style }}"{% endif %}>{{ text }}</span>
{%- endfor -%}
</p></div>"""
)

_Mark = Literal["content", "source", "cue", "about", "clause"]


class Html(str):
    """A string that a notebook shows as HTML."""

    def _repr_html_(self) -> str:
        return str(self)

    def __html__(self) -> str:
        """What a template puts in unescaped: it was escaped when it was made."""
        return str(self)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document within which nothing begins or ends.

    Attributes
    ----------
    start, end
        Where it stands in the text.
    statements
        The statements it belongs to, the shortest first.
    speaks
        The statements whose source it belongs to.
    cues
        The statements whose cue it belongs to.
    about
        The mentions it names the actor of.
    clauses
        The mentions whose clause it belongs to.
    """

    start: int
    end: int
    statements: tuple[Segment, ...]
    speaks: tuple[Segment, ...]
    cues: tuple[Segment, ...]
    about: tuple[Segment, ...]
    clauses: tuple[Segment, ...]

    @property
    def words_of(self) -> tuple[Segment, ...]:
        """The innermost statements: several where a source means several actors."""
        if not self.statements:
            return ()
        shortest = _length(self.statements[0])
        return tuple(s for s in self.statements if _length(s) == shortest)


def line(statements: Iterable[Segment]) -> Literal["solid", "dashed", "dotted"]:
    """The line that stands for the confidence of the least sure of some segments.

    Examples
    --------
    >>> from stance import Document, read_codebook, segment
    >>> first, *_ = segment([Document("d", "Putin said no.")], read_codebook())
    >>> from dataclasses import replace
    >>> line([replace(first, confidence=0.9), replace(first, confidence=0.65)])
    'dashed'
    """
    confidence = min((s.confidence for s in statements), default=1.0)
    return "solid" if confidence >= SURE else "dashed" if confidence >= FAIR else "dotted"


def tones(statements: Iterable[Segment], palette: Mapping[str, str]) -> list[str]:
    """The colours of the actors of some segments, each once.

    Examples
    --------
    >>> from stance import Document, read_codebook, segment
    >>> found = segment([Document("d", "Putin said that it had rained. A farmer said that it had not.")], read_codebook())
    >>> tones(found, {"kremlin": "#D55E00"})
    ['#D55E00', '#777777']
    """
    return list(dict.fromkeys(palette.get(s.actor or "", UNRESOLVED) for s in statements))


def stripes(tones: list[str]) -> str:
    """The CSS background of words that are one actor's, or several actors' at once.

    Examples
    --------
    >>> stripes(["#0072B2"])
    '#0072B233'
    """
    if len(tones) == 1:
        return "none" if tones[0] == UNRESOLVED else f"{tones[0]}33"
    bands = ", ".join(f"{tone}33 {8 * i}px {8 * i + 8}px" for i, tone in enumerate(tones))
    return f"repeating-linear-gradient(135deg, {bands})"


def highlight(document: Document, segments: Iterable[Segment], names: Mapping[str, str]) -> Html:
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
    names
        ``codebook.names``.

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
    palette = colours(names)
    actors = {s.actor for s in own}
    legend = [(names[a], palette[a]) for a in names if a in actors]
    shown = ((document.text[p.start : p.end], _title(p, names), _style(p, palette)) for p in pieces(document, own))
    return Html(_FRAGMENT.render(legend=legend, pieces=shown, unresolved=UNRESOLVED, sure=SURE, fair=FAIR))


def pieces(document: Document, segments: Iterable[Segment]) -> Iterator[Piece]:
    """The text from its first character to its last, cut wherever something begins or ends.

    Parameters
    ----------
    document
        The text.
    segments
        Its segments.

    Examples
    --------
    >>> [(p.start, p.end) for p in pieces(Document("d", "2 < 3"), [])]
    [(0, 5)]
    """
    begins: defaultdict[int, list[tuple[_Mark, Span, Segment]]] = defaultdict(list)
    ends: defaultdict[int, list[tuple[_Mark, Span, Segment]]] = defaultdict(list)
    for mark, span, segment in (m for s in segments for m in _marks(s)):
        begins[span.start].append((mark, span, segment))
        ends[span.end].append((mark, span, segment))
    open_now: dict[_Mark, dict[tuple[str, int, int], Segment]] = {
        mark: {} for mark in ("content", "source", "cue", "about", "clause")
    }
    for start, end in itertools.pairwise(sorted({0, len(document.text), *begins, *ends})):
        for mark, span, segment in ends[start]:
            open_now[mark].pop((segment.id, span.start, span.end), None)
        for mark, span, segment in begins[start]:
            open_now[mark][segment.id, span.start, span.end] = segment
        found = {mark: tuple({s.id: s for s in spans.values()}.values()) for mark, spans in open_now.items()}
        yield Piece(
            start,
            end,
            statements=tuple(sorted(found["content"], key=_length)),
            speaks=found["source"],
            cues=found["cue"],
            about=found["about"],
            clauses=found["clause"],
        )


def _marks(segment: Segment) -> Iterator[tuple[_Mark, Span, Segment]]:
    if segment.status != "stated":  # listed, and not drawn
        return
    spans: dict[_Mark, Iterable[Span]] = (
        {"content": segment.spans, "source": segment.source, "cue": segment.cue}
        if segment.role == "source"
        else {"clause": segment.spans, "about": (segment.about,) if segment.about else ()}
    )
    yield from ((mark, span, segment) for mark, these in spans.items() for span in dict.fromkeys(these))


def _length(segment: Segment) -> int:
    return sum(p.end - p.start for p in segment.spans)


def _title(piece: Piece, names: Mapping[str, str]) -> str:
    parts = []
    if speaking := piece.words_of:
        who = " and ".join(f"{s.entity or 'unresolved'} ({names.get(s.actor or '', 'no actor')})" for s in speaking)
        how = f"{speaking[0].kind}, confidence {speaking[0].confidence:.2f}"
        parts.append(f"{who}, {how if speaking[0].kind else _own_words(speaking[0])}")
    if piece.about:
        about = piece.about[0]
        parts.append(f"spoken about: {about.entity} ({names.get(about.actor or '', '')})")
    return "; ".join(parts)


def _own_words(segment: Segment) -> str:
    return "narration" if segment.actor == NARRATOR else "the publisher’s own words"


def _style(piece: Piece, palette: Mapping[str, str]) -> str:
    styles = []
    if speaking := piece.words_of:
        actors = tones(speaking, palette)
        styles += [f"border-bottom: 3px {line(speaking)} {actors[0]}", f"background: {stripes(actors)}"]
    if piece.speaks:
        styles.append("font-weight: bold")
    if piece.cues:
        styles.append("font-style: italic")
    if piece.about:
        styles.append(f"outline: 1px solid {tones(piece.about[:1], palette)[0]}")
    return "; ".join(styles)
