"""What looks like a statement and is none: deeds, silence, terms of speaking, and the author's verdict on an actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.attribution import _cues as cues
from stance.attribution._mood import is_infinitive
from stance.attribution._no_view import gives_no_view
from stance.attribution._reading import Reading
from stance.attribution._sources import is_nobody, subject_of
from stance.attribution._titles import is_official, names_person
from stance.attribution.candidates import Candidate
from stance.text.quotations import last_sign

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_REFUSALS = frozenset("decline refuse".split())
_UNSAID = cues.BARE_SPEECH - {"speak", "talk"} | {"return"}
"""Not to do this is silence; not to speak *to somebody* may be a stance."""
_ANSWERS = frozenset("comment answer reply response question query interview".split())
_AVOIDING = frozenset("ignore dodge duck evade sidestep avoid brush".split())
_TERMS = frozenset("ask request insist demand decline refuse wish want prefer speak talk agree".split())
"""Verbs by which somebody says on what terms he speaks."""
_IDENTIFYING = frozenset("name identify quote cite record film photograph".split())
_UNNAMED = frozenset("anonymity anonymous anonymously unnamed unidentified nameless".split())
_COPULAS = frozenset("be seem appear look sound remain become prove".split())
_MINDED = frozenset(
    """adamant afraid alarmed amazed angry annoyed anxious apologetic appalled ashamed aware bitter careful cautious
    certain clear concerned confident content convinced critical cynical defiant delighted determined disappointed
    dismissive doubtful dubious eager emphatic enthusiastic envious excited explicit fearful firm fond frank frustrated
    furious glad grateful happy hesitant hopeful horrified hostile impatient impressed inclined indifferent insistent
    interested keen mindful nervous open opposed optimistic outraged outspoken persuaded pessimistic pleased positive
    prepared proud puzzled ready relieved reluctant resentful sad satisfied scared scathing scornful shocked skeptical
    sceptical sorry supportive sure surprised suspicious sympathetic thankful troubled unaware uncertain unclear
    unconvinced uneasy unhappy unimpressed unsure unwilling upset vocal wary weary willing worried""".split()
)
"""Adjectives for what somebody thinks, feels or wants; by any other the author judges somebody."""
_SHOWING = frozenset("show find prove read mean".split())
"""Verbs of :data:`stance.attribution._cues.EVIDENCE` that are deeds where no clause follows: "has shown no sign"."""
_LETTING = frozenset("admit dismiss recall confirm call".split())
"""Verbs of :data:`stance.attribution._cues.VERBS` that are deeds toward a person: "admitted twelve patients"."""
_KEEPING = frozenset("deny refuse".split())
"""… and those that are deeds where somebody gets nothing: "denied him a room"."""
_HELPING = frozenset("support".split())
"""… and those that are deeds where it is said by what means: "supports the clinic with two nurses"."""
_MANNERS = frozenset(
    """amendment argument arm caveat change claim condition exception eye fact figure hand heart mind poem provision
    qualification qualm limit proviso reason remark reservation safeguard sentence slogan speech voice vote warning
    word""".split()
)
"""What a stance may come with and be no deed; nouns of speech apart."""
_ACTING = frozenset(
    """vote gather march assemble congregate convene flock parade fight battle compete donate contribute
    work act travel enlist""".split()
)
"""Verbs of deeds for or against something, which say nothing unless a clause follows: "voted for the ban". A body
that "voted to close the pool" has told its decision."""
_OTHERWISE = frozenset("observe charge post hold write".split())
"""Verbs of speech whose bare object is no speech: "observed a silence", "charged the gate", "wrote a novel"."""
_SKILLS = frozenset("learn know teach".split())
"""Verbs that with an infinitive tell what somebody can do: "learned to swim"."""
_KNOWN = cues.SPEECH | cues.ATTITUDE | (cues.VERBS - _SHOWING - cues.AS)
"""Verbs whose bare object is the rules' to judge."""
_DISPLAYING = frozenset("demonstrate display exhibit evince betray".split())
_OPENS_CLAUSE = frozenset("that whether if how why what when where who".split())


def spoken(found: list[Candidate], reading: Reading) -> list[Candidate]:
    """Without what is no statement."""
    return [f for f in found if not _is_empty(f, reading)]


def _is_empty(found: Candidate, reading: Reading) -> bool:
    cue = reading.parsed.tokens(*found.cue[0]) if found.cue and not found.least else None
    if cue is None:
        return False
    if found.source is not None and cue.root.tag_ == "VB" and found.source.head != cue.root and is_nobody(found.source):
        return True
    if found.source is not None and _is_label(found, reading):
        return True
    if _is_quoted(found, reading):
        return _is_title(found, cue, reading)
    return says_nothing(cue, [t for part in found.content for t in reading.parsed.tokens(*part) or ()])


def _is_label(found: Candidate, reading: Reading) -> bool:
    """Whether a cue in a speaker's turn has the label before the colon for its subject: "ANN: Thank you"."""
    source, cue = found.source, found.cue[0][0]
    names = (turn for turn in reading.turns if any(a <= cue < b for a, b in turn.content))
    return source is not None and any(a <= source.idx < b for turn in names for a, b in turn.source_at)


def _is_quoted(found: Candidate, reading: Reading) -> bool:
    """Whether a content is in quotation marks that are not around its cue as well."""
    cue = found.cue[0][0]
    around = (q for part in found.content for q in reading.quotations.touching(*part))
    return any(not q.start <= cue < q.end for q in around)


def _is_title(found: Candidate, cue: Span, reading: Reading) -> bool:
    """ "“Swan Lake” delighted Ann", "“The Dam,” published by Ann": a work, and no words of hers."""
    first, text = found.content[0], reading.parsed.text
    q = next((q for q in reading.parsed.quotations.covering(*first) if q.closed), None)
    if q is None or cue.start_char < q.end or len(found.content) > 1 or cue.root.lemma_.lower() in cues.VERBS:
        return False
    joined = last_sign(q, text) in ",!?—–" or text[q.end :].lstrip()[:1] in (",", "—", "–")
    return not joined or any(c.dep_ == "agent" for c in cue.root.children)


def says_nothing(cue: Span, content: list[Token]) -> bool:
    """Whether a cue and what goes with it are no statement, though the words of one are there.

    Parameters
    ----------
    cue
        Its tokens.
    content
        The tokens of what would be said, none of them quoted.
    """
    verb = _deepest(cue.root, cue)
    if verb.pos_ not in ("VERB", "AUX"):
        return False
    if _is_unsaid(verb) or _is_of_terms(verb, cue, content) or gives_no_view(verb, cue):
        return True
    also = any(t != verb and t.pos_ == "VERB" and t.lemma_.lower() in cues.VERBS for t in cue)
    return not also and (_is_verdict(verb, cue) or _is_deed(verb, cue, content))


def _deepest(verb: Token, cue: Span) -> Token:
    """Of a cue that says nothing by its first verb, the last: "had to *destroy*"."""
    below = next((c for c in verb.children if c.dep_ == "xcomp" and c.pos_ == "VERB" and c in cue), None)
    return verb if below is None or verb.lemma_.lower() != "have" else _deepest(below, cue)


def _is_unsaid(verb: Token) -> bool:
    """ "Did not respond to requests", "declined to comment on it", "offered no comment", "had nothing to say"."""
    lemma = verb.lemma_.lower()
    if _is_nothing_to_say(verb) or any(_is_nothing_to_say(t) for c in verb.children for t in c.children):
        return True
    things = [c for c in verb.children if c.dep_ == "dobj" and c.lemma_.lower() in _ANSWERS]
    if any(lemma in _AVOIDING or any(g.lower_ == "no" for g in c.children) for c in things):
        return True
    said = any(c.dep_ in ("ccomp", "xcomp") for c in verb.children)
    refused = [c for c in verb.children if c.dep_ == "xcomp"] if lemma in _REFUSALS else []
    if any(c.lemma_.lower() in _UNSAID or _takes_questions(c) for c in refused):
        return True
    if said or lemma not in cues.BARE_SPEECH | _UNSAID:
        return False
    above = verb.head if verb.dep_ == "xcomp" else None
    if any(c.dep_ == "neg" or c.lower_ == "never" for c in verb.children):
        return True
    yet = (
        above is not None
        and above.lemma_ == "have"
        and any(c.lower_ == "yet" for c in (*above.children, *verb.children))
    )
    return yet or (above is not None and above.lemma_.lower() in _REFUSALS and lemma in _UNSAID)


def _is_nothing_to_say(verb: Token) -> bool:
    """ "Had nothing *to say*", "has little to add"."""
    unsaid = verb.dep_ in ("relcl", "acl") and verb.head.lower_ in ("nothing", "little")
    return unsaid and verb.lemma_.lower() in cues.SPEECH and verb.head.head.lemma_ == "have"


def _takes_questions(verb: Token) -> bool:
    taken = [c.lemma_.lower() for c in verb.children if c.dep_ == "dobj"]
    return verb.lemma_.lower() in ("take", "give", "make", "offer") and any(t in _ANSWERS for t in taken)


def _is_of_terms(verb: Token, cue: Span, content: list[Token]) -> bool:
    """ "Asked not to be named", "on condition of anonymity": how somebody speaks, not what he says."""
    if verb.lemma_.lower() not in _TERMS:
        return False
    others = any(t.dep_ in ("nsubj", "nsubjpass") and t.lemma_.lower() not in ("name", "identity") for t in content)
    if any(t.lower_ == "condition" for t in (*cue, *content)):
        return True
    if any(t.lemma_.lower() in ("name", "identity") and t.dep_ == "nsubjpass" for t in content):
        return True
    named = any(t.lemma_.lower() in _IDENTIFYING and _is_passive(t) for t in content)
    return not others and (named or any(t.lower_ in _UNNAMED for t in content))


def _is_passive(verb: Token) -> bool:
    return any(c.dep_ == "auxpass" for c in verb.children)


def _is_verdict(verb: Token, cue: Span) -> bool:
    """ "Is wrong about the law": what the author thinks of somebody."""
    if verb.lemma_.lower() in _COPULAS:
        judged = [c for c in verb.children if c.dep_ in ("acomp", "oprd") and c in cue]
        return bool(judged) and all(c.lower_ not in _MINDED for c in judged)
    participle = verb.tag_ == "VBN" and _is_passive(verb) and not any(c.dep_ == "agent" for c in verb.children)
    return participle and verb.lower_ not in _MINDED and verb.lemma_.lower() not in cues.VERBS


def _is_deed(verb: Token, cue: Span, content: list[Token]) -> bool:
    """ "Signed a decree", "has shown no interest": what is done to a thing, and nothing said of it."""
    lemma = verb.lemma_.lower()
    if _has_another_sense(verb, lemma) or (
        lemma in _ACTING and not any(c.dep_ in ("ccomp", "xcomp") for c in verb.children)
    ):
        return True
    if not content or lemma in _KNOWN or lemma in _COPULAS | cues.OF_MIND:
        return False
    if any(t.lower_ in _OPENS_CLAUSE or t.dep_ in ("ccomp", "csubj") for t in content):
        return False
    root = content[0].doc[content[0].i : content[-1].i + 1].root
    thing = next((c for c in verb.children if c.dep_ == "dobj" and c.i > verb.i), None)
    circumstances = [c for c in verb.children if c.dep_ in ("advcl", "npadvmod", "advmod") and c.i > verb.i]
    about = {thing, *circumstances}
    if thing is None or (thing not in cue and any(about.isdisjoint((t, *t.ancestors)) for t in content)):
        return False
    if lemma in _SHOWING | _DISPLAYING:
        return _is_person(verb)
    return not any(t.lemma_.lower() in cues.OF_SPEECH for t in (thing, root) if t.pos_ in ("NOUN", "PROPN"))


def _has_another_sense(verb: Token, lemma: str) -> bool:
    """ "Admitted twelve patients", "denied him a room", "observed a silence": a verb of speech that tells of a deed."""
    after = [c for c in verb.children if c.i > verb.i]
    if lemma in _SKILLS and any(c.dep_ == "xcomp" and is_infinitive(c) for c in after):
        return True
    thing = next((c for c in after if c.dep_ == "dobj"), None)
    if lemma == "call" and thing is None:  # on the phone: "called President of Lesk Ida Moss"
        return verb.dep_ not in ("acl", "parataxis") and any(c.dep_ == "oprd" and c.tag_ == "NNP" for c in after)
    if thing is None or any(c.dep_ in ("ccomp", "xcomp", "oprd", "attr", "acomp") or c.lower_ == "as" for c in after):
        return False
    if lemma in _HELPING:
        return any(_is_means(c) for c in after)
    if lemma in _KEEPING:
        return sum(c.dep_ in ("dative", "dobj") and c.pos_ in ("PRON", "NOUN", "PROPN") for c in after) > 1
    if lemma == "call" and thing.pos_ == "PROPN":  # on the phone
        return thing.ent_type_ not in ("DATE", "TIME")  # "called Monday for a ban"
    if lemma in _LETTING:
        return thing.pos_ == "NOUN" and names_person(thing.lemma_) and not any(c.lower_ == "for" for c in after)
    plain = thing.pos_ in ("NOUN", "PROPN") and thing.lemma_.lower() not in cues.OF_SPEECH
    opinion = ("about", "against", "for", "on")  # "wrote songs about him", "an article against the treaty"
    topic = any(c.lower_ in opinion or c.dep_ in ("acl", "relcl") for c in (*after, *thing.children))
    return lemma in _OTHERWISE and plain and not topic


def _is_means(phrase: Token) -> bool:
    """ "With two nurses", "with a loan", "with food parcels": things; but "with enthusiasm", "with all her heart"."""
    if phrase.dep_ != "prep" or phrase.lower_ != "with":
        return False
    thing = next((c for c in phrase.children if c.dep_ == "pobj" and c.pos_ == "NOUN"), None)
    if thing is None or thing.lemma_.lower() in cues.OF_SPEECH | _MANNERS or names_person(thing.lemma_):
        return False
    return thing.tag_ == "NNS" or any(c.dep_ in ("nummod", "det") and c.lower_ != "all" for c in thing.children)


def _is_person(verb: Token) -> bool:
    """Whether the subject of a verb is somebody, and no poll or report."""
    subject = subject_of(verb)
    if subject is None:
        return False
    return subject.pos_ in ("PROPN", "PRON") or is_official(subject) or names_person(subject.lemma_)
