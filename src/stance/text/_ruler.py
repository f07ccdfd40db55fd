"""The English model's table of parts of speech and forms, asked once for each kind of token.

The model's ``attribute_ruler`` tries some two hundred patterns at every token, which takes a sixth of the time of
parsing. Nearly all of them look at one token by itself: its tag, its dependency, and whether it is one of some hundred
words. What the model's own ruler makes of such a token is remembered; a paragraph in which a longer pattern might
begin is its own to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_SEEN = frozenset(["TAG", "LOWER", "DEP", "IS_SPACE"])
"""What patterns may look at, if they are to be remembered."""
_MOST = 200_000
"""Words of which it is remembered whether a pattern names them: some 20 MB."""

_Kind = tuple[int, int, int]
"""Tag, dependency, and the word, 0 if no pattern names it."""
_Made = tuple[int, int, int, int, int]
"""Part of speech, form, lemma, tag and dependency."""


class Ruler:
    """What the model's ruler does, from memory.

    Parameters
    ----------
    nlp
        The model, its ruler disabled.
    name
        Of its ruler.
    """

    def __init__(self, nlp: Language, name: str) -> None:
        from spacy.matcher import Matcher

        self._vocab: Any = nlp.vocab
        own: Any = nlp.get_pipe(name)
        self._own = own
        patterns = [p for entry in own.patterns for p in entry["patterns"]]
        tokens = [token for pattern in patterns for token in pattern]
        self._simple = all(token.keys() <= _SEEN for token in tokens)
        asked = [found for token in tokens for found in _words_of(token.get("LOWER"))]
        self._listed = frozenset(found for found in asked if isinstance(found, str))
        self._described = [found for found in asked if not isinstance(found, str)]
        self._opening: Any = Matcher(self._vocab, validate=False)
        self._opening.add("longer", [p[:1] for p in patterns if len(p) > 1] or [[{"LOWER": ""}]])
        self._words: dict[int, int] = {}
        self._known: dict[_Kind, _Made | None] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Parts of speech, forms and some lemmas of a parsed paragraph."""
        import numpy as np
        from spacy.attrs import DEP, LEMMA, LOWER, MORPH, POS, TAG

        columns: Any = doc.to_array([TAG, DEP, LOWER]).reshape(len(doc), 3).T.tolist()
        words, known = self._words, self._known
        named = [words[w] if w in words else self._is_named(w) for w in columns[2]]
        kinds = list(zip(columns[0], columns[1], named, strict=True))
        made: list[_Made] = []
        for place, kind in enumerate(kinds):
            found = known[kind] if kind in known else self._learned(kind, columns[2][place])
            if found is None:
                return self._own(doc)
            made.append(found)
        if made:
            doc.from_array([POS, MORPH, LEMMA], np.array([m[:3] for m in made], dtype=np.uint64))  # type: ignore[arg-type]
        for place, (kind, found) in enumerate(zip(kinds, made, strict=True)):
            if kind[:2] != found[3:]:
                token = doc[place]
                token.tag, token.dep = found[3:]
        return doc

    def _is_named(self, word: int) -> int:
        """The word itself if a pattern may name it, else 0."""
        if len(self._words) >= _MOST:
            self._words.clear()
        text = self._vocab.strings[word]
        named = text.isspace() or text in self._listed or any(p.search(text) for p in self._described)
        self._words[word] = word if named else 0
        return self._words[word]

    def _learned(self, kind: _Kind, word: int) -> _Made | None:
        """What the model's ruler makes of a token by itself; None if a longer pattern may begin with it."""
        from spacy.tokens import Doc

        alone = Doc(self._vocab, words=[self._vocab.strings[word]])
        token: Any = alone[0]
        token.tag, token.dep = kind[:2]
        made = None
        if self._simple and not self._opening(alone, allow_missing=True):
            self._own(alone)
            made = (token.pos, token.morph.key, token.lemma, token.tag, token.dep)
        self._known[kind] = made
        return made


def _words_of(asked: object) -> Iterator[str | re.Pattern[str]]:
    """The words that a pattern names, and regular expressions for others."""
    if isinstance(asked, str):
        yield asked
    elif isinstance(asked, dict):
        for condition, wanted in asked.items():
            if condition in ("IN", "NOT_IN"):
                yield from wanted
            else:  # of any other condition nothing is known: all words may meet it
                yield re.compile(wanted if condition == "REGEX" else "")
