"""What the words above a clause make of it: "failed to say", "a call on her to say", "no sign that she said"."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

from stance.attribution import _factuality as words
from stance.attribution._cues import NAMING
from stance.attribution._mood import (
    has_negation,
    has_nobody,
    helpers_of,
    is_bare,
    is_infinitive,
    is_negated,
)
from stance.attribution._sources import subject_of
from stance.schema import Status

if TYPE_CHECKING:
    from spacy.tokens import Token

Way = Status | Literal["as above", "reversed", "granted"]


class Effect(NamedTuple):
    """What a word makes of the clause under it.

    Attributes
    ----------
    way
        A status; *as above*: what holds of the governor holds of the clause; *reversed*: the clause did not happen
        where the governor did; *granted*: it did even where the governor did not.
    governor
        The head of the clause above.
    """

    way: Way
    governor: Token


class Under(NamedTuple):
    """A clause and what stands above it."""

    word: Token
    above: Token
    lemma: str
    cue: Token
    source: Token | None

    @property
    def infinitive(self) -> bool:
        return is_infinitive(self.word)

    @property
    def nominal(self) -> Token | None:
        """The noun that the clause belongs to: "a *call* on Ann to say", "the *story* that …", "*talk* of saying"."""
        word, above = self.word, self.above
        if word.dep_ in ("acl", "relcl", "ccomp", "xcomp") and above.pos_ == "NOUN" and above.dep_ != "pobj":
            return above
        if word.dep_ in ("acl", "relcl", "ccomp", "xcomp", "pcomp") and above.dep_ in ("pobj", "prep"):
            phrase = above if above.dep_ == "prep" else above.head
            if above.pos_ == "NOUN" and above.lemma_.lower() in words.OPEN_NOUNS | words.REQUEST_NOUNS:
                return above
            loose = word.tag_ == "VBG" or above.dep_ == "prep" or self.infinitive
            return phrase.head if loose and phrase.head.pos_ == "NOUN" else None
        return None

    @property
    def wh(self) -> str | None:
        """The word that makes the clause an embedded question."""
        first = (t for t in self.word.subtree if t.i < self.word.i and t.tag_ in ("WP", "WRB", "WDT", "WP$"))
        found = next(first, None)
        return None if found is None else found.lower_


def clause_of(word: Token) -> Token:
    """The head of the clause that a word stands in: of "afraid" in "is afraid", "is"."""
    return next((t for t in (word, *word.ancestors) if t.pos_ in ("VERB", "AUX")), word)


def effect_on(word: Token, cue: Token, source: Token | None) -> Effect | None:
    """What the word above makes of a clause; None: the clause stands by itself.

    Parameters
    ----------
    word
        The head of the clause.
    cue
        What signals the statement, in this clause or below.
    source
        Who speaks, if known.
    """
    under = Under(word, word.head, word.head.lemma_.lower(), cue, source)
    for reading in READINGS:
        if (found := reading(under)) is not None:
            return found
    return None


def _lacking(u: Under) -> Effect | None:
    """ "Without saying", "rather than say", "far from saying", "was kept from saying"."""
    than = any(c.lower_ == "than" for c in u.word.children)
    if than and any(c.lower_ in ("rather", "sooner", "other") for c in (*u.word.children, u.above, *u.above.children)):
        return Effect("denied", u.above)
    if u.word.dep_ != "pcomp":
        return None
    host = u.above.head
    aside = {u.lemma, host.lower_, *(c.lower_ for c in u.above.children)} & words.LACKING
    if aside:
        return Effect("reversed" if aside == {"short"} else "denied", clause_of(host))
    if u.lemma == "against" and host.pos_ == "VERB":  # "decided against saying"
        return Effect("reversed", host)
    if u.lemma == "from" and host.pos_ == "VERB" and host.lemma_.lower() not in words.ORIGINS:
        return Effect("reversed", host)
    return Effect("reversed", host) if host.lemma_.lower() in words.ING_REVERSED else None


def _of_adjective(u: Under) -> Effect | None:
    """ "Too proud to say", "glad to say"."""
    if not (u.above.pos_ == "ADJ" or u.above.dep_ == "acomp") or not u.infinitive:
        return None
    if any(c.lower_ == "too" and c.dep_ == "advmod" for c in u.above.children):
        return Effect("reversed", clause_of(u.above))
    return Effect("granted", clause_of(u.above)) if u.above.lower_ in words.FEELING else None


def _reversed(u: Under) -> Effect | None:
    if u.word.dep_ not in ("xcomp", "ccomp", "advcl"):
        return None
    yet = any(c.lower_ == "yet" for c in (*u.above.children, *u.word.children))
    if yet and u.lemma in ("have", "be") and u.infinitive:
        return Effect("reversed", u.above)
    form = words.TO_REVERSED if u.infinitive else words.ING_REVERSED if _is_gerund(u.word) else frozenset()
    out = u.lemma == "rule" and _is_gerund(u.word) and any(c.lower_ == "out" for c in u.above.children)
    if not out and (u.lemma not in form or u.word.dep_ == "advcl"):
        return None
    return Effect("reversed", clause_of(u.above))


def _is_gerund(verb: Token) -> bool:
    """ "Saying", "having said"."""
    return next(iter(helpers_of(verb)), verb).tag_ == "VBG"


def _contradicted(u: Under) -> Effect | None:
    """ "Denied that she had said", "it is not disputed that she said"."""
    clause = u.word.dep_ in ("ccomp", "csubj", "csubjpass") and u.word.tag_ != "VBG"
    return Effect("reversed", u.above) if clause and u.lemma in words.DENYING else None


def _wanted(u: Under) -> Effect | None:
    if _is_mandative(u.word) or _is_advised(u) or _is_high_time(u):
        return Effect("requested", u.above)
    if u.lemma in words.OBLIGING and u.word.dep_ == "xcomp" and u.infinitive:
        return Effect("as above" if u.lemma == "have" and _is_past(u.above) else "requested", u.above)
    if u.lemma == "be" and u.infinitive and any(c.lower_ in ("up", "down") for c in u.above.children):
        return Effect("requested", u.above)  # "it is up to her to say"
    if (
        u.lemma in words.FALLING
        and u.infinitive
        and any(c.lower_ == "it" and c.i < u.above.i for c in u.above.children)
    ):
        return Effect("as above" if _is_past(u.above) else "requested", u.above)
    if _for_whom(u.word):
        judged = {c.lemma_.lower() for c in u.above.subtree if c.dep_ in ("acomp", "attr", "advmod", "prep")}
        wanted = bool((judged | {u.lemma}) & (words.WANTED | words.REQUESTING)) or u.above.dep_ == "ROOT"
        if wanted and not _is_past(clause_of(u.above)):
            return Effect("requested", u.above)
    if u.lemma not in words.REQUESTING or not (u.infinitive or is_bare(u.word) or _is_subjunctive(u.word, u.lemma)):
        return None
    if u.lemma == "expect" and any(c.dep_ == "auxpass" for c in u.above.children):
        return Effect("hypothetical", u.above)
    if u.lemma in words.BRINGING and _is_past(u.above):
        return Effect("as above", u.above)
    own = subject_of(u.above) if not any(c.dep_ == "nsubjpass" for c in u.above.children) else None
    return None if own is not None and u.source is not None and own.i == u.source.i else Effect("requested", u.above)


def _is_advised(u: Under) -> bool:
    """ "Would do well to say", "would be wise to say", "would be well advised to say"."""
    verb = clause_of(u.above)
    if not u.infinitive or not any(h.lower_ in ("would", "'d", "’d", "might") for h in helpers_of(verb)):
        return False
    well = any(c.lower_ == "well" for c in verb.children) and u.lemma in ("do", "advise")
    return well or (u.above.dep_ == "acomp" and u.lemma in words.WANTED)


def _is_high_time(u: Under) -> bool:
    """ "It is high time that she said": in the past tense, of what she has not done."""
    times = [t for t in (u.above, *u.above.children) if t.lower_ == "time" and t.dep_ in ("attr", "pobj", "dobj")]
    high = any(t.head.lower_ == "about" or any(c.lower_ == "high" for c in t.children) for t in times)
    return high and u.word.dep_ in ("ccomp", "relcl", "acl") and _is_past(u.word)


def _is_past(verb: Token) -> bool:
    """Whether a finite verb, or its first auxiliary, is in the past tense."""
    first = next(iter(helpers_of(verb)), verb)
    return first.tag_ == "VBD"


def _for_whom(word: Token) -> bool:
    """ "For the mayor to say"."""
    marked = any(c.lower_ == "for" and c.dep_ == "mark" for c in word.children)
    return marked and is_infinitive(word) and any(c.dep_ in ("nsubj", "nsubjpass") for c in word.children)


def _is_mandative(word: Token) -> bool:
    """ "It is vital that she *say*": the plainest form where a report would have a tense."""
    that = any(c.lower_ == "that" and c.i < word.i for c in word.children)
    return that and any(c.dep_ == "nsubj" for c in word.children) and (is_bare(word) or _is_subjunctive(word))


def _is_subjunctive(word: Token, lemma: str = "") -> bool:
    """ "Demands that they state", "insists that the club speak": a verb in its plainest form."""
    if word.tag_ != "VBP" or helpers_of(word):
        return False
    subject = next((c for c in word.children if c.dep_ == "nsubj"), None)
    singular = subject is not None and subject.tag_ in ("NN", "NNP") and not subject.conjuncts
    return singular or lemma in words.DEMANDING


def _prospective(u: Under) -> Effect | None:
    judged = {c.lemma_.lower() for c in u.above.children if c.dep_ == "acomp"}
    if u.lemma == "be" and u.word.dep_ == "ccomp" and judged & words.POSSIBLE:
        return Effect("hypothetical", u.above)
    if not u.infinitive or u.word.dep_ not in ("xcomp", "ccomp", "advcl"):
        return None
    going = u.above.lower_ == "going" and not any(c.dep_ == "prt" for c in u.above.children)
    due = u.lemma == "be" and not judged and not any(c.dep_ == "attr" for c in u.above.children)
    open_ = u.lemma in words.PROSPECTIVE or u.above.lower_ in words.PROSPECTIVE  # "bound", by a parse a form of "bind"
    return Effect("hypothetical", u.above) if open_ or going or due else None


def _of_noun(u: Under) -> Effect | None:
    """What a noun makes of its clause."""
    noun = u.nominal
    if noun is None or (u.word.dep_ == "relcl" and not u.infinitive and not _has_no_gap(u.word)):
        return None
    lemma, none = noun.lemma_.lower(), _is_none(noun)
    if u.above.dep_ == "prep" and u.wh is not None:
        asked = lemma in words.QUESTION_NOUNS and u.wh != "why"
        return Effect("asked", noun) if asked else None
    if lemma in words.FALSE_NOUNS or _is_called_false(noun):
        return Effect("denied", noun)
    if lemma in words.REQUEST_NOUNS and (u.infinitive or _is_subjunctive(u.word, "demand")):
        return Effect("requested", noun)
    if lemma in words.OPEN_NOUNS:
        return Effect("denied" if none else "hypothetical", noun)
    if none and not u.infinitive:
        return Effect("stated" if lemma in words.DOUBTS else "denied", noun)
    return Effect("hypothetical", noun) if lemma == "doubt" else None


def _has_no_gap(verb: Token) -> bool:
    """ "The story that Ann called him a thief", read as a relative clause: nothing is missing in it."""
    full = any(c.dep_ in ("oprd", "dobj", "ccomp", "xcomp") and c.i > verb.i for c in verb.children)
    return verb.left_edge.lower_ == "that" and full


def _is_none(noun: Token) -> bool:
    """ "No sign", "has not found any sign"."""
    if any(c.lower_ in ("no", "little", "neither") and c.i < noun.i for c in noun.children):
        return True
    clause = clause_of(noun)
    if clause.lemma_.lower() in words.DENYING and noun.dep_ in ("dobj", "nsubjpass"):
        return not is_negated(clause)
    return noun.dep_ in ("attr", "dobj", "nsubj", "nsubjpass") and (is_negated(clause) or clause.lemma_ == "lack")


def _is_called_false(noun: Token) -> bool:
    clause = noun.head
    return noun.dep_ in ("nsubj", "nsubjpass") and _is_false(clause)


def _is_false(clause: Token) -> bool:
    """Whether a clause says of something that it is false: "is untrue", "is a myth", "is not true"."""
    judged = {c.lower_ for c in clause.children if c.dep_ in ("acomp", "attr", "oprd")}
    return bool(judged & (words.FALSE | words.FALSE_NOUNS)) or (
        bool(judged & {"true", "case", "so", "correct"}) and has_negation(clause)
    )


def _judged(u: Under) -> Effect | None:
    """What is said of a whole clause: "it is untrue that", "it was wrongly reported that", "suppose"."""
    quoted = u.word.dep_ == "pcomp" and u.lemma == "as"
    verb = u.above.head if quoted else u.above
    falsely = any(c.lower_ in words.FALSELY for c in verb.children) or verb.lemma_.lower() in words.MISREPORTED
    if falsely and (quoted or any(c.dep_ == "auxpass" for c in verb.children)):
        return Effect("denied", verb)
    if u.above.lower_ in words.IF:
        return Effect("hypothetical", u.above)
    if u.word.dep_ not in ("ccomp", "csubj"):
        return None
    if _is_false(u.above):
        return Effect("denied", u.above)
    alone = u.above.tag_ in ("VB", "VBG") and not any(c.dep_ in ("nsubj", "aux") for c in u.above.children)
    if u.lemma in words.SUPPOSING and alone:
        return Effect("hypothetical", u.above)
    return Effect("hypothetical", u.above) if u.lemma in words.IMAGINING and u.word.tag_ in ("VBG", "VB") else None


def _embedded(u: Under) -> Effect | None:
    """ "Nobody knows what she said". Why or where she said it takes for granted that she did."""
    if u.word.dep_ not in ("ccomp", "csubj", "csubjpass") or u.wh is None:
        return None
    degree = u.wh == "how" and u.word.left_edge.lower_ == "how" and _is_of_degree(u.word.left_edge)
    if u.wh in ("why", "when", "where") or (u.wh == "how" and not degree):
        return None
    judged = {c.lemma_.lower() for c in u.above.children if c.dep_ in ("acomp", "attr")}
    asked = u.lemma in words.OPEN or judged & (words.OPEN | words.QUESTION_NOUNS) or is_negated(u.above)
    if asked:
        return Effect("asked", u.above)
    # "A chance to stop what she calls a betrayal": who uses her words grants that she said them, whatever comes of it.
    named = u.wh == "what" and u.cue.i == u.word.i and u.cue.lemma_.lower() in NAMING
    return Effect("stated" if named else "as above", u.above)


def _is_of_degree(how: Token) -> bool:
    return how.head.pos_ in ("ADV", "ADJ") and how.head.i == how.i + 1


def _perceived(u: Under) -> Effect | None:
    """ "Nobody heard her say", "no paper shows that she said"."""
    if u.word.dep_ != "ccomp" or u.lemma not in words.PERCEIVING:
        return None
    unknown = has_nobody(u.above) or has_negation(u.above)
    return Effect("denied", u.above) if unknown else None


def _carried(u: Under) -> Effect | None:
    """ "Should meet and say", "wants to be able to say", "could not bring herself to say", "was quoted as saying"."""
    own = any(c.dep_ in ("nsubj", "nsubjpass", "aux", "auxpass", "expl") for c in u.word.children)
    reflexive = any(c.dep_ == "dobj" and c.lower_.endswith(("self", "selves")) for c in u.above.children)
    quoted = u.word.tag_ == "VBG" and u.above.lower_ == "as"
    if u.word.dep_ == "pcomp" and quoted:
        return Effect("as above", clause_of(u.above))
    as_said = u.word.dep_ == "advcl" and any(c.lower_ == "as" for c in u.word.children) and u.word.tag_ == "VBG"
    loose = u.word.dep_ == "ccomp" and (is_bare(u.word) or (u.word.tag_ == "VBG" and not helpers_of(u.word)))
    carried = u.word.dep_ == "xcomp" or loose or as_said or (u.word.dep_ == "advcl" and u.infinitive and reflexive)
    return Effect("as above", clause_of(u.above)) if carried or (u.word.dep_ == "conj" and not own) else None


READINGS: tuple[Callable[[Under], Effect | None], ...] = (
    _lacking,
    _of_adjective,  # before those that leave things open: "too keen to say"
    _reversed,
    _contradicted,
    _wanted,
    _prospective,
    _of_noun,
    _judged,
    _embedded,
    _perceived,
    _carried,  # last: what no other reading knows of leaves things as they are
)
"""What is asked of the word above, from what says most to what says least."""
