"""Words that signal speech, writing or an expressed attitude."""

from __future__ import annotations

SPEECH = frozenset(
    """say tell add note write ask reply respond answer state declare announce argue claim assert contend
    insist maintain suggest explain warn caution stress emphasize emphasise reiterate repeat acknowledge admit
    concede confirm deny report reveal disclose tweet post joke quip remark comment observe recall remind predict
    promise pledge vow swear threaten complain lament allege charge testify boast conclude continue shout yell
    chant murmur mutter interject counter retort signal indicate propose recommend urge demand inform assure
    clarify elaborate estimate forecast speculate muse opine proclaim profess protest reason recount relate
    specify underline underscore vouch volunteer advise agree disagree hint imply request reassure
    stipulate affirm reaffirm aver bemoan decree email
    fume sob confess grumble snap scoff thunder whisper roar bark plead beg gush vent rule hold reckon posit
    apologize apologise undertake rant gripe marvel sigh cry scream intone pronounce plead contradict rejoin
    venture surmise gloat crow""".split()
)
"""Verbs of saying: they take a clause or a quotation."""

ATTITUDE = frozenset(
    """believe think hope fear expect feel doubt want know wish worry consider see suspect suppose assume
    understand regret decide determine find learn prefer intend plan refuse decline seek realize realise
    guess imagine dream anticipate trust""".split()
)
"""Verbs of thinking and wanting: they take a clause or an infinitive."""

EVIDENCE = frozenset("show suggest find indicate reveal mean read prove".split())
"""Verbs by which polls, studies and documents "say" something."""

OBJECT = frozenset(
    """criticize criticise praise condemn denounce endorse oppose support reject dismiss welcome blame accuse
    defend attack slam blast mock question cite describe outline emphasize emphasise stress reiterate repeat
    reference mention highlight underline underscore announce propose suggest deny demand urge request promise
    pledge predict warn discuss detail explain express voice air signal convey articulate echo
    back applaud decry lambast rebuke ridicule thank congratulate commend hail laud tout admit acknowledge
    confirm report reveal favor favour back fear regret note recall
    dispute disavow
    forecast contest query lament bemoan""".split()
)
"""Verbs whose object alone can be the content: "outlined a format", "voiced frustration"."""

BARE_SPEECH = frozenset("comment elaborate answer respond reply speak talk".split())
"""Verbs that say that somebody speaks, and not what: "refused to comment"."""

ALSO_DEEDS = frozenset("attack defend blast slam mock hail question back".split())
"""Verbs of :data:`OBJECT` that are speech only where a reason follows: "attacked Biden for his failures"."""

AS = frozenset(
    """see view regard name term portray depict cast paint frame present sell pitch bill spin interpret perceive
    construe recast rebrand recognise recognize""".split()
)
"""Verbs that say what something is by *as* only: "cast the summit as a victory", but "cast a vote"."""

NAMING = AS | frozenset("call describe label brand dub deem characterize characterise".split())
"""Verbs that say what something is: "called the summit a victory"."""

TELLING = frozenset("tell inform assure reassure warn remind advise notify caution".split())
"""Verbs whose object is who hears it: "reporters were told by Ann that …"."""

REPORTED = frozenset("quote report cite record hear overhear say film understand believe think know allege".split())
"""Verbs whose passive has a speaker for its subject: "was quoted as saying", "is reported to have said"."""

AS_SAID = frozenset(
    "say note argue claim suggest insist maintain contend acknowledge admit observe warn explain".split()
)
"""Verbs that stand for the rest of their clause after *as*: "…, as she noted"."""

BY_PHRASE = {
    "word": ("in",), "view": ("in",), "opinion": ("in",), "eye": ("in",), "judgment": ("in",), "judgement": ("in",),
    "estimation": ("in",), "telling": ("in",), "reading": ("in",), "assessment": ("in",), "phrase": ("in",),
    "mind": ("to",), "account": ("by",), "perspective": ("from",),
}  # fmt: skip
"""Nouns that give the rest of their clause to whom they belong, each with what precedes it: "in her view"."""

INFINITIVE = frozenset(
    """promise pledge vow threaten offer refuse decline agree want hope expect plan seek intend swear propose
    demand ask wish prefer decide claim
    undertake resolve commit apologize apologise""".split()
)
"""Verbs whose infinitive is the content: "vowed to win"."""

PREPOSITIONS = {
    "apologize": ("for",), "apologise": ("for",), "commit": ("to",), "vouch": ("for",), "gloat": ("about", "over"),
    "warn": ("of", "about", "against"), "caution": ("against", "about"), "speak": ("of", "about", "against"),
    "talk": ("about", "of"), "complain": ("about", "of"), "call": ("for", "on", "upon"), "push": ("for",),
    "boast": ("about", "of"), "ask": ("about", "for"), "comment": ("on",), "point": ("to", "out"),
    "refer": ("to",), "argue": ("for", "against"), "insist": ("on",), "worry": ("about",), "care": ("about",),
    "approve": ("of",), "disapprove": ("of",),
    "hint": ("at",), "allude": ("to",), "respond": ("to",), "object": ("to",), "protest": ("against",),
    "hope": ("for",), "press": ("for",), "appeal": ("for", "to"), "think": ("of", "about"), "learn": ("of",),
    "lash": ("at",), "rail": ("against",), "agree": ("with", "on", "to"), "disagree": ("with",),
    "side": ("with",), "advocate": ("for",), "joke": ("about",), "tweet": ("about",),
    "write": ("about", "of"), "know": ("about",), "testify": ("about",), "elaborate": ("on",),
}  # fmt: skip
"""Prepositions that introduce the content of a verb: "warned of consequences"."""

NOUNS = frozenset(
    """claim suggestion pledge promise statement warning argument belief view assertion call demand proposal
    insistence allegation accusation contention admission announcement conclusion opinion hope fear
    concern threat vow remark comment prediction message assessment decision refusal criticism desire
    assurance doubt complaint expectation conviction plan""".split()
)
"""Nouns that carry a content clause: "his pledge to broker peace"."""

ANSWERING = frozenset("agree disagree concur differ demur dissent nod shrug object refuse decline".split())
"""Verbs that, where a question or a call stands before them, say how it was taken: "“Will it hold?” Ann nodded."."""

OF_SPEECH = NOUNS | frozenset(
    """question proposal reference case point contrast comparison tweet speech idea support policy issue priority
    agenda position stance grievance grudge illusion objection complaint answer reply reaction approval displeasure
    anger frustration outrage sympathy confidence optimism pessimism skepticism scepticism disdain contempt respect
    praise thanks gratitude apology condolence attack
    insult reservation disagreement theory rhetoric reproach""".split()
)
"""Nouns of what is said or thought: a verb that takes one as its object may report it ("laid out her proposals")."""

OF_MIND = frozenset(
    """chastise implore beseech downplay minimise minimize exaggerate debate illustrate promote liken compare
    contrast mull weigh ponder wonder contemplate consider document champion chide scold berate deride disparage
    belittle grill invoke evoke taunt insult flatter address embrace shun eschew espouse salute celebrate mourn love
    hate loathe admire resent envy adore appreciate value dislike like enjoy respect tolerate accept need await mind
    relish abhor detest retweet recite savor savour covet crave deplore""".split()
)
"""Verbs of speech and mind whose bare object the rules do not take, but the tagger may."""

SHELL_NOUNS = frozenset("fact claim point idea view argument thing notion move statement charge theory".split())
"""Nouns that stand for the clause before them: "…, a fact that officials have referenced"."""

CONDITIONS = frozenset("if unless because until once".split())
"""Conjunctions whose clause completes what is warned of or promised."""

VERBS = SPEECH | ATTITUDE | EVIDENCE | OBJECT | NAMING | INFINITIVE | set(PREPOSITIONS)
"""All verbs that can attribute something."""
