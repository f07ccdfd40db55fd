"""Words that say whether what stands beneath them happened: reversed, open, wanted, asked about, or false.

The classes are those of implicative and factive words (Karttunen 1971; Nairn, Condoravdi & Karttunen 2006). A word that
stands in none of them leaves things as they are: "managed to say" is said, "did not manage to say" is not.
"""

from __future__ import annotations

from stance.attribution import _cues as cues

POSITIONS = cues.ATTITUDE | frozenset(
    """support oppose endorse back favor favour agree disagree approve accept recognize recognise object like love
    trust welcome reject rule share mind regret tolerate care commit side buy see enjoy appreciate plan""".split()
) - frozenset("learn find realize realise determine".split())
"""Verbs whose negation is a position, too: "did not support". That of a verb of saying is none: "did not say"."""

OPPOSING = frozenset("oppose object reject disagree refuse decline".split())
"""Of these, verbs whose negation is no position: who does not oppose a thing need not want it."""

DENYING = frozenset(
    """deny dispute reject dismiss refute rebut debunk disprove contradict disavow disown repudiate contest negate
    falsify discredit""".split()
)
"""Verbs whose clause is said not to be so: "denied that she had said"."""

TO_REVERSED = frozenset(
    """fail refuse decline omit neglect forget cease hesitate pretend feign disdain scruple loath reluctant unwilling
    unable afraid scared ashamed hesitant powerless unready disinclined""".split()
)
"""Words whose infinitive did not happen where they did: "failed to say"; and did where they did not."""

ING_REVERSED = frozenset(
    """avoid deny stop resist cease help quit escape eschew forgo shun omit refuse forbid prohibit veto ban""".split()
)
""""Avoided saying", "could not help saying"; but "stopped to say"."""

REFUSING = frozenset("refuse decline".split())
"""Of these, verbs that with a position make one cue and a position: "*refused to support* the plan"."""

ORIGINS = frozenset(
    """come result stem arise follow benefit profit gain earn learn suffer range go move shift switch turn derive
    emerge return recover differ know tell judge""".split()
)
"""Verbs after which *from* names an origin; after any other, "from saying" is what did not happen."""

LACKING = frozenset("without instead rather short far shy clear".split())
"""Words that put what follows *of*, *from* or *than* aside: "far from saying"."""

REQUESTING = frozenset(
    """ask urge demand request tell order want wish beg implore entreat plead invite encourage press push pressure
    advise require instruct command call appeal lobby petition exhort challenge dare counsel recommend propose
    insist suggest desire need expect warn remind persuade convince let allow oblige compel""".split()
)
"""Verbs by which one wants another to say or do something."""

BRINGING = frozenset("persuade convince let allow oblige compel force make get lead prompt drive induce".split())
"""Verbs whose infinitive happened where they did, as they mostly do in the past tense: "was obliged to say"."""

DEMANDING = frozenset("demand request require order urge recommend propose".split())
"""Of those that request, verbs whose clause is never a report."""

OBLIGING = frozenset("have need ought".split())
""" "Has to admit"."""

FALLING = frozenset("fall behoove behove remain".split())
"""With *it* they say whose task something is: "it falls to Ann to say". In the past tense she did: "it fell to Ann"."""

WANTED = frozenset(
    """right wise fair best better good proper fitting decent honest important vital essential crucial necessary
    imperative urgent time high-time desirable advisable appropriate up need ought supposed incumbent""".split()
)
"""What a "for her to say" is wanted by: "it is time", "it would be right"."""

PROSPECTIVE = frozenset(
    """expect likely unlikely set due plan intend hope want wish prepare poise slate schedule tip mean aim seek
    threaten promise pledge vow offer agree decide contemplate about bound certain sure possible
    probable conceivable doubtful project predict forecast suppose consider weigh mull ready willing eager keen
    anxious determined inclined free able""".split()
)
"""Verbs and adjectives that put what follows into the future or leave it open."""

POSSIBLE = frozenset("likely unlikely certain sure possible probable conceivable doubtful thinkable imaginable".split())
"""Adjectives that leave a clause open: "it is possible that"."""

SUPPOSING = frozenset("suppose imagine assume picture envisage envision foresee conceive grant provide say".split())
"""Verbs of supposing, where they stand as a command or without a subject: "suppose she says", "assuming he says"."""

IMAGINING = frozenset("imagine picture envisage envision foresee conceive contemplate consider".split())
"""Verbs whose participle is imagined: "imagine him calling it a trap"."""

PERCEIVING = frozenset(
    """hear see overhear witness watch catch find record film quote cite recall remember show suggest indicate prove
    establish report""".split()
)
"""Verbs by which something said is known of: where they are negated, so is what was said."""

FALSE = frozenset("false untrue wrong impossible fictitious bogus apocryphal incorrect unfounded inaccurate".split())
FALSE_NOUNS = frozenset(
    """myth lie invention fiction hoax fabrication falsehood legend slander canard misconception fallacy fantasy
    illusion delusion nonsense pretence pretense misunderstanding smear
    denial rebuttal refutation repudiation""".split()
)
"""What a thing that was not said is called."""
FALSELY = frozenset("wrongly falsely mistakenly erroneously incorrectly wrongfully misleadingly".split())
MISREPORTED = frozenset("misquote misreport misrepresent".split())

OPEN = frozenset("unclear unknown uncertain ask wonder inquire enquire question doubt".split())
"""Words whose embedded question has no answer."""
QUESTION_NOUNS = frozenset(
    """question mystery guess doubt debate dispute uncertainty puzzle riddle inquiry enquiry issue matter
    disagreement controversy speculation""".split()
)
DOUBTS = frozenset("doubt question secret surprise wonder coincidence denying mistake dispute mystery accident".split())
"""Nouns that, where there is none of it, leave what is said as said: "no doubt that"."""

REQUEST_NOUNS = frozenset(
    """pressure call demand request appeal plea order need duty invitation onus burden obligation responsibility
    requirement ultimatum instruction command insistence petition summons time""".split()
)
OPEN_NOUNS = frozenset(
    """plan intention promise attempt chance opportunity possibility prospect likelihood talk verge brink point risk
    danger threat hope fear idea thought expectation proposal offer case event condition odds dream""".split()
)
"""Nouns whose clause is open: "a plan to say", "on the verge of saying", "in case she says"."""

PERHAPS = frozenset("perhaps maybe possibly probably presumably supposedly conceivably".split())
LATER = frozenset("later eventually subsequently afterwards afterward ultimately soon then".split())
"""With *would* outside a condition: what came to pass."""
HABITS = frozenset("always often sometimes frequently regularly".split())

IF = frozenset("if unless provided providing lest supposing".split())
IN_CASE = frozenset("case event condition".split())
WHEN = frozenset("when whenever once until till before after soon moment time day".split())
"""Conjunctions whose present tense is a future one where the main clause is: "when she says so, we will go"."""
WHATEVER = frozenset("whatever whoever whichever whomever however whatsoever matter".split())
"""Words of a free choice: "whatever she says", "no matter what she says"."""
FEELING = frozenset(
    """surprised shocked pleased glad happy sad sorry proud relieved delighted disappointed amazed astonished appalled
    dismayed grateful thrilled upset angry foolish rash rude brave kind unwise silly mad honoured honored""".split()
)
"""Adjectives that take for granted what is felt or judged: "was not surprised to hear her say"."""
