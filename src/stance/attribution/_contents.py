"""What is said: the content of a cue, from dependencies and quotation marks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from stance.attribution import _cues as cues
from stance.attribution._sources import is_aside
from stance.text.quotations import Quotation, Quotations
from stance.text.spans import Offsets, runs, stretch

if TYPE_CHECKING:
    from spacy.tokens import Token

_LONGEST_PARENTHESIS = 14
"""Tokens of a cue inside another clause: "…, the minister said on Monday, …". 6 to 25 find the same in marked
sets; without a bound, a parse that goes wrong gives half a sentence away."""
_REASONS = ("for", "as", "over")
"""What follows a blow that is one in words: "attacked Biden *for* his failures", but "Tarn *with* drones"."""
_OBJECTS = ("dobj", "attr", "oprd")


class _Cue(NamedTuple):
    """An active verb that may attribute something."""

    verb: Token
    lemma: str
    quotations: Quotations

    def clauses(self) -> list[Token]:
        """Heads of its clausal complements."""
        return [c for c in self.verb.children if c.dep_ == "ccomp"]


_Found = tuple[Offsets, float] | None
"""Where a content stands, and how sure the rule is."""


def _of_relative_clause(cue: _Cue) -> _Found:
    if cue.verb.dep_ in ("relcl", "acl") and (parts := _relativized(cue.verb, cue.lemma)):
        return parts, 0.7
    return None


def _of_naming(cue: _Cue) -> _Found:
    if cue.lemma in cues.NAMING and (parts := _naming(cue.verb, cue.lemma)):
        return parts, 0.85
    return None


def _of_clause(cue: _Cue) -> _Found:
    if cue.lemma not in cues.SPEECH | cues.ATTITUDE | cues.EVIDENCE:
        return None
    clauses = cue.clauses()
    if right := [c for c in clauses if c.i > cue.verb.i]:
        return joined(right), 0.9
    if clauses:
        return _outside(clauses[0], cue.verb), 0.9
    if (parts := _host_clause(cue.verb)) is not None and cue.lemma in cues.SPEECH | cues.ATTITUDE:
        return parts, 0.85
    return None


def _of_infinitive(cue: _Cue) -> _Found:
    infinitives = [c for c in cue.verb.children if c.dep_ == "xcomp" and c.i > cue.verb.i and not is_silence(c)]
    return (joined(infinitives), 0.8) if cue.lemma in cues.INFINITIVE and infinitives else None


def _of_what(cue: _Cue) -> _Found:
    named = [c for c in cue.clauses() if c.i > cue.verb.i and c.left_edge.lower_ == "what"]
    return (joined(named), 0.75) if cue.lemma in cues.OBJECT and named else None


def _of_object(cue: _Cue) -> _Found:
    if cue.lemma not in cues.OBJECT or (thing := _content_object(cue.verb)) is None:
        return None
    tail = _object_tail(cue.verb, thing)
    meeting = cue.lemma == "welcome" and thing.pos_ in ("PROPN", "PRON")
    deed = (meeting or cue.lemma in cues.ALSO_DEEDS) and not any(c.lower_ in _REASONS for c in tail)
    return None if deed else (joined([thing, *tail]), 0.75)


def _of_question(cue: _Cue) -> _Found:
    """ "*Which of the two* does Ann prefer?": what is asked about stands before the verb."""
    if cue.verb.dep_ != "ROOT" or cue.verb.sent[-1].text != "?":
        return None
    helpers = [c.i for c in cue.verb.children if c.dep_ == "aux"]
    things = [c for c in cue.verb.children if c.dep_ in _OBJECTS and c.right_edge.i + 1 in helpers]
    asked = [c for c in things if c.left_edge.tag_ in ("WP", "WDT")]
    return (joined(asked), 0.7) if asked else None


def _of_preposition(cue: _Cue) -> _Found:
    for preposition in cue.verb.children:
        if preposition.dep_ == "prep" and preposition.lower_ in cues.PREPOSITIONS.get(cue.lemma, ()):
            return joined([preposition, *_conditions(cue.verb, preposition)]), 0.75
    return None


def _of_quotation(cue: _Cue) -> _Found:
    if cue.lemma in cues.SPEECH and (quotation := _adjacent(cue.verb, cue.quotations)):
        return ((quotation.start, quotation.end),), 0.8
    return None


RULES = (
    _of_relative_clause,  # first: its content is outside, whatever else the verb has
    _of_naming,  # "called X a Y": before the clause that some parses make of "X a Y"
    _of_clause,
    _of_infinitive,
    _of_what,  # "criticized what he called …": before the object it stands for
    _of_object,
    _of_question,
    _of_preposition,
    _of_quotation,  # last: the nearest quotation may be somebody else's
)
"""Where the content of an active verb is looked for, from what says most to what says least; the first that finds one
is taken. Their confidence keeps that order; where the tagger reads, too, its measured one takes the place of this."""


def content_of(verb: Token, lemma: str, quotations: Quotations) -> _Found:
    """Where the content of an active verb stands, and how sure the rule is."""
    cue = _Cue(verb, lemma, quotations)
    return next((found for rule in RULES if (found := rule(cue)) is not None), None)


def is_silence(infinitive: Token) -> bool:
    """ "refused *to comment*": a cue without content.

    Parameters
    ----------
    infinitive
        The head of what would be the content.
    """
    said = any(c.dep_ in ("dobj", "ccomp", "xcomp", "prep") for c in infinitive.children)
    return infinitive.lemma_.lower() in cues.BARE_SPEECH and not said


def _conditions(verb: Token, thing: Token) -> list[Token]:
    """ "warning of consequences *if no ceasefire is reached*"."""
    after = [c for c in verb.children if c.dep_ == "advcl" and c.i > thing.i]
    return [c for c in after if c.left_edge.lower_ in cues.CONDITIONS]


def _relativized(verb: Token, lemma: str) -> Offsets | None:
    """ "…, a fact that officials have referenced": the noun, or the clause it stands for."""
    own_subject = any(c.dep_ == "nsubj" and c.tag_ not in ("WP", "WDT") for c in verb.children)
    relative = next((c for c in verb.children if c.dep_ == "dobj" and c.tag_ in ("WDT", "WP")), None)
    complete = any(c.dep_ in ("ccomp", "xcomp") or (c.dep_ == "dobj" and c is not relative) for c in verb.children)
    if not own_subject or complete or lemma not in cues.OBJECT:
        return None
    noun = verb.head
    if noun.lemma_ in cues.SHELL_NOUNS and noun.dep_ in ("appos", "npadvmod", "dep", "attr", "conj", "dobj"):
        clause = next((a for a in noun.ancestors if a.pos_ in ("VERB", "AUX")), None)
        if clause is not None:
            own = {t.i for t in noun.subtree} | {
                t.i for c in clause.children if c.dep_ == "advcl" and c.i < clause.i for t in c.subtree
            }
            return runs([t for t in clause.subtree if t.i not in own and t.i < noun.left_edge.i])
    if noun.pos_ not in ("NOUN", "PROPN"):
        return None
    own = {t.i for t in verb.subtree}
    return runs([t for t in noun.subtree if t.i not in own])


def _content_object(verb: Token) -> Token | None:
    return next((c for c in verb.children if c.dep_ in _OBJECTS and c.i > verb.i and c.tag_ != "WP"), None)


def _object_tail(verb: Token, thing: Token) -> list[Token]:
    """What completes the object: "criticized Biden *for failures*", "accused him *of lying*"."""
    return [
        c
        for c in verb.children
        if c.i > thing.i
        and (
            (c.dep_ == "prep" and c.lower_ in ("for", "as", "of", "over", "to", "with"))
            or c.dep_ in ("oprd", "xcomp")
            or c in as_phrases_of(verb)
        )
    ]


def _naming(verb: Token, lemma: str) -> Offsets | None:
    """ "called X a Y", "described X as Y", "what he called Y": X and Y together are the content."""
    after = [c for c in verb.children if c.i > verb.i]
    predicates = [c for c in after if c.dep_ in ("oprd", "xcomp", "ccomp", "attr", "acomp")]
    as_phrases = as_phrases_of(verb)
    predicates = [c for c in predicates if c not in as_phrases]
    things = [c for c in after if c.dep_ == "dobj"]
    if lemma in cues.AS and not as_phrases:
        return None
    if lemma == "describe" and not as_phrases and not predicates:
        return None
    given = [c for c in after if c.dep_ == "dative"]  # "branded him a thief", as some parses have it
    if not predicates and not as_phrases and not (given and things):
        return None
    things += given
    chosen = predicates + as_phrases + things
    if lemma == "call" and not predicates and any(c.lower_ in ("for", "on") for c in verb.children):
        return None
    if as_phrases and not things:  # "what he described as policy failures"
        return joined([t for phrase in as_phrases for t in _after_as(phrase)] + predicates)
    return joined(chosen)


def as_phrases_of(verb: Token) -> list[Token]:
    """ "*as* useful", "*as* held in good faith": what a thing is said to be, as a phrase or as a clause."""
    after = [c for c in verb.children if c.i > verb.i]
    of_clause = [c for c in after if c.dep_ in ("advcl", "ccomp", "xcomp") and c.left_edge.lower_ == "as"]
    of_clause = [c for c in of_clause if not any(g.dep_ in ("nsubj", "nsubjpass") for g in c.children)]
    return [c for c in after if c.dep_ == "prep" and c.lower_ == "as"] + of_clause


def _after_as(phrase: Token) -> list[Token]:
    """What follows *as*, as heads of phrases."""
    if phrase.lower_ == "as":
        return list(phrase.children)
    return [c for c in phrase.children if c.lower_ != "as"] or [phrase]


def passive_content_of(verb: Token, lemma: str) -> tuple[Offsets, float] | None:
    """ "The move was criticized by Trump": the subject is the content, or "as …"."""
    if lemma not in cues.OBJECT | cues.NAMING | cues.SPEECH:
        return None
    subject = next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
    if subject is None:
        return _asked_about(verb)
    if lemma in cues.TELLING or (lemma == "ask" and subject.pos_ in ("PRON", "PROPN")):
        told = [c for c in verb.children if c.i > verb.i and _is_told(c, lemma)]
        return (joined(told), 0.8) if told else None
    tail = [
        c for c in verb.children if c.i > verb.i and (c.dep_ in ("oprd", "xcomp", "ccomp") or c.lower_ in ("as", "for"))
    ]
    return tuple(p for part in ([subject], tail) if part for p in joined(part)), 0.7


def _asked_about(verb: Token) -> _Found:
    """ "Was *the merger* criticised by Ann?", which parses take for "the merger that was criticised"."""
    noun, was = verb.head, verb.head.head
    inverted = noun.dep_ == "nsubj" and was.lemma_ == "be" and was.i < noun.left_edge.i and verb.sent[-1].text == "?"
    if verb.dep_ != "acl" or not inverted:
        return None
    own = {t.i for t in verb.subtree}
    tail = [t for c in verb.children if c.i > verb.i and c.dep_ in ("oprd", "attr") for t in c.subtree]
    return runs([*(t for t in noun.subtree if t.i not in own), *tail]), 0.7


def _is_told(child: Token, lemma: str) -> bool:
    """Whether a part of "reporters were told by her *that …*" is what they were told."""
    return child.dep_ in ("ccomp", "xcomp") or child.lower_ in cues.PREPOSITIONS.get(lemma, ())


def _host_clause(verb: Token) -> Offsets | None:
    """ "The talks, he said, were useful": the clause that hosts a parenthetical cue."""
    own = list(verb.subtree)
    if verb.dep_ != "parataxis" or len(own) > _LONGEST_PARENTHESIS:
        return None
    return runs(t for t in verb.head.subtree if not own[0].i <= t.i <= own[-1].i)


def _adjacent(verb: Token, quotations: Quotations) -> Quotation | None:
    """The quotation right after a cue, or else right before it, with no other verb between."""
    sentence = verb.sent
    start, end = verb.idx, verb.idx + len(verb)
    verbs = [t.idx for t in sentence if t.pos_ == "VERB" and t is not verb]
    found: list[tuple[bool, int, Quotation]] = []
    for q in quotations.touching(max(0, sentence.start_char - 2), sentence.end_char):
        low, high = (end, q.start) if q.start >= end else (q.end, start)
        if not q.start <= start < q.end and not any(low <= v < high for v in verbs):
            found.append((q.start < start, high - low, q))
    return min(found, key=lambda f: f[:2])[2] if found else None


def joined(heads: Iterable[Token]) -> Offsets:
    """One stretch from the first to the last token under the heads, without a participle's aside."""
    tokens = [t for head in heads for t in _without_asides(head)]
    if not tokens:
        return ()
    first, last = min(t.i for t in tokens), max(t.i for t in tokens)
    parsed = tokens[0].doc
    return stretch(parsed[first], parsed[last])


def _without_asides(head: Token) -> list[Token]:
    asides = [t for t in head.subtree if t is not head and is_aside(t) and t.lemma_.lower() in cues.VERBS]
    out = {t.i for aside in asides for t in aside.subtree}
    return [t for t in head.subtree if t.i not in out]


def _outside(clause: Token, verb: Token) -> Offsets:
    """A clause without the cue and its subject, which may stand in its middle."""
    around = [c for c in verb.subtree if clause not in (c, *c.ancestors)]
    own = {t.i for t in around}
    return runs([t for t in clause.subtree if t.i not in own])
