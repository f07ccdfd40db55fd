"""What one cue attributes to whom: dependency patterns, token by token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stance.attribution import _cues as cues
from stance.attribution._contents import content_of, joined, passive_content_of
from stance.attribution._sources import agent_of, is_passive, subject_of
from stance.attribution.candidates import Candidate
from stance.text.quotations import Quotations
from stance.text.spans import Offsets, runs

if TYPE_CHECKING:
    from spacy.tokens import Token


def candidates(token: Token, quotations: Quotations) -> Iterator[Candidate]:
    """What a token attributes, if it is a cue.

    Parameters
    ----------
    token
        Any token of a parse.
    quotations
        Those of the text.
    """
    if token.lower_ == "according":
        yield from _according_to(token)
    elif token.lower_ == "words" and token.head.lower_ == "in":
        yield from _in_the_words_of(token)
    elif token.pos_ in ("VERB", "AUX") and not _is_modifier(token):
        yield from _verb(token, quotations)
    elif token.pos_ == "NOUN" and token.lemma_.lower() in cues.NOUNS:
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
        return
    content = passive_content_of(verb, lemma) if passive else content_of(verb, lemma, quotations)
    if content is None or source is None or not content[0]:
        return
    parts, confidence = content
    if source.pos_ == "PRON":
        confidence -= 0.05
    yield Candidate(source, _cue_offsets(verb), parts, round(confidence, 2))


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
    """ "in the words of X", "in X's words": the rest of the clause is X's."""
    phrase = next((c for c in token.children if c.lower_ == "of"), None)
    around = phrase.children if phrase is not None else token.children
    source = next((c for c in around if c.dep_ in ("pobj", "poss")), None)
    if source is not None:
        yield from _rest_of_clause(token.head, phrase or token, source)


def _rest_of_clause(token: Token, last: Token, source: Token) -> Iterator[Candidate]:
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
        yield Candidate(source, cue, parts, 0.85)


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
