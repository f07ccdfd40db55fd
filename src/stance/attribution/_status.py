"""Whether a text presents a statement as made: stated, or only denied, supposed, requested, asked about.

The categories are those of factuality annotation (FactBank: Saurí & Pustejovsky 2009; de Marneffe, Manning & Potts
2012). From the cue upwards, every word leaves what stands above as it is, reverses it, or decides: negation and modal
verbs of the cue come first, then the verbs, nouns and adjectives above it, as far as each rests on the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.attribution._factuality import OPPOSING, POSITIONS
from stance.attribution._governors import effect_on
from stance.attribution._mood import has_negation, has_neither, has_nobody, mood_of
from stance.schema import Status
from stance.text.quotations import Quotations

if TYPE_CHECKING:
    from spacy.tokens import Token

_HIGHEST = 6
"""Words above a cue that are looked at; longer chains are faults of the parse."""


def status_of(cue: Token, source: Token | None, quotations: Quotations) -> Status:
    """Whether a cue says that its source has said something.

    Parameters
    ----------
    cue
        Its head.
    source
        The head of who speaks, if it is known.
    quotations
        Those of the text.
    """
    if cue.pos_ not in ("VERB", "AUX", "NOUN"):
        return "stated"
    if _in_question(cue, quotations):
        return "asked"
    return "stated" if cue.pos_ == "NOUN" else _of_clause(cue, cue, source, _HIGHEST)


def _of_clause(word: Token, cue: Token, source: Token | None, left: int) -> Status:
    """Whether what a clause tells of happened."""
    position = cue.lemma_.lower() in POSITIONS - OPPOSING
    nobody = has_nobody(word) and not (position and has_neither(word))
    negated = nobody or (has_negation(word) and not position)
    if not negated and (mood := mood_of(word, cue)) is not None:
        return mood
    above = _from_above(word, cue, source, left)
    return _opposite(above) if negated else above


def _from_above(word: Token, cue: Token, source: Token | None, left: int) -> Status:
    effect = effect_on(word, cue, source) if left and word.head.i != word.i else None
    if effect is None:
        return "stated"
    if effect.way == "as above":
        return _of_clause(effect.governor, cue, source, left - 1)
    if effect.way == "granted":
        above = _of_clause(effect.governor, cue, source, left - 1)
        return "stated" if above == "denied" else above
    if effect.way == "reversed":  # whether the governor is a position plays no part: "did not hesitate to support"
        return _opposite(_of_clause(effect.governor, effect.governor, source, left - 1))
    return effect.way


def _opposite(status: Status) -> Status:
    """What did not happen, did where that is denied; where it is open, the nearest word counts."""
    return "stated" if status == "denied" else "denied"


def _in_question(cue: Token, quotations: Quotations) -> bool:
    """Whether the sentence of a cue is a question, asked where the cue stands: inside or outside quotation marks."""
    last = next((t for t in reversed(list(cue.sent)) if not (t.is_space or t.is_quote)), None)
    if last is None or not last.text.endswith("?"):
        return False
    of_cue, of_mark = (list(quotations.covering(t.idx, t.idx + 1)) for t in (cue, last))
    return of_cue == of_mark
