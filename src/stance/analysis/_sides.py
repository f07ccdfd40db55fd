"""Signs in a parse that a statement takes a side on a noun phrase; which side is not told."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

SIGNS: Mapping[str, str] = {
    "position": "a word of being for or against it: rejected the plan, support for the plan, against the plan",
    "ought": "what should be: the plan must go, we should keep the plan",
    "judged": "a clause of praise or blame: the plan is a mistake, the plan hurts families",
}
"""The signs that are looked for, the surest first."""
_POSITION = frozenset(
    """support back endorse favor favour welcome praise hail applaud laud commend champion defend advocate embrace
    approve accept bless salute celebrate promote embolden uphold cherish appreciate value prefer trust demand urge
    oppose reject refuse condemn denounce criticize criticise dismiss decry deplore slam blast lambast attack
    reproach rebuke ridicule mock resist block veto fight ban forbid prohibit outlaw abolish scrap repeal revoke
    boycott protest contest dispute disavow doubt fear regret lament bemoan resent hate detest distrust dread
    downplay shun spurn""".split()
)
"""Verbs of judgment, admiring and wanting, and of forbidding and ending, whose object is what a side is taken on. After
the classes 31.2, 33, 32 and 67 of Levin, English Verb Classes and Alternations (1993), without those of news style
alone."""
_TOWARD = ("for", "to", "over", "about", "with", "in", "on")
_STANDING = {
    lemma: prepositions
    for lemmas, prepositions in (
        ("""support opposition backing appetite worry enthusiasm outrage anger commitment hostility aversion confidence
         trust faith frustration demand preference sympathy respect contempt reservation misgiving unease alarm campaign
         vote petition veto doubt skepticism scepticism concern resistance objection protest opposed hostile committed
         sceptical skeptical enthusiastic confident hopeful concerned worried angry happy glad sorry keen averse""",
         _TOWARD),
        ("case", ("for", "against")),
        ("""favor favour rejection approval endorsement condemnation criticism praise fear supporter opponent advocate
         proponent critic champion critical supportive wary proud afraid fond sick tired""", ("of", "for")),
    )
    for lemma in lemmas.split()
}  # fmt: skip
"""Nouns and adjectives that say where somebody stands, each with what comes before that on which: "support for", but
"the support of" is somebody's."""
_AFTER_VERBS = {
    "call": ("for",), "push": ("for",), "press": ("for",), "vote": ("for",), "argue": ("for",), "plead": ("for",),
    "hope": ("for",), "fight": ("for",), "campaign": ("for",), "lobby": ("for",), "long": ("for",), "insist": ("on",),
    "object": ("to",), "agree": ("to", "with"), "disagree": ("with",), "side": ("with",), "stand": ("by", "behind"),
    "approve": ("of",), "disapprove": ("of",), "believe": ("in",), "complain": ("about",), "worry": ("about",),
    "commit": ("to",), "oppose": ("to",), "thank": ("for",), "apologize": ("for",), "apologise": ("for",),
}  # fmt: skip
"""Prepositions by which a verb takes a side on what follows: "called for a ban", but "called for an hour"."""
_SHELTER = frozenset("protect guard shield insure secure lean brace".split())
"""Verbs after which *against* says nothing of anybody's position: "protect against the sun"."""
_OUGHT = frozenset("must should ought".split())
_LIGHT = frozenset(
    """end ending start number part kind sort lack rest series set lot range round use idea notion prospect
    possibility lifting return resumption continuation expansion extension suspension introduction creation
    abolition strengthening beginning removal imposition closure opening level amount majority share""".split()
)
"""Nouns through which one looks to what they are of: "welcomed the lifting of sanctions"."""
_CALLING = frozenset("call label brand dub deem describe denounce see view regard consider".split())
"""Verbs by which somebody says what a thing is: what follows is a verdict, in whatever words."""
_VALENCE = 1.0
"""From which mean rating of VADER's ten raters, from -4 to 4, a word praises or blames: below lie important (0.8) and
costly (-0.4), and most of what people rated one by one near zero. A choice, not measured."""
_SUBJECT, _OBJECT = ("nsubj", "nsubjpass"), ("dobj", "nsubjpass")
_SAID_OF = ("attr", "acomp", "oprd")


def signs_on(noun: Token) -> tuple[str, ...]:
    """Which of :data:`SIGNS` stand on a noun phrase.

    Parameters
    ----------
    noun
        The head of the phrase.

    Examples
    --------
    >>> from stance.text.syntax import dependencies
    >>> text = "Ann rejected the plan as reckless. We must end the war. Bob read a book."
    >>> [(noun.text, signs_on(noun)) for noun in dependencies(text, [(0, len(text))]) if noun.pos_ == "NOUN"]
    [('plan', ('position', 'judged')), ('war', ('ought',)), ('book', ())]
    """
    place = _place(noun)
    tests = {"position": _of_position(place), "ought": _ought(place), "judged": _judged(noun, place)}
    return tuple(sign for sign in SIGNS if tests[sign])


def names_another(noun: Token) -> bool:
    """Whether a noun phrase is a verdict on another, or a part of it: "called it *a mistake*", "*the end* of it".

    Parameters
    ----------
    noun
        The head of the phrase.

    Examples
    --------
    >>> from stance.text.syntax import dependencies
    >>> text = "Ann called the plan a mistake and welcomed the end of the war."
    >>> [noun.text for noun in dependencies(text, [(0, len(text))]) if noun.pos_ == "NOUN" and names_another(noun)]
    ['mistake', 'end']
    """
    as_one = noun.dep_ == "pobj" and noun.head.lower_ == "as" and noun.head.head.pos_ == "VERB"
    part = noun.lemma_.lower() in _LIGHT and any(c.lower_ == "of" for c in noun.children)
    return noun.dep_ in _SAID_OF or as_one or part


def _place(noun: Token) -> Token:
    """The noun that stands for a phrase in its clause: the first of a list, or what it is the end or a part of."""
    while True:
        if noun.dep_ == "conj" and noun.head.pos_ in ("NOUN", "PROPN"):
            noun = noun.head
        elif noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.lemma_.lower() in _LIGHT:
            noun = noun.head.head
        else:
            return noun


def _of_position(noun: Token) -> bool:
    above = noun.head
    if noun.dep_ in _OBJECT:
        asked = above.lemma_ == "urge" and any(c.dep_ == "xcomp" for c in above.children)  # "urged Iran to talk"
        return above.lemma_.lower() in _POSITION and not asked
    if noun.dep_ != "pobj":
        return False
    word, governor = above.lower_, above.head
    lemma = governor.lemma_.lower()
    if word == "against":
        return lemma not in _SHELTER
    if word in _AFTER_VERBS.get(lemma, ()) and governor.pos_ in ("VERB", "AUX"):
        return True
    return word in _STANDING.get(lemma, ()) and governor.i < above.i


def _ought(noun: Token) -> bool:
    verb = noun.head
    if noun.dep_ not in (*_SUBJECT, *_OBJECT) or verb.pos_ not in ("VERB", "AUX"):
        return False
    if noun.dep_ == "nsubj" and any(c.dep_ == "dobj" for c in verb.children):
        return False  # who should do something is addressed, not judged
    return any(_is_bound(part) for part in _with_governors(verb))


def _with_governors(verb: Token) -> Iterator[Token]:
    """A verb, and those whose subject and mood it shares: "must stop and leave", "should try to end"."""
    yield verb
    while verb.dep_ in ("conj", "xcomp") and verb.head.pos_ in ("VERB", "AUX"):
        verb = verb.head
        yield verb


def _is_bound(verb: Token) -> bool:
    if verb.lemma_ in ("need", "have") and any(c.dep_ == "xcomp" and _is_infinitive(c) for c in verb.children):
        return True
    return any(c.dep_ == "aux" and c.lower_ in _OUGHT for c in verb.children)


def _is_infinitive(verb: Token) -> bool:
    return any(c.tag_ == "TO" for c in verb.children)


def _judged(noun: Token, place: Token) -> bool:
    above = place.head
    if place.dep_ == "nsubj" and above.pos_ == "VERB" and praises_or_blames(above) and noun.pos_ == "NOUN":
        return any(c.dep_ in ("dobj", "prep") for c in above.children)
    if place.dep_ not in (*_SUBJECT, "dobj"):
        return False
    said_of = list(_said_of(above, place))
    if said_of and place.dep_ in _OBJECT and above.lemma_.lower() in _CALLING:
        return True
    return any(praises_or_blames(part) for said in said_of for part in (said, *said.children))


def _said_of(verb: Token, noun: Token) -> Iterator[Token]:
    """What a clause says that its subject or object is: "is a mistake", "called it a mistake", "described as one"."""
    of_subject = verb.pos_ == "AUX" or verb.lemma_ in ("become", "remain", "seem", "appear", "look", "prove")
    for child in verb.children:
        if child.dep_ in _SAID_OF and (of_subject or noun.dep_ in _OBJECT):
            yield child
        if child.dep_ == "prep" and child.lower_ == "as" and noun.dep_ in _OBJECT:
            yield from (c for c in child.children if c.dep_ in ("pobj", "amod"))


def praises_or_blames(word: Token) -> bool:
    """Whether people rated a word as good or bad.

    Parameters
    ----------
    word
        Any token.

    Examples
    --------
    >>> from stance.text.syntax import dependencies
    >>> [word.text for word in dependencies("A reckless plan on paper", [(0, 24)]) if praises_or_blames(word)]
    ['reckless']
    """
    ratings = _ratings()
    return abs(ratings.get(word.lower_, ratings.get(word.lemma_.lower(), 0.0))) >= _VALENCE


@functools.cache
def _ratings() -> Mapping[str, float]:
    """How people rated words (VADER: Hutto and Gilbert 2014)."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer().lexicon
