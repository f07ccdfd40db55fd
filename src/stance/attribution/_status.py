"""Whether a text presents a statement as made: stated, or only denied, supposed, requested, asked about.

The categories are those of factuality annotation (FactBank: Saurí & Pustejovsky 2009; de Marneffe, Manning & Potts
2012). What stands nearest to the cue decides: its negation and modal verbs, then the verbs above it, then the sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.attribution import _cues as cues
from stance.attribution._sources import subject_of
from stance.schema import Status
from stance.text.quotations import Quotations

if TYPE_CHECKING:
    from spacy.tokens import Token

_HIGHEST = 6
"""Words above a cue that are looked at; longer chains are faults of the parse."""
_POSITIONS = cues.ATTITUDE | frozenset(
    """support oppose endorse back favor favour agree disagree approve accept recognize recognise object like love
    trust welcome reject rule share mind regret tolerate care commit side buy see enjoy appreciate plan""".split()
) - frozenset("learn find realize realise determine".split())
"""Verbs whose negation is a position, too: "did not support". That of a verb of saying is none: "did not say"."""
_DEONTIC = frozenset("should must ought shall need".split())
_EPISTEMIC = frozenset("may might could would will can 'll ’ll 'd ’d wo ca".split())
_WISHES = frozenset("like love prefer rather welcome".split())
"""With *would* they say what somebody wants now."""
_OBLIGING = frozenset("have need ought".split())
""" "Has to admit"."""
_REQUESTING = frozenset(
    """ask urge demand request tell order want wish beg implore entreat plead invite encourage press push pressure
    advise require instruct command call appeal lobby petition exhort challenge dare counsel recommend propose
    insist suggest desire need expect warn remind persuade convince let allow oblige compel""".split()
)
"""Verbs by which one wants another to say or do something."""
_DEMANDING = frozenset("demand request require order urge recommend propose".split())
"""Of these, verbs whose clause is never a report."""
_PROSPECTIVE = frozenset(
    """expect likely unlikely set due plan intend hope want wish prepare poise slate schedule tip go mean aim seek
    threaten promise pledge vow offer agree decide contemplate about bound certain sure possible
    probable conceivable doubtful project predict forecast suppose consider weigh mull""".split()
)
"""Verbs and adjectives that put what follows into the future or leave it open."""
_UNDONE = frozenset("fail refuse decline omit neglect forget avoid deny stop resist cease hesitate".split())
"""Verbs whose complement does not happen."""
_SUPPOSING = frozenset("suppose imagine assume".split())
_FRONTED = frozenset("no not never neither nor nowhere".split())
_LACKING = frozenset("without instead rather short".split())
_NOBODY = frozenset("nobody none neither no-one nothing no".split())
_FALSE = frozenset("false untrue wrong impossible".split())
_OPEN = frozenset("unclear unknown uncertain ask wonder inquire enquire question doubt know see".split())
_PERHAPS = frozenset("perhaps maybe possibly probably presumably supposedly conceivably".split())
_CONDITIONS = frozenset("if unless provided lest".split())
_ONLY = frozenset("only just merely simply".split())
_REQUEST_NOUNS = frozenset("pressure call demand request appeal plea order need duty invitation".split())
_OPEN_NOUNS = frozenset("plan intention promise attempt chance opportunity possibility prospect likelihood".split())


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
    return "stated" if cue.pos_ == "NOUN" else _of_verb(cue, source)


def _of_verb(cue: Token, source: Token | None) -> Status:
    """From the verb up to the clause that is asserted: the first sign counts."""
    word, steps = cue, 0
    while steps < _HIGHEST:
        if (found := _own(word, cue)) is not None:
            return found
        above = word.head
        if above is word:
            break
        if (found := _of_governor(word, above, cue, source)) is not None:
            return found
        if not _is_carried(word):
            break
        word, steps = above, steps + 1
    return "stated"


def _own(verb: Token, cue: Token) -> Status | None:
    """What the words around a verb say: negation, modal verbs, conjunctions."""
    for sign in (_negation, _modality, _conjunction):
        if (found := sign(verb, cue)) is not None:
            return found
    return None


def _negation(verb: Token, cue: Token) -> Status | None:
    nobody, negated = _no_subject(verb), _is_negated(verb)
    return "denied" if nobody or (negated and cue.lemma_.lower() not in _POSITIONS) else None


def _is_negated(verb: Token) -> bool:
    negations = [c for c in verb.children if c.dep_ == "neg" or c.lower_ in ("never", "neither", "nor", "hardly")]
    for c in verb.lefts:  # "At no point did he …", "Not once has she …"
        if c.dep_ in ("prep", "advmod", "npadvmod"):
            negations += [t for t in c.subtree if t.lower_ in _FRONTED and t.head.i <= t.i + 1 and t.i < verb.i]
    return any(c.i + 1 >= len(c.doc) or c.nbor().lower_ not in _ONLY for c in negations if c.i < verb.i + 2)


def _no_subject(verb: Token) -> bool:
    """ "Nobody said", "neither Ann nor Bob said", "said nothing"."""
    subjects = [c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")]
    nobody = any(
        s.lower_ in _NOBODY or any(d.lower_ in (*_NOBODY, "not") and d.i < s.i for d in s.children)
        for s in subjects
        if not any(d.lower_ in _ONLY and d.i < s.i for d in s.subtree)
    )
    nothing = any(c.dep_ == "dobj" and c.lower_ == "nothing" for c in verb.children)
    return nobody or nothing


def _modality(verb: Token, cue: Token) -> Status | None:
    helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass") and c.i < verb.i]
    perfect = any(c.lemma_ == "have" for c in helpers)
    subject = min((c.i for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")), default=verb.i)
    if any(c.lower_ == "better" for c in verb.children) and any(h.lower_ in ("had", "'d", "’d") for h in helpers):
        return "requested"
    for helper in helpers:
        word = helper.lower_
        if word in _DEONTIC:
            inverted = helper.i < subject and subject < verb.i  # "Should Ann say so, …"
            return "hypothetical" if inverted or (word == "must" and perfect) or word == "shall" else "requested"
        if word in _EPISTEMIC:
            wish = word in ("would", "'d", "’d") and verb.lemma_.lower() in _WISHES
            refused = any(c.dep_ == "neg" for c in verb.children) and cue.lemma_.lower() in _POSITIONS
            return None if wish or refused else "hypothetical"
    return "hypothetical" if any(c.lower_ in _PERHAPS and c.dep_ == "advmod" for c in verb.children) else None


def _conjunction(verb: Token, cue: Token) -> Status | None:
    for mark in verb.children:
        if mark.dep_ not in ("mark", "advmod", "prep") or mark.i > verb.i:
            continue
        if mark.lower_ == "whether" or (mark.lower_ == "if" and verb.dep_ == "ccomp"):
            return "asked"
        if mark.lower_ in _CONDITIONS and verb.dep_ in ("advcl", "ccomp", "pcomp", "conj", "dep"):
            return "hypothetical"
    return None


def _of_governor(word: Token, above: Token, cue: Token, source: Token | None) -> Status | None:
    """What the word above makes of a verb: "is expected to say", "asked him to reject", "nobody heard her say"."""
    lemma = above.lemma_.lower()
    if word.dep_ in ("xcomp", "ccomp", "advcl", "pcomp", "acl", "relcl"):
        for reading in (_undone, _wanted, _prospective, _doubted):
            if (found := reading(word, above, lemma, source)) is not None:
                if found == "denied" and cue.lemma_.lower() in _POSITIONS and lemma in ("refuse", "decline"):
                    return None
                return found
    return None


def _undone(word: Token, above: Token, lemma: str, source: Token | None) -> Status | None:
    if word.dep_ in ("xcomp", "ccomp") and lemma in _UNDONE and word.tag_ in ("VB", "VBG"):
        return "denied"
    if word.dep_ == "xcomp" and any(c.lower_ == "yet" for c in above.children) and lemma in ("have", "be"):
        return "denied"
    if word.dep_ == "pcomp" and (lemma in _LACKING or above.head.lemma_.lower() in (*_LACKING, *_UNDONE)):
        return "denied"
    return None


def _wanted(word: Token, above: Token, lemma: str, source: Token | None) -> Status | None:
    infinitive = any(c.lower_ == "to" and c.dep_ == "aux" for c in word.children)
    bare = word.tag_ == "VB" and not any(c.dep_ in ("aux", "auxpass") for c in word.children)
    if word.dep_ == "acl" and infinitive and lemma in _REQUEST_NOUNS:
        return "requested"
    if lemma in _OBLIGING and word.dep_ == "xcomp" and infinitive:
        return "requested"
    if lemma not in _REQUESTING or not (infinitive or bare or _is_subjunctive(word, lemma)):
        return None
    if lemma == "expect" and any(c.dep_ == "auxpass" for c in above.children):
        return "hypothetical"
    own = subject_of(above) if not any(c.dep_ == "nsubjpass" for c in above.children) else None
    return None if own is not None and source is not None and own.i == source.i else "requested"


def _is_subjunctive(word: Token, lemma: str) -> bool:
    """ "Demands that they state", "insists that the club speak": a verb in its plainest form."""
    if word.tag_ != "VBP" or any(c.dep_ in ("aux", "auxpass") for c in word.children):
        return False
    subject = next((c for c in word.children if c.dep_ == "nsubj"), None)
    singular = subject is not None and subject.tag_ in ("NN", "NNP") and not subject.conjuncts
    return singular or lemma in _DEMANDING


def _prospective(word: Token, above: Token, lemma: str, source: Token | None) -> Status | None:
    infinitive = any(c.lower_ == "to" and c.dep_ == "aux" for c in word.children)
    if word.dep_ == "acl" and infinitive and lemma in _OPEN_NOUNS:
        return "hypothetical"
    if infinitive and word.dep_ in ("xcomp", "ccomp", "advcl") and (lemma in _PROSPECTIVE or lemma == "be"):
        return "hypothetical"
    possible = any(c.dep_ == "acomp" and c.lemma_.lower() in _PROSPECTIVE for c in above.children)
    return "hypothetical" if lemma == "be" and word.dep_ == "ccomp" and possible else None


def _doubted(word: Token, above: Token, lemma: str, source: Token | None) -> Status | None:
    if word.dep_ != "ccomp":
        return None
    judged = {c.lower_ for c in above.children if c.dep_ == "acomp"}
    if judged & _FALSE or ("true" in judged and _is_negated(above)):
        return "denied"
    if lemma in _SUPPOSING and above.tag_ == "VB" and not any(c.dep_ == "nsubj" for c in above.children):
        return "hypothetical"
    asked = any(c.tag_ in ("WP", "WRB", "WDT") and c.i < word.i for c in word.children)
    if asked and (lemma in _OPEN or any(c.lemma_.lower() in _OPEN for c in above.children if c.dep_ == "acomp")):
        return "asked"
    perceived = lemma in ("hear", "see", "witness", "recall", "remember", "record", "quote")
    return "denied" if perceived and (_no_subject(above) or _is_negated(above)) else None


def _is_carried(word: Token) -> bool:
    """Whether the word above decides for this one, too: "should meet and say", "wants to be able to say"."""
    if word.dep_ == "xcomp":
        return True
    own = any(c.dep_ in ("nsubj", "nsubjpass", "aux", "auxpass", "expl") for c in word.children)
    return word.dep_ == "conj" and not own


def _in_question(cue: Token, quotations: Quotations) -> bool:
    """Whether the sentence of a cue is a question, asked where the cue stands: inside or outside quotation marks."""
    last = next((t for t in reversed(list(cue.sent)) if not (t.is_space or t.is_quote)), None)
    if last is None or not last.text.endswith("?"):
        return False
    of_cue, of_mark = (list(quotations.covering(t.idx, t.idx + 1)) for t in (cue, last))
    return of_cue == of_mark
