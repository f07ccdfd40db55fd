"""Texts with a voice of their own: what nobody is quoted with is the publisher's word, or the outlet's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from stance.attribution._transcripts import may_be_speaker
from stance.codebook import Codebook, folded
from stance.schema import NARRATOR, Attribution, Document, Referent, Segment, Span
from stance.text.paragraphs import Turn
from stance.text.parsed import ParsedText
from stance.text.spans import Intervals


def publisher_of(document: Document, codebook: Codebook) -> Referent | None:
    """Who publishes a document, if the codebook says so: a publisher it lists, else its ``narrator``.

    A key of ``publishers`` fits a document whose ``outlet`` it is, or whose
    ``url`` has it as its host or as the end of it: ``kremlin.ru`` fits
    ``en.kremlin.ru``. The outlet counts first, then the longest key. With ``narrator``
    the text of everybody else is its outlet's, or that of who stands in the column it names.

    Parameters
    ----------
    document
        With ``outlet``, ``url``, both or neither.
    codebook
        Whose ``publishers`` and ``narrator`` are looked up.

    Examples
    --------
    >>> from stance.codebook import Publisher, read_codebook
    >>> sample = read_codebook()
    >>> codebook = sample.model_copy(update={"publishers": {"kremlin.ru": Publisher(actor="kremlin", entity="putin")}})
    >>> publisher_of(Document("d", "Rain fell.", url="https://en.kremlin.ru/1"), codebook)
    Referent(actor='kremlin', entity='Vladimir Putin')
    """
    return _listed(document, codebook) or _narrating(document, codebook)


def _narrating(document: Document, codebook: Codebook) -> Referent | None:
    """The voice that a document names itself, where the codebook asks for it."""
    if codebook.narrator is None:
        return None
    by = codebook.narrator.by
    named = document.outlet if by == "outlet" else document.metadata.get(by)
    name = "" if named is None or named != named else " ".join(str(named).split())  # not equal to itself: no number
    return Referent(NARRATOR, name or codebook.narrator.label)


def _listed(document: Document, codebook: Codebook) -> Referent | None:
    by_key = {folded(key): publisher for key, publisher in codebook.publishers.items()}
    if not by_key:
        return None
    key = folded((document.outlet or "").strip())
    if key not in by_key:
        host = f".{_host(document.url)}"
        key = max((k for k in by_key if host.endswith(f".{k}")), key=len, default="")
    if key not in by_key:
        return None
    actor, entity = by_key[key].actor, by_key[key].entity
    return Referent(actor, codebook.actors[actor].entities[entity].name)


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").rstrip(".")
    except ValueError:  # no address
        return ""


def voiced(
    publisher: Referent, parsed: ParsedText, attributions: Sequence[Attribution], mentions: Iterable[Segment]
) -> tuple[list[Segment], list[Segment]]:
    """The publisher's statements, and the mentions with it as the voice of what was the narrator's.

    Every sentence that no attribution touches is a statement of the publisher.
    A turn whose speaker is nobody the segmentation knows is not: its words are
    left without a voice.

    Parameters
    ----------
    publisher
        From :func:`publisher_of`.
    parsed, attributions
        The document, and who says what in it.
    mentions
        The document's segments with role ``"mention"``.

    Returns
    -------
    list of Segment
        Statements: role ``"source"``, ``kind`` None, no cue, no source.
    list of Segment
        The mentions.
    """
    text = parsed.text
    known = {(span.start, span.end) for a in attributions for span in a.source}
    labelled = any(t.alone and t.name in known for t in parsed.turns)  # else a line with a colon is a heading
    turns = [t for t in parsed.turns if may_be_speaker(text[slice(*t.name)]) and (labelled or not t.alone)]
    strangers = Intervals((a, b, None) for a, b in _turns_of_strangers(turns, len(text), attributions))
    parts = [s for a in attributions for s in (*a.content, *a.cue)]
    labels = [(turn.name[0], turn.words[0], None) for turn in turns]  # nobody's words
    taken = Intervals([*labels, *((s.start, s.end, None) for s in parts)])
    statements: list[Segment] = []
    for start, end in parsed.sentences:
        if any(within.touches(start, end) for within in (parsed.foreign, taken, strangers)):
            continue
        sentence = text[start:end]
        if any(c.isalnum() for c in sentence):
            leading = len(sentence) - len(sentence.lstrip())
            span = Span(parsed.document, start + leading, start + len(sentence.rstrip()))
            statements.append(_statement(publisher, span, len(statements) + 1))
    own = []
    for m in mentions:
        unknown = strangers.touches(m.spans[0].start, m.spans[0].end)
        if m.voice != NARRATOR:
            own.append(m)
        elif unknown:
            own.append(replace(m, voice=None, voice_entity=None))
        else:
            own.append(replace(m, voice=publisher.actor, voice_entity=publisher.entity))
    return statements, own


def _statement(publisher: Referent, span: Span, number: int) -> Segment:
    return Segment(
        id=f"{span.document.id}:p{number}",
        spans=(span,),
        actor=publisher.actor,
        entity=publisher.entity,
        role="source",
        voice=publisher.actor,
        voice_entity=publisher.entity,
        kind=None,
        cue=(),
        source=(),
        parent=None,
        confidence=1.0,
        context=span,
    )


def _turns_of_strangers(
    turns: Sequence[Turn], length: int, attributions: Iterable[Attribution]
) -> Iterator[tuple[int, int]]:
    """Turns that no attribution takes up: up to the next label, in a text with several; else their paragraph."""
    known = {(span.start, span.end) for a in attributions for span in a.source}
    ends = [turn.name[0] for turn in turns[1:]] + [length] if len(turns) > 1 else [t.words[1] for t in turns]
    for turn, end in zip(turns, ends, strict=True):
        if turn.name not in known:
            yield turn.name[0], end
