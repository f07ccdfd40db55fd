"""What one cue attributes to whom: dependency patterns, token by token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stance.attribution import _cues as cues
from stance.attribution._contents import as_phrases_of, content_of, joined, passive_content_of
from stance.attribution._sources import agent_of, is_passive, subject_of
from stance.attribution.candidates import Candidate
from stance.text.quotations import Quotations
from stance.text.spans import Offsets, runs

if TYPE_CHECKING:
    from spacy.tokens import Token

_FUNCTION_WORDS = frozenset("ADP CCONJ DET NUM PART PRON PUNCT SCONJ SPACE SYM".split())
"""Parts of speech of what is no cue of its own, *according* and clauses after *as* apart."""


def candidates(token: Token, quotations: Quotations) -> Iterator[Candidate]:
    """What a token attributes, if it is a cue.

    Parameters
    ----------
    token
        Any token of a parse.
    quotations
        Those of the text.
    """
    kind = token.pos_
    if token.lower_ == "according":
        yield from _according_to(token)
    elif kind in _FUNCTION_WORDS and token.dep_ != "advcl":
        return  # most tokens: what follows asks for their lemma
    elif (lemma := token.lemma_.lower()) in cues.BY_PHRASE and token.head.lower_ in cues.BY_PHRASE[lemma]:
        yield from _in_the_words_of(token)
    elif _is_as_said(token, quotations):
        yield from _as_said(token)
    elif kind in ("VERB", "AUX") and not _is_modifier(token):
        yield from _verb(token, quotations)
    elif kind == "NOUN" and lemma in cues.NOUNS:
        yield from _noun(token)


def _is_modifier(token: Token) -> bool:
    return token.dep_ in ("amod", "compound", "aux", "auxpass")


def _verb(verb: Token, quotations: Quotations) -> Iterator[Candidate]:
    lemma = verb.lemma_.lower()
    if lemma not in cues.VERBS:
        return
    passive = is_passive(verb)
    source = agent_of(verb) if passive else subject_of(verb)
    if passive and source is None:
        yield from _unsigned(verb, lemma)
        return
    content = passive_content_of(verb, lemma) if passive else content_of(verb, lemma, quotations)
    if content is None or source is None or not content[0]:
        return
    parts, confidence = content
    if source.pos_ == "PRON":
        confidence -= 0.05
    yield Candidate(source, _cue_offsets(verb), parts, round(confidence, 2), least=_least(verb, lemma, passive, parts))


def _unsigned(verb: Token, lemma: str) -> Iterator[Candidate]:
    """ "It was noted that …": said by somebody whom the text does not name."""
    if lemma not in cues.SPEECH or not any(c.dep_ == "nsubjpass" and c.lower_ == "it" for c in verb.children):
        return
    if clauses := [c for c in verb.children if c.dep_ == "ccomp" and c.i > verb.i]:
        yield Candidate(None, _cue_offsets(verb), joined(clauses), 0.7)


def _least(verb: Token, lemma: str, passive: bool, parts: Offsets) -> Offsets:
    """What a content holds at least: "*as* useful", or what hearers "were told by Ann"."""
    if passive:
        return parts if lemma in cues.TELLING else ()
    if lemma not in cues.NAMING | cues.OBJECT:
        return ()
    said = next((phrase.left_edge for phrase in as_phrases_of(verb)), None)
    if said is None or said.i + 1 >= len(verb.doc):
        return ()
    after = said.nbor()
    least = (said.idx, after.idx + len(after))
    return (least,) if any(start <= least[0] and least[1] <= end for start, end in parts) else ()


def _according_to(token: Token) -> Iterator[Candidate]:
    """ "according to X": the rest of its clause is X's."""
    phrase = next((c for c in token.children if c.lower_ == "to"), None)
    if phrase is None:
        return
    source = next((c for c in phrase.children if c.dep_ == "pobj"), None)
    if source is None:
        return
    yield from _rest_of_clause(token, phrase, source)


def _in_the_words_of(token: Token) -> Iterator[Candidate]:
    """ "in the words of X", "in X's view": the rest of the clause is X's."""
    owner = next((c for c in token.children if c.dep_ == "poss"), None)
    phrase = next((c for c in token.children if c.lower_ == "of"), None) if owner is None else None
    around = phrase.children if phrase is not None and any(c.dep_ == "det" for c in token.children) else ()
    source = owner or next((c for c in around if c.dep_ == "pobj"), None)
    if source is not None:
        yield from _rest_of_clause(token.head, phrase or token, source, whole=True)


def _is_as_said(verb: Token, quotations: Quotations) -> bool:
    """ "As Ann put it", "as Ann noted": a clause of its own, with nothing of what she says in it."""
    if verb.dep_ != "advcl" or not any(c.lower_ == "as" and c.i < verb.i for c in verb.children):
        return False
    things = [c for c in verb.children if c.dep_ in ("dobj", "ccomp", "xcomp", "oprd", "acomp", "neg")]
    if verb.lemma_.lower() in ("put", "see") and [c.lower_ for c in things] == ["it"]:
        return True
    end = verb.idx + len(verb)
    return verb.lemma_.lower() in cues.AS_SAID and not things and not quotations.touches(end, end + 3)


def _as_said(verb: Token) -> Iterator[Candidate]:
    """ "…, as Ann put it": the rest of the clause is hers."""
    last = next((c for c in verb.children if c.dep_ == "dobj"), verb)
    if (source := subject_of(verb)) is not None:
        yield from _rest_of_clause(verb, last, source, whole=True)


def _rest_of_clause(token: Token, last: Token, source: Token, whole: bool = False) -> Iterator[Candidate]:
    """What the clause of a prepositional cue says besides it; the cue runs up to its last word."""
    own = {t.i for t in token.subtree}
    head = token.head
    while head.dep_ not in ("ROOT", "ccomp", "advcl", "relcl", "conj") and head.head is not head:
        head = head.head
    later = [c for c in head.children if c.dep_ in ("advcl", "conj", "parataxis") and c.left_edge.i > last.i]
    if token.i > head.left_edge.i:  # "…, according to X, while Y …": what comes after is no longer X's
        own |= {t.i for c in later for t in c.subtree}
    host = [t for t in head.subtree if t.i not in own]
    if parts := runs(host):
        cue = ((token.idx, last.idx + len(last)),)
        yield Candidate(source, cue, parts, 0.85, least=parts if whole else ())


def _noun(noun: Token) -> Iterator[Candidate]:
    """ "his pledge to broker peace", "Putin's claim that …"."""
    owner = next((c for c in noun.children if c.dep_ == "poss"), None)
    clause = next((c for c in noun.children if c.dep_ in ("acl", "ccomp") and c.i > noun.i and _opens_content(c)), None)
    if owner is not None and clause is not None:
        yield Candidate(owner, ((noun.idx, noun.idx + len(noun)),), joined([clause]), 0.65)


def _opens_content(clause: Token) -> bool:
    first = next(iter(clause.subtree))
    return first.lower_ in ("that", "to")


def _cue_offsets(verb: Token) -> Offsets:
    """The cue; with its auxiliaries where it is negated: "did not support"."""
    negated = [c for c in verb.children if c.dep_ == "neg" and c.i < verb.i]
    helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass") and c.i < verb.i]
    first = min([*negated, *helpers], key=lambda c: c.i) if negated else verb
    between = verb.doc[first.i : verb.i]
    plain = all(t in negated or t in helpers or t.pos_ == "ADV" for t in between)
    return ((first.idx if plain else verb.idx, verb.idx + len(verb)),)
