"""What statements take sides on: noun phrases, as suggestions for the targets of a codebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from stance.analysis._sides import SIGNS, names_another, praises_or_blames, signs_on
from stance.analysis.terms import core
from stance.attribution.aliases import Lexicon
from stance.codebook import Codebook, folded
from stance.columns import SUGGESTION
from stance.corpus.duplicates import clusters, signature
from stance.schema import Document, Segment
from stance.text.parsed import ParsedText, parse
from stance.text.spans import Intervals

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

MOST_PHRASES = 2_000
"""Phrases that are grouped, the most frequent first: grouping compares each two, 32 MB of numbers for so many."""
APART = 0.45
"""How far two phrases of a group may be apart: "tax" and "carbon tax" are together (0.3 where words are rare alike),
"carbon tax" and "wealth tax" are not (0.5). A choice, on invented sentences."""
_EXAMPLES, _VARIANTS = 3, 4
_UNSAID = frozenset(
    """way thing lot people person man woman day week month year time hour today moment side place fact reason point
    case question answer issue matter problem result consequence number part kind sort word statement comment remark
    percent attempt effort commitment goal aim situation circumstance step role share
    one other something anything everything nothing somebody anyone everyone""".split()
)
"""Heads of phrases that name nothing to be for or against."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A noun phrase in a statement."""

    words: tuple[str, ...]
    written: str
    holding: tuple[Segment, ...]
    """The innermost statement, once for each actor who makes it."""
    sentence: str
    signs: tuple[str, ...]

    @property
    def statement(self) -> tuple[str, int, int]:
        """Which statement it is, whoever makes it."""
        first = self.holding[0].spans[0]
        return first.document.id, first.start, first.end

    @property
    def actors(self) -> set[str]:
        """Who makes it; those whom the codebook does not know as the text calls them."""
        return {s.actor or folded(_speaker(s)) for s in self.holding} - {""}


def suggest_targets(
    segments: Iterable[Segment],
    codebook: Codebook,
    most: int = 20,
    parsed: Mapping[str, ParsedText] = MappingProxyType({}),
) -> pd.DataFrame:
    """Noun phrases that statements take sides on, in groups: suggestions for the targets of a codebook.

    Looked at is what somebody is reported to say: segments with role ``"source"`` that are stated. A statement takes a
    side on a phrase if the parse shows a sign of it: a word of being for or against it, that something should be done
    about it, or a word that praises or blames it. No model is asked, and which side it is, is not told: a sign
    is a reason to look, no finding. Phrases are grouped by the words they have in common, so that "talks" and
    "negotiations" stand apart. Of near copies of a text one is read. Names of the codebook's actors alone are left out.

    Parameters
    ----------
    segments
        What :func:`stance.segment` returned.
    codebook
        Whose actors are left out, and whose targets are marked as known.
    most
        At most so many groups.
    parsed
        Documents that were parsed already, by id; others are parsed once more.

    Returns
    -------
    pandas.DataFrame
        One row for each group, those on which most statements take sides first: the columns of
        ``stance.columns.SUGGESTION``.

    Examples
    --------
    >>> from stance import Document, read_codebook, segment
    >>> codebook = read_codebook()
    >>> text = "Putin rejected the carbon tax. Trump said the tax was a disaster. Putin said that Trump read a book."
    >>> found = suggest_targets(segment([Document("d", text)], codebook), codebook)
    >>> found[["suggestion", "statements", "signs"]].to_numpy().tolist()
    [['carbon tax', 2, 'judged 1; position 1']]
    """
    lexicon = Lexicon(codebook)
    said = [one for mine in _by_text(segments) for one in _phrases(mine, lexicon, parsed)]
    groups = _grouped(said)
    known = {key: _lemmas(target.label) for key, target in codebook.targets.items()}
    rows = [row for group in groups if (row := _row(group, known))["statements"]]
    counts = ("statements", "texts", "actors")
    rows.sort(key=lambda row: (*(-row[count] for count in counts), _surest(row), -row["said"], row["suggestion"]))
    return pd.DataFrame(rows[:most], columns=list(SUGGESTION))


def _by_text(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Statements by text, those of near copies left out."""
    by_document: dict[str, list[Segment]] = {}
    for segment in segments:
        if segment.role == "source" and segment.status == "stated":
            by_document.setdefault(segment.document.id, []).append(segment)
    texts = {key: mine[0].document.text for key, mine in by_document.items()}
    copies = clusters(list(texts), np.stack([signature(text) for text in texts.values()])) if len(texts) > 1 else texts
    return [mine for (key, mine), first in zip(by_document.items(), copies, strict=True) if first == key]


def _phrases(mine: Sequence[Segment], lexicon: Lexicon, parsed: Mapping[str, ParsedText]) -> Iterator[_Said]:
    """The noun phrases in the statements of one text."""
    document = mine[0].document
    statements = Intervals((span.start, span.end, s) for s in mine for span in s.spans)
    names = Intervals((start, end, None) for start, end, _ in lexicon.find(document.text))
    for chunk in (parsed.get(document.id) or parse(document)).doc.noun_chunks:
        phrase = _without_verdict(core(chunk))
        if chunk.root not in phrase or _says_nothing(chunk.root):
            continue
        if all(names.touches(token.idx, token.idx + len(token)) for token in phrase):
            continue
        if holding := _innermost(statements.covering(phrase.start_char, phrase.end_char)):
            sentence = " ".join(chunk.sent.text.replace("|", "/").split())  # examples are parted by " | "
            yield _Said(_words(phrase), " ".join(phrase.text.split()), holding, sentence, signs_on(chunk.root))


def _without_verdict(phrase: Span) -> Span:
    """A phrase without the praise or blame in front: "reckless plan" is about the plan."""
    first = 0
    while first < len(phrase) - 1 and _opens(phrase[first]):
        first += 1
    return phrase[first:]


def _opens(word: Token) -> bool:
    """Whether a word says nothing of what a phrase is about: praise, blame, "so-called", or what is left of a list."""
    verdict = word.dep_ == "amod" and praises_or_blames(word)
    return verdict or word.is_stop or not word.is_alpha or word.lower_ == "called"


def _says_nothing(noun: Token) -> bool:
    if noun.pos_ not in ("NOUN", "PROPN") or not noun.is_alpha:
        return True
    return noun.lemma_.lower() in _UNSAID or names_another(noun)


def _innermost(holding: Iterable[Segment]) -> tuple[Segment, ...]:
    sized = [(sum(span.end - span.start for span in s.spans), s) for s in holding]
    shortest = min((size for size, _ in sized), default=0)
    return tuple(s for size, s in sized if size == shortest)


def _words(phrase: Iterable[Token]) -> tuple[str, ...]:
    """The lemmas of a phrase, each once, without stop words."""
    return tuple(dict.fromkeys(folded(t.lemma_) for t in phrase if t.is_alpha and not t.is_stop))


def _grouped(said: Sequence[_Said]) -> list[list[_Said]]:
    """Phrases by group; those of most statements come first, and of a draw those that come first in the alphabet."""
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.feature_extraction.text import TfidfVectorizer

    by_words: dict[tuple[str, ...], list[_Said]] = {}
    for one in said:
        by_words.setdefault(tuple(sorted(one.words)), []).append(one)
    kept = sorted(by_words, key=lambda words: (-len(by_words[words]), words))[:MOST_PHRASES]
    if len(kept) < 2:
        return [by_words[words] for words in kept]
    rated = TfidfVectorizer(analyzer=tuple).fit_transform(kept).toarray()
    found = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="complete", distance_threshold=APART
    ).fit_predict(rated)
    groups: dict[int, list[_Said]] = {}
    for words, group in zip(kept, found, strict=True):
        groups.setdefault(int(group), []).extend(by_words[words])
    return list(groups.values())


def _row(group: Sequence[_Said], known: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    """A group as a row; only statements with a sign count, but for how often it is spoken of."""
    sided = [one for one in group if one.signs]
    written = Counter(one.written for one in sided or group)
    every = Counter(one.written for one in group)
    signs = Counter(sign for _, sign in {(one.statement, sign) for one in sided for sign in one.signs})
    return {
        "suggestion": written.most_common(1)[0][0],
        "phrases": "; ".join(f"{phrase} {n}" for phrase, n in every.most_common(_VARIANTS)),
        "statements": len({one.statement for one in sided}),
        "said": len({one.statement for one in group}),
        "texts": len({one.statement[0] for one in sided}),
        "actors": len(set().union(*(one.actors for one in sided))),
        "signs": "; ".join(f"{sign} {n}" for sign, n in sorted(signs.items(), key=lambda pair: (-pair[1], pair[0]))),
        "known": "; ".join(key for key, words in known.items() if any(words <= set(one.words) for one in group)),
        "examples": " | ".join(_examples(sided)),
    }


def _surest(row: Mapping[str, Any]) -> int:
    """The place of the surest sign of a group."""
    return min(place for place, sign in enumerate(SIGNS) if sign in row["signs"])


def _examples(sided: Sequence[_Said]) -> Iterator[str]:
    """Some statements of several actors, the surest sign first, each with who makes it and where it stands."""
    order = list(SIGNS)
    ranked = sorted(sided, key=lambda one: (order.index(one.signs[0]), one.statement))
    firsts = list({tuple(sorted(one.actors)): one for one in reversed(ranked)}.values())[::-1]
    chosen = list({one.statement: one for one in (*firsts, *ranked)}.values())[:_EXAMPLES]
    for one in chosen:
        first = one.holding[0]
        yield f"{_speaker(first) or 'somebody'}: {one.sentence} ({first.document.id})"


def _speaker(segment: Segment) -> str:
    """Who makes a statement: the entity of the codebook, or as the text calls it; empty if it does not."""
    return segment.entity or " … ".join(" ".join(span.text.split()) for span in segment.source)


def _lemmas(label: str) -> frozenset[str]:
    """The words of a target's name, as phrases have them."""
    return frozenset(_words(parse(Document("label", label)).doc))
