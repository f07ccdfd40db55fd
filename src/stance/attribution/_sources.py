"""Who speaks: the source of a cue, from dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.attribution import _cues as cues
from stance.attribution._factuality import FEELING, PROSPECTIVE, TO_REVERSED
from stance.attribution._titles import is_official, names_person

if TYPE_CHECKING:
    from spacy.tokens import Token


_DEEPEST = 4
"""Verbs that are climbed for a subject; deeper chains are faults of the parse."""


_ADDRESSING = frozenset("call appeal prevail rely count plead".split())
"""Verbs that take whom they ask with a preposition: "called on the bank to lend"."""
_CAUSING = frozenset("get have see want need keep leave make like".split())
"""Verbs that take somebody or a thing with a participle: "got the judge confirmed"."""
_OF_SOMEBODY = PROSPECTIVE | FEELING | TO_REVERSED
"""Adjectives whose infinitive has their own subject: "Ann is likely to say", but "the plan is hard to explain"."""
_IMPERSONAL = frozenset(
    """fall take remain cost behoove behove suffice please gratify delight surprise amuse sadden hurt pay help
    interest bother pain strike relieve hearten encourage worry shock""".split()
)
"""Verbs whose *it* stands for the infinitive after it, and for nobody: "it fell to Ann to explain"."""


def is_nobody(subject: Token) -> bool:
    """Whether an *it* stands for an infinitive: "*it* fell to Ann to explain", "*it* is good to know".

    Parameters
    ----------
    subject
        The head of a source; its verb must be above the cue.
    """
    verb = subject.head
    if subject.lower_ != "it" or subject.dep_ != "nsubj":
        return False
    judged = verb.lemma_ == "be" and any(c.dep_ in ("acomp", "attr") for c in verb.children)
    return judged or verb.lemma_.lower() in _IMPERSONAL


def is_passive(verb: Token) -> bool:
    """Passive voice, also of a bare participle: "Asked about the talks, Putin …"."""
    if any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children):
        return True
    if _is_brought_about(verb):
        return True
    active = any(c.dep_ in ("aux", "nsubj") for c in verb.children)
    return verb.tag_ == "VBN" and verb.dep_ in ("advcl", "acl") and not active


def _is_brought_about(verb: Token) -> bool:
    """ "Got the judge *confirmed*", "wants the plan *rejected*": a participle, whatever a parse takes it for."""
    if verb.dep_ not in ("ccomp", "xcomp") or verb.tag_ not in ("VBN", "VBD"):
        return False
    alone = not any(c.dep_ in ("aux", "mark", "dobj", "ccomp", "xcomp", "oprd") for c in verb.children)
    return alone and verb.head.lemma_.lower() in _CAUSING and verb.left_edge.i == verb.head.i + 1


def subject_of(verb: Token, depth: int = 0) -> Token | None:
    """Who speaks: the subject of the verb, or the one that controls it."""
    subjects = [c for c in verb.children if c.dep_ == "nsubj"]
    if subjects:  # the nearest of two: "Putin, Zelensky said, is afraid"
        return antecedent(min(subjects, key=lambda c: abs(c.i - verb.i)))
    if is_aside(verb):
        above = [a for a in verb.ancestors if a.pos_ in ("VERB", "AUX") and a.sent == verb.sent]
        host = next((a for a in above if a.lemma_.lower() in cues.VERBS), above[0] if above else None)
        return subject_of(host, depth + 1) if host is not None and depth <= _DEEPEST else None
    if depth and verb.lemma_.lower() in cues.REPORTED:  # "was quoted as saying"
        reported = next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
        if reported is not None:
            return antecedent(reported)
    inverted = any(c.dep_ == "expl" for c in verb.children)  # "there said"
    return None if inverted or depth > _DEEPEST else _controller(verb, depth)


def _controller(verb: Token, depth: int) -> Token | None:
    """The subject of a verb that has none of its own: of the verb or noun above it."""
    if (beside := _with_one(verb)) is not None:
        return beside
    if (raised := _raised(verb, depth)) is not None:
        return raised
    if verb.dep_ in ("conj", "advcl", "xcomp", "dep"):
        controller = _object(verb.head) if verb.dep_ == "xcomp" else None
        if verb.head.pos_ in ("VERB", "AUX") and (verb.dep_ != "advcl" or verb.tag_ in ("VBG", "VB", "VBN")):
            return controller or _who_is_somebody(verb, subject_of(verb.head, depth + 1))
    if verb.dep_ == "relcl" or (verb.dep_ == "acl" and verb.tag_ == "VBG"):
        return verb.head
    if verb.dep_ == "pcomp" and verb.head.lower_ == "for" and (judged := _object(verb.head.head)) is not None:
        return judged  # "thanked Ann for supporting the plan"
    if verb.dep_ == "pcomp" and verb.head.head.pos_ in ("VERB", "AUX"):
        return subject_of(verb.head.head, depth + 1)
    return None


def _raised(verb: Token, depth: int) -> Token | None:
    """Whom a passive or an adjective above an infinitive is said of: "*Ann* is expected, or likely, *to reject* it"."""
    above = verb.head
    if (
        verb.dep_ != "xcomp"
        or verb.tag_ != "VB"
        or not any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children)
    ):
        return None
    if above.dep_ == "acomp" and above.lower_ in _OF_SOMEBODY:
        subject = subject_of(above.head, depth + 1)
    else:
        subject = next((antecedent(c) for c in above.children if c.dep_ == "nsubjpass"), None)
    return None if subject is None or subject.lower_ in ("it", "there") else subject


def _who_is_somebody(verb: Token, subject: Token | None) -> Token | None:
    """The subject from above; None for the *it* of "it fell to Ann *to explain*"."""
    empty = subject is not None and verb.tag_ == "VB" and verb.dep_ != "conj" and is_nobody(subject)
    return None if empty else subject


def _with_one(verb: Token) -> Token | None:
    """ "The day ended with Ann *calling* it useful": Ann, since no day speaks."""
    if verb.tag_ != "VBG" or verb.dep_ != "advcl" or verb.i == 0:
        return None
    before, host = verb.nbor(-1), next((c for c in verb.head.children if c.dep_ == "nsubj"), None)
    thing = host is not None and host.pos_ == "NOUN" and not is_official(host) and not names_person(host.lemma_)
    return before if thing and before.dep_ == "pobj" and before.head.lower_ == "with" else None


def is_aside(verb: Token) -> bool:
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
    """Whom a verb makes do what its infinitive says: "asked *Ann* to go", "called on *Ann* to go"."""
    addressed = verb.children if verb.lemma_.lower() in _ADDRESSING else ()
    hearers = (g for c in addressed if c.lower_ in ("on", "upon", "to") for g in c.children if g.dep_ == "pobj")
    objects = (c for c in verb.children if c.dep_ == "dobj" and c.pos_ in ("NOUN", "PROPN", "PRON"))
    return next(objects, None) or next(hearers, None)


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


def agent_of(verb: Token) -> Token | None:
    for child in verb.children:
        if child.dep_ == "agent":
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    return None
