"""What one cue attributes to whom: dependency patterns, token by token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.attribution import _cues as cues
from stance.text.intervals import Intervals
from stance.text.quotations import Quotation
from stance.text.spans import Offsets, runs, trimmed
from stance.text.syntax import text_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_LONGEST_PARENTHESIS = 14
"""Tokens of a cue inside another clause: "…, the minister said on Monday, …"."""
_OBJECTS = ("dobj", "attr", "oprd")


@dataclass(frozen=True)
class Candidate:
    """An attribution before it has an id, a kind and a parent; offsets, not spans."""

    source: Token | None
    cue: Offsets
    content: Offsets
    confidence: float
    source_at: Offsets = ()
    """Where the source stands, if that is not the noun phrase around its head."""


def candidates(token: Token, quotations: Intervals[Quotation]) -> Iterator[Candidate]:
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


def _verb(verb: Token, quotations: Intervals[Quotation]) -> Iterator[Candidate]:
    lemma = verb.lemma_.lower()
    if lemma not in _VERBS:
        return
    passive = _is_passive(verb)
    source = _agent(verb) if passive else _subject(verb)
    if passive and source is None:
        return
    content = _passive_content(verb, lemma) if passive else _content(verb, lemma, quotations)
    if content is None or source is None or not content[0]:
        return
    parts, confidence = content
    if source.pos_ == "PRON":
        confidence -= 0.05
    yield Candidate(source, _cue_offsets(verb), parts, round(confidence, 2))


_VERBS = (
    cues.SPEECH | cues.ATTITUDE | cues.EVIDENCE | cues.OBJECT | cues.NAMING | cues.INFINITIVE | set(cues.PREPOSITIONS)
)


def _is_passive(verb: Token) -> bool:
    """Passive voice, also of a bare participle: "Asked about the talks, Putin …"."""
    if any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children):
        return True
    active = any(c.dep_ in ("aux", "nsubj") for c in verb.children)
    return verb.tag_ == "VBN" and verb.dep_ in ("advcl", "acl") and not active


def _subject(verb: Token, depth: int = 0) -> Token | None:
    """Who speaks: the subject of the verb, or the one that controls it."""
    subjects = [c for c in verb.children if c.dep_ == "nsubj"]
    if subjects:  # the nearest of two: "Putin, Zelensky said, is afraid"
        return antecedent(min(subjects, key=lambda c: abs(c.i - verb.i)))
    if _is_aside(verb):
        above = [a for a in verb.ancestors if a.pos_ in ("VERB", "AUX") and a.sent == verb.sent]
        host = next((a for a in above if a.lemma_.lower() in _VERBS), above[0] if above else None)
        return _subject(host, depth + 1) if host is not None and depth <= 4 else None
    for child in verb.children:  # inversion with an expletive, or "said Putin" parsed otherwise
        if child.dep_ == "expl":
            return None
    if depth > 4:
        return None
    if verb.dep_ == "conj" or verb.dep_ in ("advcl", "xcomp", "dep"):
        controller = _object(verb.head) if verb.dep_ == "xcomp" else None
        if verb.head.pos_ in ("VERB", "AUX") and (verb.dep_ != "advcl" or verb.tag_ in ("VBG", "VB", "VBN")):
            return controller or _subject(verb.head, depth + 1)
    if verb.dep_ == "acl" and verb.tag_ == "VBG":
        return verb.head
    if verb.dep_ == "relcl":
        return verb.head
    if verb.dep_ == "pcomp" and verb.head.head.pos_ in ("VERB", "AUX"):
        return _subject(verb.head.head, depth + 1)
    return None


def _is_aside(verb: Token) -> bool:
    """A participle after a comma: "…, warning that …"."""
    left = verb.left_edge
    return (
        verb.tag_ == "VBG"
        and verb.dep_ in ("advcl", "acl", "conj", "dep", "ccomp", "xcomp")
        and left.i > verb.sent.start
        and verb.doc[left.i - 1].text in (",", "—", "–")
        and not any(c.dep_ == "nsubj" for c in verb.children)
    )


def _object(verb: Token) -> Token | None:
    return next((c for c in verb.children if c.dep_ == "dobj" and c.pos_ in ("NOUN", "PROPN", "PRON")), None)


def antecedent(subject: Token) -> Token:
    """The noun a relative pronoun stands for; any other token stands for itself.

    *Who* means the noun right before it. After a comma it means the whole
    coordination if a part of it is plural ("leaders and Biden, who argued").

    Parameters
    ----------
    subject
        The head of a source.
    """
    if subject.tag_ not in ("WP", "WDT") or subject.head.dep_ != "relcl":
        return subject
    head = subject.head.head
    before = subject.doc[subject.i - 1] if subject.i else subject
    if subject.lower_ != "who":
        return head
    comma = before.text == ","
    last = subject.doc[subject.i - 2] if comma and subject.i > 1 else before
    nouns = [t for t in (last, *last.ancestors) if t.pos_ in ("NOUN", "PROPN", "PRON") and t.i <= last.i]
    nearest = next((t for t in nouns if t.dep_ not in ("compound", "amod", "nmod")), head)
    group = [nearest, *nearest.conjuncts]
    if comma and len(group) > 1 and any(t.tag_ in ("NNS", "NNPS") for t in group):
        return min(group, key=lambda t: t.i)
    return nearest


def _agent(verb: Token) -> Token | None:
    for child in verb.children:
        if child.dep_ == "agent":
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    return None


def _content(verb: Token, lemma: str, quotations: Intervals[Quotation]) -> tuple[Offsets, float] | None:
    """Where the content of an active verb stands, and how sure the rule is."""
    clauses = [c for c in verb.children if c.dep_ == "ccomp"]
    right = [c for c in clauses if c.i > verb.i]
    if verb.dep_ in ("relcl", "acl") and (parts := _relativized(verb, lemma)):
        return parts, 0.7
    if lemma in cues.NAMING and (parts := _naming(verb, lemma)):
        return parts, 0.85
    if lemma in cues.SPEECH | cues.ATTITUDE | cues.EVIDENCE:
        if right:
            return _joined(right), 0.9
        if clauses:
            return _outside(clauses[0], verb), 0.9
        if (parts := _host_clause(verb)) is not None and lemma in cues.SPEECH | cues.ATTITUDE:
            return parts, 0.85
    infinitives = [c for c in verb.children if c.dep_ == "xcomp" and c.i > verb.i and not is_silence(c)]
    if lemma in cues.INFINITIVE and infinitives:
        return _joined(infinitives), 0.8
    if lemma in cues.OBJECT and (named := [c for c in clauses if c.i > verb.i and c.left_edge.lower_ == "what"]):
        return _joined(named), 0.75
    if lemma in cues.OBJECT and (thing := _content_object(verb)):
        tail = _object_tail(verb, thing)
        if tail or lemma not in cues.ALSO_DEEDS:
            return _joined([thing, *tail]), 0.75
    for preposition in verb.children:
        if preposition.dep_ == "prep" and preposition.lower_ in cues.PREPOSITIONS.get(lemma, ()):
            return _joined([preposition, *_conditions(verb, preposition)]), 0.75
    if lemma in cues.SPEECH and (quotation := _adjacent(verb, quotations)):
        return ((quotation.start, quotation.end),), 0.8
    return None


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
            (c.dep_ == "prep" and c.lower_ in ("for", "as", "of", "over", "to", "with")) or c.dep_ in ("oprd", "xcomp")
        )
    ]


def _naming(verb: Token, lemma: str) -> Offsets | None:
    """ "called X a Y", "described X as Y", "what he called Y": X and Y together are the content."""
    after = [c for c in verb.children if c.i > verb.i]
    predicates = [c for c in after if c.dep_ in ("oprd", "xcomp", "ccomp", "attr", "acomp")]
    as_phrases = [c for c in after if c.dep_ == "prep" and c.lower_ == "as"]
    things = [c for c in after if c.dep_ == "dobj"]
    if lemma in ("see", "view", "regard", "name", "term", "portray", "depict") and not as_phrases:
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
        return _joined([c for phrase in as_phrases for c in phrase.children] + predicates)
    return _joined(chosen)


def _passive_content(verb: Token, lemma: str) -> tuple[Offsets, float] | None:
    """ "The move was criticized by Trump": the subject is the content, or "as …"."""
    if lemma not in cues.OBJECT | cues.NAMING | cues.SPEECH:
        return None
    subject = next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
    if subject is None:
        return None
    tail = [
        c for c in verb.children if c.i > verb.i and (c.dep_ in ("oprd", "xcomp", "ccomp") or c.lower_ in ("as", "for"))
    ]
    return tuple(p for part in ([subject], tail) if part for p in _joined(part)), 0.7


def _host_clause(verb: Token) -> Offsets | None:
    """ "The talks, he said, were useful": the clause that hosts a parenthetical cue."""
    own = list(verb.subtree)
    if verb.dep_ != "parataxis" or len(own) > _LONGEST_PARENTHESIS:
        return None
    return runs(t for t in verb.head.subtree if not own[0].i <= t.i <= own[-1].i)


def _adjacent(verb: Token, quotations: Intervals[Quotation]) -> Quotation | None:
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
        yield Candidate(owner, ((noun.idx, noun.idx + len(noun)),), _joined([clause]), 0.65)


def _opens_content(clause: Token) -> bool:
    first = next(iter(clause.subtree))
    return first.lower_ in ("that", "to")


# --- offsets ---------------------------------------------------------------------------------


def _joined(heads: Iterable[Token]) -> Offsets:
    """One stretch from the first to the last token under the heads, without a participle's aside."""
    tokens = [t for head in heads for t in _without_asides(head)]
    if not tokens:
        return ()
    first, last = min(t.i for t in tokens), max(t.i for t in tokens)
    parsed = tokens[0].doc
    return trimmed(text_of(parsed), parsed[first].idx, parsed[last].idx + len(parsed[last]))


def _without_asides(head: Token) -> list[Token]:
    asides = [t for t in head.subtree if t is not head and _is_aside(t) and t.lemma_.lower() in _VERBS]
    out = {t.i for aside in asides for t in aside.subtree}
    return [t for t in head.subtree if t.i not in out]


def _outside(clause: Token, verb: Token) -> Offsets:
    """A clause without the cue and its subject, which may stand in its middle."""
    around = [c for c in verb.subtree if clause not in (c, *c.ancestors)]
    own = {t.i for t in around}
    return runs([t for t in clause.subtree if t.i not in own])


def _cue_offsets(verb: Token) -> Offsets:
    """The cue; with its auxiliaries where it is negated: "did not support"."""
    negated = [c for c in verb.children if c.dep_ == "neg" and c.i < verb.i]
    helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass") and c.i < verb.i]
    first = min([*negated, *helpers], key=lambda c: c.i) if negated else verb
    between = verb.doc[first.i : verb.i]
    plain = all(t in negated or t in helpers or t.pos_ == "ADV" for t in between)
    return ((first.idx if plain else verb.idx, verb.idx + len(verb)),)
