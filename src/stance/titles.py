"""Words for people and bodies that stand for an actor, or do not."""

OFFICIAL = frozenset(
    """administration adviser advisor aide ambassador authorities authority cabinet chancellor delegation
    diplomat diplomats diplomacy embassy envoy envoys foreign-ministry government governments leader leaders
    leadership lawmaker lawmakers minister ministers ministry negotiator negotiators official officials
    parliament premier presidency president secretary side spokesman spokesperson spokespeople spokeswoman
    team mission regime representative representatives aides advisers advisors ambassadors""".split()
)
"""Nouns that speak for the actor whose name or adjective modifies them: "Kremlin officials"."""

STAFF = frozenset(
    """ally allies analyst analysts attorney attorneys auditor auditors backer backers board boss bosses brief
    campaign captain chair chairman chairwoman chief chiefs coach colleague colleagues counsel deputies deputy
    director directors economist economists employee employees engineer engineers executive executives head
    investigator investigators lawyer lawyers management manager managers member members office organiser
    organisers organizer organizers panel party researcher researchers scientist scientists solicitor staff
    staffer staffers strategist strategists supporter supporters surrogate surrogates manager treasurer
    commander commanders commissioner commission committee council counsellor judge judges court""".split()
)
"""Nouns that speak for whom they belong to, where that is said by a possessive or *of*, *for*, *at*, *with*."""

BODIES = frozenset(
    """agency airline alliance assembly association bank body bureau carmaker charity club commission committee
    company council developer federation firm foundation group institute league maker manufacturer movement
    network organisation organization party publisher retailer society union university""".split()
)
"""What bodies are called instead of their names."""

NOT_OFFICIAL = frozenset(
    """former ex opposition dissident exiled critic anti pro rival retired ousted late independent""".split()
)

TITLES = OFFICIAL | frozenset(
    """mr mrs ms dr sir gov governor sen senator rep congressman congresswoman gen general adm admiral col
    republican democrat democratic gop candidate nominee incumbent billionaire businessman president-elect
    comrade marshal king queen prince secretary-general chairman chairwoman speaker king judge""".split()
)
"""Capitalised words before a surname that are no first names."""
