"""What the words around a verb say of it: negation, modal verbs, the conjunction that opens its clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.attribution import _factuality as words
from stance.attribution._cues import SPEECH
from stance.schema import Status

if TYPE_CHECKING:
    from spacy.tokens import Token

_NEGATIONS = frozenset("never neither nor hardly scarcely".split())
_FRONTED = frozenset("no not never neither nor nowhere".split())
_NOBODY = frozenset("nobody none neither no-one nothing no".split())
_ONLY = frozenset("only just merely simply".split())
_UNTIL = frozenset("until till before since sooner doubt matter".split())
""" "Not until Friday did he say", "never before", "no sooner": it was said."""
_DEONTIC = frozenset("should must ought shall need".split())
_EPISTEMIC = frozenset("may might could would will can 'll ’ll 'd ’d wo ca".split())
_FUTURE = _DEONTIC | _EPISTEMIC
_WOULD = frozenset("would 'd ’d".split())
_CAN = frozenset("can could".split())
_PERFORMING = frozenset("should must would can could may might 'd ’d".split())
"""Modal verbs with which a speaker announces what he says at once: "I should say"."""
_WISHES = frozenset("like love prefer rather welcome".split())
"""With *would* they say what somebody wants now."""
_SUBJECTS = ("nsubj", "nsubjpass")
_HELPERS = ("aux", "auxpass")
_CLAUSES = ("advcl", "ccomp", "pcomp", "conj", "dep")
_PRESENT = ("VBZ", "VBP")


def helpers_of(verb: Token) -> list[Token]:
    """The auxiliaries before a verb."""
    return [c for c in verb.children if c.dep_ in _HELPERS and c.i < verb.i]


def is_infinitive(verb: Token) -> bool:
    """Whether a verb has *to* before it."""
    return any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children)


def is_bare(verb: Token) -> bool:
    """Whether a verb stands in its plainest form, without auxiliaries."""
    return verb.tag_ == "VB" and not helpers_of(verb)


def is_negated(verb: Token) -> bool:
    """Whether a negation belongs to a verb: "did not say", "at no point did he say", "nobody said", "said nothing".

    Parameters
    ----------
    verb
        The head of a clause.
    """
    return has_nobody(verb) or has_negation(verb)


def has_negation(verb: Token) -> bool:
    """Whether a negation stands beside a verb; subjects such as *nobody* are none."""
    found = [c for c in verb.children if c.dep_ == "neg" or c.lower_ in _NEGATIONS or _is_no_longer(c)]
    openings = [c for v in (verb, *helpers_of(verb)) for c in v.lefts]
    for c in openings:  # "At no point did he …", "Nowhere in it does she …", "Not a single time has he …"
        if c.dep_ in ("prep", "advmod", "npadvmod"):
            within = [t for t in c.subtree if t.lower_ in _FRONTED and t.i < verb.i]
            found += [t for t in within if t is c or t.head.i <= t.i + 1 or t.i == c.left_edge.i]
    return any(not _is_of_time(c) for c in found if c.i < verb.i + 2 or verb.lemma_ == "be")


def _is_no_longer(word: Token) -> bool:
    return word.lower_ in ("longer", "more") and any(c.lower_ == "no" for c in word.children)


def _is_of_time(negation: Token) -> bool:
    """ "Not only", "not until Friday", "no sooner", "never before": the negation is not the verb's."""
    after = negation.nbor() if negation.i + 1 < len(negation.doc) else None
    return after is not None and after.lower_ in _ONLY | _UNTIL


def has_nobody(verb: Token) -> bool:
    """ "Nobody said", "neither Ann nor Bob said", "said nothing"."""
    subjects = [c for c in verb.children if c.dep_ in _SUBJECTS]
    nobody = any(
        s.lower_ in _NOBODY or any(d.lower_ in (*_NOBODY, "not") and d.i < s.i for d in s.children)
        for s in subjects
        if not any(d.lower_ in _ONLY and d.i < s.i for d in s.subtree)
    )
    return nobody or any(c.dep_ == "dobj" and c.lower_ == "nothing" for c in verb.children)


def has_neither(verb: Token) -> bool:
    """ "Neither Ann nor Bob": two are named, and what they do not do is theirs."""
    subjects = [c for c in verb.children if c.dep_ in _SUBJECTS]
    return any(d.lower_ == "neither" and d.dep_ == "preconj" for s in subjects for d in s.children)


def mood_of(verb: Token, cue: Token) -> Status | None:
    """What modal verbs and the conjunction of a clause say of its verb; None: nothing.

    Parameters
    ----------
    verb
        The cue, or a verb above it that decides for it.
    cue
        What signals the statement.
    """
    found = _conjunction(verb)
    return found if found == "asked" else _modality(verb, cue) or found  # "whether she would say" is a question


def _modality(verb: Token, cue: Token) -> Status | None:
    helpers = helpers_of(verb)
    if any(c.lower_ == "better" for c in verb.children) and any(h.lower_ in ("had", "'d", "’d") for h in helpers):
        return "requested"
    if _is_command(verb):
        return "requested"
    for helper in helpers:
        if helper.lower_ in _DEONTIC:
            if _is_made_anyway(verb, helper.lower_, cue):
                return None
            return _deontic(verb, helper, helpers)
        if helper.lower_ in _EPISTEMIC:
            return None if _is_made_anyway(verb, helper.lower_, cue) else "hypothetical"
    return "hypothetical" if any(c.lower_ in words.PERHAPS and c.dep_ == "advmod" for c in verb.children) else None


def _is_command(verb: Token) -> bool:
    """ "Please tell us that …", "Mr Moss, say that …"."""
    if not is_bare(verb) or verb.dep_ != "ROOT":
        return False
    subject = next((c for c in verb.children if c.dep_ in _SUBJECTS), None)
    asked = any(c.lower_ == "please" for c in verb.children)
    return subject is None or asked or subject.right_edge.nbor().text == ","


def _deontic(verb: Token, helper: Token, helpers: list[Token]) -> Status:
    subject = min((c.i for c in verb.children if c.dep_ in _SUBJECTS), default=verb.i)
    inverted = helper.i < subject < verb.i  # "Should Ann say so, …"
    perfect = any(c.lemma_ == "have" for c in helpers)
    guessed = helper.lower_ == "shall" or (helper.lower_ == "must" and perfect)
    return "hypothetical" if inverted or guessed else "requested"


def _is_made_anyway(verb: Token, helper: str, cue: Token) -> bool:
    """Whether a modal verb leaves a statement made: "would like", "could be heard saying", "would later say"."""
    if verb is cue and helper in _PERFORMING and _is_own_word(verb):
        return True
    if helper in _WOULD and (verb.lemma_.lower() in _WISHES or _came_to_pass(verb)):
        return True
    if helper in _CAN and (verb.lemma_.lower() in words.PERCEIVING or any(c.lower_ == "only" for c in verb.children)):
        return verb is not cue or verb.lemma_.lower() not in words.PERCEIVING
    return any(c.dep_ == "neg" for c in verb.children) and cue.lemma_.lower() in words.POSITIONS - words.OPPOSING


def _is_own_word(verb: Token) -> bool:
    """ "I must say that …", "we should note …": who speaks of herself so says it by these words."""
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    own = subject is not None and subject.lower_ in ("i", "we") and subject.i < verb.i
    said = verb.lemma_.lower() in SPEECH and any(c.dep_ == "ccomp" and c.i > verb.i for c in verb.children)
    freely = verb.dep_ in ("ROOT", "conj") and not any(c.dep_ == "neg" or c.lower_ == "if" for c in verb.children)
    return own and said and freely and not any(h.lower_ == "have" for h in helpers_of(verb))


def _came_to_pass(verb: Token) -> bool:
    """ "Would later say", "would go on to say", "a year on she would say": the future of a story told in the past."""
    if verb.dep_ not in ("ROOT", "conj", "relcl") or any(h.lower_ == "have" for h in helpers_of(verb)):
        return False
    if any(c.dep_ == "advcl" and (_conjunction(c) or is_inverted(c)) for c in verb.children):
        return False
    on = verb.lemma_ in ("go", "come") and any(is_infinitive(c) for c in verb.children if c.dep_ in ("xcomp", "advcl"))
    times = [c for c in verb.children if c.dep_ in ("advmod", "npadvmod")]
    return on or any(t.lower_ in words.LATER | words.HABITS for time in times for t in time.subtree)


def is_inverted(verb: Token) -> bool:
    """ "Had Ann said so, …": a condition without a conjunction."""
    subject = min((c.i for c in verb.children if c.dep_ in _SUBJECTS), default=-1)
    return verb.dep_ in ("advcl", "ccomp") and any(
        h.lower_ in ("had", "were", "should") and h.i < subject < verb.i and h.i == verb.left_edge.i
        for h in (*helpers_of(verb), verb)
    )


def _conjunction(verb: Token) -> Status | None:
    for mark in verb.children:
        if mark.dep_ not in ("mark", "advmod", "prep") or mark.i > verb.i:
            continue
        if mark.lower_ == "whether" or (mark.lower_ == "if" and verb.dep_ == "ccomp"):
            return "asked"
        if mark.lower_ in words.IF and verb.dep_ in _CLAUSES:
            return "hypothetical"
    if _in_case(verb):
        return "hypothetical"
    if verb.dep_ not in ("advcl", "ccomp", "relcl"):
        return None
    return "hypothetical" if is_inverted(verb) or _as_long_as(verb) or _is_to_come(verb) else None


def _in_case(verb: Token) -> bool:
    """ "In case she says so", "by the time she says so", where the parse takes the first words for a mere phrase."""
    present = next(iter(helpers_of(verb)), verb).tag_ in _PRESENT
    subject = min((c.left_edge.i for c in verb.children if c.dep_ in _SUBJECTS), default=-1)
    phrases = [c for c in verb.lefts if c.dep_ == "prep" and c.right_edge.i + 1 == subject]
    nouns = {t.lower_ for c in phrases for t in c.children if t.dep_ == "pobj"}
    return bool(nouns & words.IN_CASE) or (present and bool(nouns & words.WHEN))


def _as_long_as(verb: Token) -> bool:
    """ "As long as she says": a condition, however the parse ties its words together."""
    start = verb.left_edge.i
    before = [t.lower_ for t in verb.doc[max(0, start - 2) : start + 3]]
    marked = any(c.lower_ == "as" and c.dep_ in ("mark", "prep", "advmod") for c in verb.children)
    return marked and any(before[i : i + 2] == ["long", "as"] for i in range(len(before)))


def _is_to_come(verb: Token) -> bool:
    """ "When she says so, we will go", "whatever he says, they will go": the present tense, of the future."""
    first = next(iter(helpers_of(verb)), verb)
    clause = next((a for a in verb.ancestors if a.pos_ in ("VERB", "AUX")), None)
    if first.tag_ not in _PRESENT or clause is None or (verb.dep_ == "ccomp" and verb.i > clause.i):
        return False
    openings = [c for c in verb.lefts if c.dep_ not in (*_SUBJECTS, *_HELPERS, "ccomp", "advcl")]
    opening = {t.lower_ for c in openings for t in c.subtree} | {verb.left_edge.lower_}
    if verb.dep_ == "relcl" or verb.head.lower_ == "matter":
        opening = {verb.head.lower_}
    return bool(opening & (words.WHEN | words.WHATEVER)) and _is_future(clause)


def _is_future(verb: Token) -> bool:
    """Whether a clause is about what will, could or shall be done, or is a command."""
    command = verb.tag_ == "VB" and not any(c.dep_ in _SUBJECTS for c in verb.children)
    return command or any(h.lower_ in _FUTURE for h in helpers_of(verb))
