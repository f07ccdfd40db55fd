"""Words for people and bodies that stand for an actor, or do not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

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
    commander commanders commissioner commission committee council counsellor""".split()
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

_PERSONS = frozenset(
    """accountant adult assassin assistant attendant aunt baby boy brother child citizen clerk client colleague cook
    cousin daughter doctor father friend girl grandfather grandmother guard guest guy hero husband immigrant inmate
    judge kid lad lady lawyer man merchant migrant mother neighbor neighbour nurse parent patient patriot pensioner
    person pilot priest protestor pupil recruit refugee resident sergeant servant sister soldier son spy student
    suspect teen thief tourist tutor uncle veteran victim waitress widow wife witness woman youth""".split()
)
_PERSON_ENDINGS = re.compile(r"\w{2,}(?:ist|ian|man|woman|person|eer|ster)$|\w{3,}(?:er|or)$")
_THINGS = frozenset(
    """after anger answer banner barrier border bunker butter center centre chapter character cluster color colour
    computer container corner corridor counter cover danger dinner disaster disorder dollar door encounter
    error factor favor favour fervor fever filter finger floor flower folder gender harbor harbour
    helicopter honor horror humor hunger indicator labor labour ladder laser layer ledger letter liquor
    matter metaphor meter mirror monitor motor murder number offer order other paper parlor poster power
    prayer print printer processor quarter reactor register remainder river rumor rumour sector shelter
    shoulder silver sister summer supper surrender terror thunder timber tower trailer transfer tremor
    trigger vapor vector vigor water weather winter wonder""".split()
)


def names_person(noun: str) -> bool:
    """Whether a common noun in the singular means a person, by a list and by its ending.

    Examples
    --------
    >>> names_person("farmer"), names_person("suspect"), names_person("river")
    (True, True, False)
    """
    noun = noun.lower()
    return noun in _PERSONS or (noun not in _THINGS and bool(_PERSON_ENDINGS.match(noun)))


def is_official(token: Token) -> bool:
    """Whether a token is a title or a body: "president", "ministry"."""
    return token.lower_ in OFFICIAL
