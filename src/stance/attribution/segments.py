"""Document → Segments: which stretch belongs to which actor, as source or as mention."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from stance.attribution._segmenting import mention_segments, source_segments
from stance.attribution.aliases import Lexicon
from stance.attribution.attributions import find_attributions
from stance.attribution.consensus import TaggerLike
from stance.attribution.coreference import Resolver
from stance.attribution.corrections import Correction, absent, read_corrections, with_corrections
from stance.attribution.mentions import Names, with_roles
from stance.attribution.publishers import publisher_of, voiced
from stance.codebook import Codebook, read_codebook
from stance.corpus.frames import as_documents
from stance.resources import TAGGER, bundled_folder
from stance.schema import Attribution, Document, Mention, Segment
from stance.text.parsed import ParsedText, parse

if TYPE_CHECKING:
    import pandas as pd


NO_LONGER = "no longer fits: "
"""How a sentence on a correction begins that was not applied."""


def segment(
    documents: Iterable[Document | str] | Document | str | pd.DataFrame,
    codebook: Codebook | str | Path,
    corrections: str | Path | None = None,
) -> list[Segment]:
    """Segment documents by actor.

    A document that is not in English is left out, with a warning.

    Every attribution becomes a segment with role ``"source"``: one for each
    actor that its source means ("both leaders" gives two), or one without an
    actor where the source is unknown or unclear. Every clause that speaks
    about an actor becomes a segment with role ``"mention"``; names that are
    mere places or modifiers ("in Ukraine", "US base") do not.

    Where the codebook knows a document's publisher, every sentence that is
    attributed to nobody becomes a segment with role ``"source"`` of the
    publisher, and its voice takes the place of the narrator's. With ``narrator`` in the
    codebook it is one of the actor ``"narrator"``, whose entity is the document's outlet or author.

    Parameters
    ----------
    documents
        What :func:`stance.read_corpus` or :func:`stance.documents_from_frame` returned; or texts, or a data frame with
        a column ``text``.
    codebook
        The actors to look for, or the file that names them.
    corrections
        A table as ``stance segment --review`` writes it, with your decisions;
        a warning says which of them no longer fit.

    Returns
    -------
    list of Segment
        By document; sources first, then mentions, each in the order of the text.

    Examples
    --------
    >>> from stance import read_codebook
    >>> text = "Putin said the talks were useful. Kyiv was not invited."
    >>> for s in segment([Document("d", text)], read_codebook()):
    ...     print(s.role, s.actor, s.voice, "|", s.text)
    source kremlin kremlin | the talks were useful
    mention kyiv narrator | Kyiv was not invited
    """
    segments: list[Segment] = []
    book = codebook if isinstance(codebook, Codebook) else read_codebook(codebook)
    for found in segmented(as_documents(documents), book, corrections):
        segments += found.segments
    return segments


def segmented(
    documents: Iterable[Document], codebook: Codebook, corrections: str | Path | None = None
) -> Iterator[Segmented]:
    """What :func:`segment` finds, document by document, with the parse that it was found in.

    Parameters
    ----------
    documents, codebook, corrections
        As :func:`segment` takes them.
    """
    segmenter = Segmenter(codebook, corrections)
    documents = list(documents)
    for sentence in segmenter.absent(documents):
        warnings.warn(sentence, SegmentationWarning, stacklevel=3)
    for document in documents:
        found = segmenter.segment(document)
        for note in found.notes:
            warnings.warn(note, SegmentationWarning, stacklevel=3)
        yield found


class SegmentationWarning(UserWarning):
    """A document that was left out, or a correction that no longer fits."""


class Segmented(NamedTuple):
    """What was found in one document, and sentences on what could not be done."""

    parsed: ParsedText
    mentions: list[Mention]
    segments: list[Segment]
    unfit: list[str]
    """Corrections that were not applied."""
    left_out: list[str]
    """What of the document was not read."""

    @property
    def notes(self) -> list[str]:
        """All sentences, as they are shown."""
        return [*map(_no_longer, self.unfit), *self.left_out]


class Segmenter:
    """All that documents are segmented with, put together once.

    Parameters
    ----------
    codebook
        The actors to look for.
    corrections
        A table of decisions by hand, if there is one.
    tagger
        What reads beside the rules: left out, the bundled tagger; None, the
        rules decide alone.

    Raises
    ------
    StanceError
        If the corrections cannot be read.

    Examples
    --------
    >>> from stance import read_codebook
    >>> found = Segmenter(read_codebook()).segment(Document("d", "Putin said no."))
    >>> [(m.span.text, m.role) for m in found.mentions], found.segments[0].text
    ([('Putin', 'speaker')], 'no')
    """

    def __init__(
        self,
        codebook: Codebook,
        corrections: str | Path | None = None,
        tagger: TaggerLike | str | None = TAGGER,
    ) -> None:
        self.codebook = codebook
        self.corrections: Sequence[Correction] = () if corrections is None else read_corrections(corrections, codebook)
        self._tagger = tagger
        self._lexicon = Lexicon(codebook)

    @cached_property
    def tagger(self) -> TaggerLike | None:
        """What reads beside the rules, loaded when first asked for."""
        return bundled_tagger() if isinstance(self._tagger, str) else self._tagger

    def absent(self, documents: Iterable[Document]) -> list[str]:
        """A sentence for each correction of a text that is not among some."""
        return [_no_longer(sentence) for sentence in absent(self.corrections, documents)]

    def segment(self, document: Document) -> Segmented:
        """Mentions and segments of one document."""
        parsed = parse(document)
        foreign = list(parsed.foreign)
        left_out = [_left_out(document, foreign, len(parsed.paragraphs))] if foreign else []
        if len(foreign) == len(parsed.paragraphs):
            mine = (c for c in self.corrections if c.document == document.id)
            return Segmented(parsed, [], [], [f"{c.where}: {document.id} was left out." for c in mine], left_out)
        publisher = publisher_of(document, self.codebook)
        resolver = Resolver(Names(parsed, self._lexicon.at(document.date)), publisher)
        attributions, unfit = self._attributions(parsed, resolver)
        readable = [m for m in resolver.names.found if not parsed.foreign.touches(m.span.start, m.span.end)]
        named = with_roles(readable, (span for a in attributions for span in a.source))
        sources = [s for a in attributions for s in source_segments(a, parsed, resolver)]
        mentions = mention_segments(named, attributions, parsed, resolver)
        if publisher is not None:
            own, mentions = voiced(publisher, parsed, attributions, mentions)
            sources += own
        return Segmented(parsed, named, sources + mentions, unfit, left_out)

    def _attributions(self, parsed: ParsedText, resolver: Resolver) -> tuple[list[Attribution], list[str]]:
        """Who says what where the text is in English, as corrected."""
        found = [
            replace(a, content=read)
            for a in find_attributions(parsed, resolver, self.tagger)
            if (read := tuple(span for span in a.content if not parsed.foreign.touches(span.start, span.end)))
        ]
        return with_corrections(parsed, found, self.corrections) if self.corrections else (found, [])


def bundled_tagger() -> TaggerLike | None:
    """The bundled tagger, which reads beside the rules; None where none is bundled."""
    if bundled_folder(TAGGER) is None:
        return None
    from stance.attribution.tagger import load_tagger

    return load_tagger()


def _no_longer(sentence: str) -> str:
    return f"{NO_LONGER}{sentence}"


def _left_out(document: Document, foreign: Sequence[str], paragraphs: int) -> str:
    whole = len(foreign) == paragraphs
    one = whole or len(foreign) == 1
    what = document.id if whole else f"{len(foreign)} paragraph{'' if one else 's'} of {document.id}"
    languages = " and ".join(sorted({repr(language) for language in foreign}))
    return f"left out: {what}, which seem{'s' if one else ''} to be written in {languages}; only English is supported."
