"""Words and noun phrases that set one actor's discourse apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from stance import columns as names
from stance.analysis.intervals import normal_interval
from stance.attribution.aliases import Lexicon
from stance.codebook import Codebook, folded
from stance.schema import Segment, StanceError
from stance.text.parsed import ParsedText, parse
from stance.text.spans import Intervals

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

LEAST_WORDS = 5_000
"""Words that an actor, and the others together, must have said for keyness."""
PRIOR = 500.0
"""How many words the prior of keyness weighs as much as."""
_CONTENT = ("NOUN", "PROPN", "VERB", "ADJ", "ADV")
_COLUMNS = list(names.TERM)


def count_terms(
    segments: Iterable[Segment], codebook: Codebook, parsed: Mapping[str, ParsedText] = MappingProxyType({})
) -> pd.DataFrame:
    """How often each actor says each word and noun phrase.

    Counted is what actors say: segments with role ``"source"`` that are stated. Each place of a
    text counts once: where statements are nested, the innermost says whose words
    they are. Copies of a text count as often as they are there; see
    :func:`stance.corpus.near_duplicates`.

    Words are lemmas of nouns, verbs, adjectives and adverbs, in lower case; noun
    phrases have two words or more, and lose the article in front. Stop words
    and names of the codebook's actors are left out: whom an actor speaks about
    is counted by :func:`stance.analysis.count_roles`. A phrase may hold a name beside
    other words.

    Parameters
    ----------
    segments
        What :func:`stance.segment` returned.
    codebook
        Whose names are left out.
    parsed
        Documents that were parsed already, by id; others are parsed once more.

    Returns
    -------
    pandas.DataFrame
        ``actor``, ``kind`` (``"word"`` or ``"phrase"``), ``term``, ``n`` times, and
        ``words``: how many words of any sort the actor says. In the order of
        first appearance.

    Examples
    --------
    >>> from stance import Document, read_codebook, segment
    >>> codebook = read_codebook()
    >>> documents = [Document("d", "Putin said the long talks with Trump were useful.")]
    >>> count_terms(segment(documents, codebook), codebook)[["kind", "term", "words"]].to_numpy().tolist()
    [['word', 'long', 7], ['word', 'talk', 7], ['word', 'useful', 7], ['phrase', 'long talk', 7]]
    """
    lexicon = Lexicon(codebook)
    by_document: dict[str, list[Segment]] = {}
    for segment in segments:
        if segment.role == "source" and segment.status == "stated":
            by_document.setdefault(segment.document.id, []).append(segment)
    counts: Counter[tuple[str, str, str]] = Counter()
    for mine in by_document.values():
        if not any(s.actor for s in mine):
            continue
        document = mine[0].document
        statements = Intervals((span.start, span.end, s) for s in mine for span in s.spans)
        names = Intervals((start, end, None) for start, end, _ in lexicon.find(document.text))
        for start, end, kind, term in _terms((parsed.get(document.id) or parse(document)).doc, names):
            counts.update((actor, kind, term) for actor in _speaking(statements, start, end))
    words: Counter[str] = Counter()
    for (actor, kind, _), n in counts.items():
        words[actor] += n if kind == "word" else 0
    rows = [(*key, n, words[key[0]]) for key, n in counts.items() if key[2]]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _terms(parsed: Doc, names: Intervals[None]) -> Iterator[tuple[int, int, str, str]]:
    """Start, end, kind and term of every word and noun phrase; a word that is no term has an empty one."""
    for token in parsed:
        if token.is_alpha:
            kept = token.pos_ in _CONTENT and not token.is_stop and not _is_name(token, names)
            yield token.idx, token.idx + len(token), "word", folded(token.lemma_) if kept else ""
    for chunk in parsed.noun_chunks:
        phrase = core(chunk)
        words = [token for token in phrase if token.is_alpha]
        if len(words) > 1 and not all(_is_name(token, names) for token in words):
            written = "".join((t.lemma_ if t == chunk.root else t.text) + t.whitespace_ for t in phrase)
            yield phrase.start_char, phrase.end_char, "phrase", folded(written.strip())


def _is_name(token: Token, names: Intervals[None]) -> bool:
    return names.touches(token.idx, token.idx + len(token))


def core(chunk: Span) -> Span:
    """A noun phrase from its first to its last word that is no stop word; empty if all are.

    Parameters
    ----------
    chunk
        One of spaCy's noun chunks.

    Examples
    --------
    >>> from stance.text.syntax import dependencies
    >>> [core(chunk).text for chunk in dependencies("All of the long talks failed.", [(0, 29)]).noun_chunks]
    ['', 'long talks']
    """
    kept = [token.i for token in chunk if token.is_alpha and not token.is_stop]
    return chunk.doc[kept[0] : kept[-1] + 1] if kept else chunk.doc[0:0]


def _speaking(statements: Intervals[Segment], start: int, end: int) -> Iterator[str]:
    """The actors whose innermost statement holds a stretch."""
    holding = [(sum(p.end - p.start for p in s.spans), s.actor) for s in statements.covering(start, end)]
    shortest = min((length for length, _ in holding), default=0)
    return (actor for actor in dict.fromkeys(a for length, a in holding if length == shortest) if actor)


def keyness(terms: pd.DataFrame, most: int = 25, prior: float = PRIOR) -> pd.DataFrame:
    """Terms that one actor says more often than the others together: log-odds with a prior.

    Log-odds ratios with an informative Dirichlet prior (Monroe, Colaresi and
    Quinn 2008, "Fightin' Words", Political Analysis 16:372-403). The prior is the
    words of all actors together, as if ``prior`` of them had been read before.
    Words and phrases are counted apart.

    A device for screening: it takes every word for a draw of its own, though
    words come in texts, and looks at many terms at once. The interval is
    narrower than what is known.

    Parameters
    ----------
    terms
        From :func:`stance.count_terms`.
    most
        At most so many words, and so many phrases, for each actor.
    prior
        How many words the prior weighs as much as; above 0. More of them draw
        rare terms closer to 0.

    Returns
    -------
    pandas.DataFrame
        ``actor``, ``kind``, ``term``, ``n``, ``n_others``, ``words``, ``words_others``,
        ``log_odds``, its 95 % interval ``low`` to ``high``, and ``z``; for each actor and
        kind the largest z first. No rows for an actor that said fewer than
        5,000 words, or beside whom the others did: see :func:`stance.analysis.distinctive_phrases`.

    Raises
    ------
    StanceError
        If ``prior`` is not above 0.

    Examples
    --------
    >>> terms = pd.DataFrame({"actor": ["a", "a", "b", "b"], "kind": "word", "term": ["war", "peace"] * 2,
    ...                       "n": [90, 10, 40, 60], "words": 6000})
    >>> keyness(terms)[["actor", "term", "log_odds", "z"]].round(1).to_numpy().tolist()
    [['a', 'war', 0.4, 5.1], ['b', 'peace', 0.4, 3.7]]
    """
    if not prior > 0:
        raise StanceError(f"The 'prior' parameter of keyness must be above 0. Got {prior!r}.")
    found = []
    for kind, part in terms.groupby("kind", sort=False):
        counts = part.pivot_table(index="term", columns="actor", values="n", aggfunc="sum", fill_value=0, sort=False)
        for actor, words, words_others in _words(terms):
            if min(words, words_others) < LEAST_WORDS or actor not in counts or len(counts) < 2:
                continue
            n = counts[actor].to_numpy()
            n_others = counts.sum(axis=1).to_numpy() - n
            delta, error = log_odds(n, n_others, prior)
            said = {"actor": actor, "kind": kind, "term": counts.index, "n": n, "n_others": n_others}
            sizes = {"words": words, "words_others": words_others}
            low, high = normal_interval(delta, error)
            odds = {"log_odds": delta, "low": low, "high": high, "z": delta / error}
            ranked = pd.DataFrame(said | sizes | odds).sort_values("z", ascending=False, kind="stable")
            found.append(ranked[ranked["z"] > 0].head(most))
    columns = list(names.KEYNESS)
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)


def log_odds(n: np.ndarray, n_others: np.ndarray, prior: float = PRIOR) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds ratio of each term and its standard error, with a prior from both counts together.

    Parameters
    ----------
    n, n_others
        How often one actor, and the others, say each of two terms or more, each said by somebody.
    prior
        How many words the prior weighs as much as.

    Examples
    --------
    >>> delta, error = log_odds(np.array([90, 10]), np.array([40, 60]))
    >>> delta.round(2).tolist(), error.round(2).tolist()
    ([0.37, -0.37], [0.07, 0.1])
    """
    together = n + n_others
    weights = prior * together / together.sum()

    def logit(counts: np.ndarray) -> np.ndarray:
        return np.log(counts + weights) - np.log(counts.sum() + prior - counts - weights)

    error = np.sqrt(1 / (n + weights) + 1 / (n_others + weights))
    return logit(n) - logit(n_others), error


def distinctive_phrases(terms: pd.DataFrame, most: int = 25) -> pd.DataFrame:
    """Noun phrases that one actor says more often than all others together: counts, no statistics.

    For texts too short for :func:`stance.keyness`.

    Parameters
    ----------
    terms
        From :func:`stance.count_terms`.
    most
        At most so many for each actor.

    Returns
    -------
    pandas.DataFrame
        ``actor``, ``term``, ``n``, ``n_others`` (0 where nobody else says it),
        ``words``, ``words_others`` (how many words they say); for each actor the
        largest surplus first, then in the order of first appearance.

    Examples
    --------
    >>> terms = pd.DataFrame({"actor": ["a", "a", "b"], "kind": "phrase", "term": ["fair deal", "long war", "long war"],
    ...                       "n": [1, 2, 2], "words": [40, 40, 30]})
    >>> distinctive_phrases(terms).to_numpy().tolist()
    [['a', 'fair deal', 1, 0, 40, 30]]
    """
    phrases = terms[terms["kind"] == "phrase"]
    phrases = phrases.assign(n_others=phrases.groupby("term")["n"].transform("sum") - phrases["n"])
    phrases = phrases[phrases["n"] > phrases["n_others"]].assign(surplus=lambda t: t["n"] - t["n_others"])
    ranked = phrases.sort_values("surplus", ascending=False, kind="stable")
    others = {actor: n for actor, _, n in _words(terms)}
    found = [ranked[ranked["actor"] == actor].head(most).assign(words_others=n) for actor, n in others.items()]
    columns = list(names.PHRASE)
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _words(terms: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Each actor, how many words it says, and how many the others say."""
    words = terms.drop_duplicates("actor").set_index("actor")["words"]
    return [(actor, int(n), int(words.sum() - n)) for actor, n in words.items()]
