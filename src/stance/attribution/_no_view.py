"""Words of speech and mind that give nobody's view: a matter that is named, a courtesy, what the author infers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.attribution._mood import is_infinitive
from stance.attribution._sources import subject_of
from stance.attribution._titles import BODIES, OFFICIAL, STAFF, names_person

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_TOPICAL = frozenset("discuss exchange converse confer deliberate".split())
"""Verbs whose object is what is spoken of, by all who speak, and never what one of them says of it."""
_GOING_ON = frozenset("continue begin start keep resume finish proceed".split())
_HOLDING = frozenset("hold host have conduct convene chair attend arrange organize organise schedule".split())
_TALKS = frozenset(
    """call conversation talk negotiation conference meeting session summit dialogue discussion consultation briefing
    roundtable""".split()
)
"""What is held to speak with somebody, and says nothing of what is said."""
_AGREED = frozenset("plan schedule timetable rule custom tradition calendar program programme procedure".split())
_PROCEEDING = frozenset("go proceed run work develop unfold progress move advance happen continue".split())
"""Verbs of what goes *according to plan*: as was meant, whoever said so."""
_THANKING = frozenset("thank congratulate welcome greet wish".split())
_MEETING = frozenset("see meet welcome greet host receive".split())
"""Verbs that with a feeling make a greeting: "glad to see you"."""
_REASONS = frozenset("for over as because".split())
_OCCASIONS = frozenset("occasion birthday anniversary holiday".split())
_MANY = frozenset("participant attendee audience everyone everybody all people".split())
_INFERRING = frozenset("show suggest indicate mean prove".split())
"""Verbs of :data:`stance.attribution._cues.EVIDENCE` by which an author concludes from what stands before."""
_CLAUSES = ("ccomp", "csubj", "oprd")


def gives_no_view(verb: Token, cue: Span) -> bool:
    """Whether a cue reports nobody's view: the object names a topic or a person, the subject is no speaker, or the
    clause asks how much somebody wants a thing.

    Parameters
    ----------
    verb
        The verb of the cue.
    cue
        Its tokens.
    """
    if _names_topic(verb, cue) or _is_held(verb) or _is_manner(verb):
        return True
    return _is_courtesy(verb) or _is_inferred(verb) or _asks_how_much(verb)


def _names_topic(verb: Token, cue: Span) -> bool:
    """ "Discussed the dam", "met to exchange views": what was spoken of."""
    last = next((t for t in reversed(cue) if t.pos_ == "VERB"), verb)
    if last.lemma_.lower() in _GOING_ON:  # "continued discussing"
        last = next((c for c in last.children if c.dep_ == "xcomp"), last)
    return last.lemma_.lower() in _TOPICAL and not _has_clause(last)


def _is_held(verb: Token) -> bool:
    """ "Hosted a call with farmers about the drought": that they spoke."""
    things = [c for c in verb.children if c.dep_ == "dobj"]
    return verb.lemma_.lower() in _HOLDING and any(c.lemma_.lower() in _TALKS for c in things) and not _has_clause(verb)


def _is_manner(verb: Token) -> bool:
    """ "Talked like a senator", "goes according to plan": how, and not what."""
    if verb.lower_ == "according":
        nouns = (c for phrase in verb.children if phrase.lower_ == "to" for c in phrase.children)
        return verb.head.lemma_.lower() in _PROCEEDING and any(c.lemma_.lower() in _AGREED for c in nouns)
    like = any(c.dep_ == "prep" and c.lower_ == "like" for c in verb.children)
    return like and verb.lemma_.lower() in ("talk", "speak", "sound") and not _has_clause(verb)


def _is_courtesy(verb: Token) -> bool:
    """ "Thanked the host", "welcomed the delegation", "was glad to see her": toward a person, with no reason given."""
    felt = [verb, *(c for c in verb.children if c.dep_ == "acomp")]
    below = [c for f in felt for c in f.children if c.dep_ == "xcomp" and is_infinitive(c)]
    return _greets(verb, _THANKING) or any(_greets(v, _THANKING | _MEETING) for v in below)


def _greets(verb: Token, greeting: frozenset[str]) -> bool:
    if verb.lemma_.lower() not in greeting or _has_clause(verb) or _is_passive(verb):
        return False
    after = [c for c in verb.children if c.i > verb.i]
    thing = next((c for c in after if c.dep_ in ("dobj", "dative")), None)
    if thing is None or not _is_somebody(thing, of_things=verb.lemma_.lower() == "welcome"):
        return False
    reasons = [c for c in (*after, *thing.children) if c.lower_ in _REASONS or c.lower_ in ("on", "upon")]
    return all(c.lower_ in ("on", "upon") and _is_occasion(c) for c in reasons)


def _is_occasion(phrase: Token) -> bool:
    """ "On the occasion of …", "on her birthday", "on Monday": when, and for nothing that somebody did."""
    nouns = [t for c in phrase.children if c.dep_ == "pobj" for t in (c, *c.conjuncts)]
    return bool(nouns) and all(t.lemma_.lower() in _OCCASIONS or t.ent_type_ in ("DATE", "EVENT") for t in nouns)


def _is_somebody(noun: Token, of_things: bool = False) -> bool:
    """A person or body; where things are met with the same verb ("welcomed Brexit"), a bare name may be one of them."""
    if noun.pos_ == "PRON":
        return noun.tag_ == "PRP" and noun.lower_ not in ("it", "itself")
    if noun.pos_ == "PROPN":
        return not of_things or any(_is_title(t) for t in (noun, *noun.lefts))
    return _is_title(noun)


def _is_title(noun: Token) -> bool:
    known = OFFICIAL | STAFF | BODIES | _MANY
    return noun.lower_ in known or noun.lemma_.lower() in known or names_person(noun.lemma_)


def _is_inferred(verb: Token) -> bool:
    """ "That would mean …", "…, which shows that …": what the author makes of it, since no fact speaks."""
    lemma = verb.lemma_.lower()
    of_noun = verb.dep_ == "relcl" and verb.head.pos_ not in ("VERB", "AUX") and lemma != "mean"
    if lemma not in _INFERRING or of_noun:  # "a poll that shows": a document, and not all that was said
        return False
    if any(c.dep_ == "csubj" for c in verb.children):
        return True
    subject = subject_of(verb)
    if subject is None:
        return False
    thing = subject.tag_ == "WDT" or (subject.pos_ == "NOUN" and not _is_somebody(subject))
    return subject.tag_ == "DT" or (lemma == "mean" and thing)


def _asks_how_much(verb: Token) -> bool:
    """ "How much she wants a tram": how far is what is asked, and that she does is taken for granted by who asks."""
    asked = any(t.lower_ == "how" and t.head.i == t.i + 1 for c in verb.lefts for t in c.subtree)
    embedded = verb.dep_ in ("ccomp", "csubj", "csubjpass", "pcomp", "conj") or verb.left_edge.lower_ == "how"
    direct = verb.sent.text.rstrip().endswith("?") and verb.dep_ == "ROOT"
    return asked and embedded and not direct and not _has_clause(verb)


def _has_clause(verb: Token) -> bool:
    return any(c.dep_ in _CLAUSES and c.i > verb.i for c in verb.children)


def _is_passive(verb: Token) -> bool:
    return any(c.dep_ == "auxpass" for c in verb.children)
