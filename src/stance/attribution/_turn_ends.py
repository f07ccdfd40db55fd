"""Where a turn of a transcript ends: a paragraph without a label goes on with it, or is the narrator's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stance.attribution import _cues as cues
from stance.attribution.mentions import Names
from stance.text.parsed import ParsedText

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

STOPS = ".!?…”\"'’)]"
"""Signs that end what somebody says."""
_IN_PERSON = frozenset("i me my mine we us our ours you your yours".split())
_SUBJECTS = ("nsubj", "nsubjpass")
_ASIDE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*")
_THIS = frozenset("transcript interview conversation article report story exchange debate".split())
"""What a note below a transcript calls it: "This interview has been edited"."""


class Transcript:
    """Turns so far, and whether the last of them goes on.

    Nothing depends on later paragraphs. Unresolved beats wrong: where prose may have begun, the turn ends.

    Parameters
    ----------
    parsed
        The document.
    names
        Those of the codebook in it.
    """

    def __init__(self, parsed: ParsedText, names: Names) -> None:
        self._parsed, self._names = parsed, names
        self._last = (0, 0)
        self._length = 0
        self._proven = False
        """Whether a turn of several paragraphs was followed by another label."""
        self._prose = False
        self._entity: str | None = None

    def open(self, label: Span, words: tuple[int, int]) -> None:
        """A label opens a turn."""
        self._proven = self._proven or (self._length > 1 and not self._prose)
        self._last, self._length, self._prose = words, 1, False
        mention = next((m for t in label if (m := self._names.mention_at(t))), None)
        self._entity = mention.entity if mention else None

    def end(self) -> None:
        """What follows is nobody's, up to the next label."""
        self._prose = True

    def goes_on(self, start: int, end: int) -> bool:
        """Whether the turn takes in a paragraph without a label."""
        self._prose = self._prose or self._is_prose(start, end)
        if not self._prose:
            self._last = start, end
            self._length += 1
        return not self._prose

    def _is_prose(self, start: int, end: int) -> bool:
        """Nobody says I or you in it, and it reports, tells of the speakers, or tells a past event right away."""
        tokens = self._parsed.tokens(start, end)
        if tokens is None or any(t.lower_ in _IN_PERSON and not self._is_quoted(t) for t in tokens):
            return False
        if self._parsed.text[self._last[1] - 1] not in STOPS:
            return True  # a line without a full stop is no turn of several paragraphs
        subjects = [t for t in tokens if t.dep_ in _SUBJECTS]
        if any(_is_this(t) or self._reports(t) for t in subjects):
            return True
        return not self._proven and (any(map(_is_both, subjects)) or (self._length == 1 and _is_past(tokens)))

    def _reports(self, subject: Token) -> bool:
        """Whether a subject is one that the narrator quotes."""
        if subject.head.lemma_.lower() not in cues.SPEECH or self._is_quoted(subject):
            return False
        mention = self._names.mention_at(subject)
        if mention is not None and (not self._proven or mention.entity == self._entity):
            return True
        sentence = subject.sent
        quoted = self._parsed.quotations.touches(sentence.start_char, sentence.end_char)
        return quoted and subject.pos_ in ("NOUN", "PROPN")

    def _is_quoted(self, token: Token) -> bool:
        return self._parsed.quotations.covers(token.idx, token.idx + len(token))


def is_aside(paragraph: str) -> bool:
    """Whether a paragraph stands in brackets: "(Applause)".

    Examples
    --------
    >>> is_aside("[Laughter]"), is_aside("(Yes) No.")
    (True, False)
    """
    return bool(_ASIDE.fullmatch(paragraph))


def _is_this(subject: Token) -> bool:
    return subject.lower_ in _THIS and any(c.lower_ == "this" for c in subject.lefts)


def _is_both(subject: Token) -> bool:
    """ "The two presidents", "both", "the pair": the speakers, as a narrator calls them."""
    before = [c.lower_ for c in subject.lefts]
    return subject.lower_ == "both" or "both" in before or ("the" in before and "two" in (*before, subject.lower_))


def _is_past(tokens: Span) -> bool:
    """Whether every sentence tells what happened: a noun as its subject, the past as its tense."""
    roots = {t.sent.root for t in tokens if t.is_alpha}
    return bool(roots) and all(
        r.tag_ in ("VBD", "VBN")
        and any(c.dep_ in _SUBJECTS and c.pos_ in ("NOUN", "PROPN", "NUM") for c in r.children)
        and not any(c.tag_ in ("VBP", "VBZ", "MD") for c in r.children)
        for r in roots
    )
