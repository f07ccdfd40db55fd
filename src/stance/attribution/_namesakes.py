"""Whom a family name means: the codebook's person, or a namesake whom the text has introduced."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.attribution._titles import OFFICIAL, TITLES
from stance.attribution.aliases import Lexicon
from stance.codebook import folded
from stance.schema import Referent

if TYPE_CHECKING:
    from collections.abc import Container

    from spacy.tokens import Span as SpanOfTokens
    from spacy.tokens import Token

_GENDERS = {
    word: pronoun
    for pronoun, words in {
        "he": """mr sir lord king prince duke baron count brother husband father son uncle nephew grandfather
        grandson stepfather stepson stepbrother widower boyfriend fiancé dad""",
        "she": """mrs ms miss mme madam madame lady dame queen princess duchess baroness countess sister wife mother
        daughter aunt niece grandmother granddaughter stepmother stepdaughter stepsister widow girlfriend fiancée
        mum mom actress waitress hostess heiress nun""",
    }.items()
    for word in words.split()
}
"""Titles and common nouns for a man or a woman."""
_KIN = frozenset(
    """brother husband father son uncle nephew grandfather grandson stepfather stepson stepbrother widower boyfriend
    fiancé dad sister wife mother daughter aunt niece grandmother granddaughter stepmother stepdaughter stepsister
    widow girlfriend fiancée mum mom cousin parent child sibling twin spouse partner relative ex-husband ex-wife
    brother-in-law sister-in-law father-in-law mother-in-law son-in-law daughter-in-law""".split()
)
_COURTESY = frozenset("mr mrs ms miss mme madam madame sir lady dame lord".split())
_RANKS = frozenset(
    """baron baroness captain chef coach commander commissioner constable councillor councilman councilwoman count
    counsellor countess dame detective duchess duke father governor-elect inspector justice lady lieutenant lord lt
    madam madame maj major mayor miss mme officer pastor pope prof professor rabbi rev reverend sergeant sgt
    superintendent mother princess sister uncle aunt""".split()
)
"""Titles before a surname that, like those of :data:`TITLES`, are no first names."""
_CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december""".split()
)
_FIRMS = frozenset("ag bros co company corp corporation gmbh holdings inc incorporated llc llp ltd limited plc".split())
_BODIES = _FIRMS | frozenset(
    """academy airport arena associates association avenue bank barracks boulevard brewery bridge brothers cathedral
    center centre chapel church clinic club college county court farm farms foundation fund gallery gardens group
    hall heights highway hospital hotel industries institute institution international island laboratories laboratory
    lake lane library logistics medal memorial motors museum music palace park partners partnership plaza press prize
    productions records resort restaurant river road school shipping society sons square stadium station steel store
    stores street studio studios systems technologies theater theatre tower towers trust university village winery works
    """.split()
)
"""What firms, places and houses that bear a person's name are called, behind the name."""
_PARTNERS = frozenset("associates bros brothers co company daughters partners son sons".split())


@dataclass(frozen=True)
class _Bearer:
    """Somebody whom the text has called by a family name: of the codebook, or not (no referent)."""

    referent: Referent | None
    first_name: str
    pronoun: str | None
    sentence: int
    paragraph: int
    by_the_way: bool = False
    """Introduced as somebody's relative, or by a courtesy title: the text goes on about the other."""

    def is_as(self, other: _Bearer) -> bool:
        return (self.referent, self.first_name) == (other.referent, other.first_name)


@dataclass(frozen=True)
class Place:
    """Where a name stands: the numbers of its sentence and paragraph."""

    sentence: int
    paragraph: int


class FamilyNames:
    """Who bears which family name, told name by name in the order of the text.

    What a name means depends on what stands before it and in its own sentence only.

    Parameters
    ----------
    lexicon
        The names of the codebook.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._bearers: dict[str, list[_Bearer]] = {}

    def meant(
        self, tokens: SpanOfTokens, written: str, referent: Referent, place: Place, known: Container[int]
    ) -> Referent | None:
        """Whom a name of a person means; None for a namesake, and where it is not clear.

        Parameters
        ----------
        tokens
            The name.
        written
            It as it stands.
        referent
            Whom the codebook says it means.
        place
            Where it stands.
        known
            Numbers of the tokens that are parts of other names.
        """
        words = folded(written).split()
        family, pronoun = words[-1], self._lexicon.pronouns[referent.entity]
        if (firm := _names_body(tokens, known)) is not None:
            if firm and family not in self._bearers:
                self._introduce({family}, _Bearer(None, "&", "it", place.sentence, place.paragraph))
            return None
        before = _names_before(tokens, known)
        if (stranger := self._stranger(tokens, before, len(words) > 1, referent, place)) is not None:
            if stranger.first_name:
                self._introduce({family}, stranger)
            return None
        own = _Bearer(referent, "", pronoun, place.sentence, place.paragraph)
        families = self._lexicon.family_names[referent]
        if len(words) > 1 or before or _has_title(tokens):
            self._introduce(families, own)
            return referent
        if all(b.is_as(own) for b in self._bearers.get(family, ())):
            self._introduce(families, own)
            return referent
        return self._chosen(self._bearers[family], tokens, place)

    def _introduce(self, families: set[str] | frozenset[str], bearer: _Bearer) -> None:
        """The latest stands last."""
        for family in families:
            others = [b for b in self._bearers.get(family, ()) if not b.is_as(bearer)]
            self._bearers[family] = [*others, bearer]

    def _stranger(
        self, tokens: SpanOfTokens, before: list[Token], is_full: bool, referent: Referent, place: Place
    ) -> _Bearer | None:
        """Somebody else of that name; without a first name if nothing says whom a bare family name means then."""
        own = self._lexicon.pronouns[referent.entity]
        firsts = self._lexicon.first_names[referent]
        told = _told_gender(tokens, before)
        aside = any(firsts & {f} for f in self._bearers) and tokens.root.dep_ not in ("nsubj", "nsubjpass")
        relative = aside or _is_relative(tokens)
        if _is_junior(tokens) and not firsts & {"jr", "jr.", "sr", "sr."}:
            return _Bearer(None, "jr", told, place.sentence, place.paragraph, by_the_way=True)
        names = [w for t in before if (w := _word(t)) not in TITLES]
        if is_full or any(w in firsts for w in names):
            return None
        if told is not None and own is not None and told != own:
            return _Bearer(None, names[-1] if names else told, told, place.sentence, place.paragraph, by_the_way=True)
        if not before or not names or _word(before[-1]) in TITLES:
            return None
        if len(names[-1]) == 1:
            return None  # an initial
        # "The Washington Post Trump said": no first name.
        first = before[0].nbor(-1).tag_ if before[0].i else ""
        introduces = names[-1] not in _RANKS | _CALENDAR and first != "DT" and not _is_headline(tokens, before)
        name = names[0] if introduces else ""
        return _Bearer(None, name, told, place.sentence, place.paragraph, by_the_way=relative)

    def _chosen(self, bearers: list[_Bearer], tokens: SpanOfTokens, place: Place) -> Referent | None:
        """Of several bearers of a name the one introduced last, unless another comes into question as well."""
        last = bearers[-1]
        if last.referent is None and last.by_the_way and last.paragraph != place.paragraph:
            return next((b.referent for b in reversed(bearers) if b.referent is not None), None)
        beside = [b for b in bearers if b.sentence == last.sentence]
        pronoun = _own_pronoun(tokens)
        if pronoun is not None:
            beside = [b for b in beside if b.pronoun in (None, pronoun)]
        return beside[0].referent if len(beside) == 1 else None


def _word(token: Token) -> str:
    return folded(token.text).rstrip(".")


def _names_before(tokens: SpanOfTokens, known: Container[int]) -> list[Token]:
    """Capitalised words right before a name that belong to it, in the order of the text."""
    found: list[Token] = []
    for token in _leftward(tokens):
        if token.text == "." and token.i and _word(token.nbor(-1)) in TITLES:
            continue  # "MR. HOLT": in capitals, a title and its full stop are two
        if token.tag_ not in ("NNP", "NNPS") and not (found and token.text == "-"):
            break
        if token.i in known or (token.text != "-" and token.dep_ not in ("compound", "nmod")):
            break
        if token.text != "-" and token.head.i not in range(token.i, tokens.end):
            break
        found.append(token)
    return [t for t in reversed(found) if t.text != "-"]


def _leftward(tokens: SpanOfTokens) -> Iterator[Token]:
    """What stands before a name in its sentence, the nearest first."""
    at = tokens[0]
    while at.i and not at.is_sent_start:
        at = at.nbor(-1)
        yield at


def _has_title(tokens: SpanOfTokens) -> bool:
    """ "President Varga", "the minister Holt"."""
    return any(t.i < tokens.start and t.lower_.rstrip(".") in TITLES for t in tokens.root.lefts)


def _names_body(tokens: SpanOfTokens, known: Container[int]) -> bool | None:
    """Whether a name is part of a firm's ("Holt & Co.") or another body's ("Holt Institute"); None if of neither."""
    after = list(itertools.takewhile(lambda t: not t.is_sent_start, tokens.doc[tokens.end : tokens.end + 4]))
    if after and after[0].lower_ in ("&", "and", "und") and len(after) > 1:
        partner = after[1]
        if partner.i in known or not partner.text[:1].isupper():
            return None
        return True if after[0].text == "&" or _word(partner) in _PARTNERS else None
    run = list(itertools.takewhile(lambda t: t.text[:1].isupper() and t.i not in known, after))
    if any(_word(t) in _FIRMS for t in run):
        return True
    if _is_headline(tokens, run):
        return None
    return False if any(_word(t) in _BODIES and _word(t) not in OFFICIAL for t in run) else None


def _is_junior(tokens: SpanOfTokens) -> bool:
    return tokens.end < len(tokens.doc) and tokens.doc[tokens.end].lower_.rstrip(".") in ("jr", "sr")


def _is_headline(tokens: SpanOfTokens, name: list[Token]) -> bool:
    """Whether a sentence writes every word with a capital, so that a capital says nothing."""
    inside = {t.i for t in (*name, *tokens)}
    # Of three letters or less, words are small in headlines, too.
    words = [t for t in tokens.sent if t.is_alpha and len(t) > 3 and t.i not in inside]
    return bool(words) and all(t.text[0].isupper() for t in words)


def _describing(tokens: SpanOfTokens) -> Iterator[Token]:
    """Common nouns that say who somebody is: "his brother Jan Holt", "Jan Holt, a cousin of …"."""
    head = tokens.root
    yield from (t for t in head.lefts if t.dep_ in ("compound", "amod", "nmod", "appos") and t.tag_ == "NN")
    yield from (t for t in head.rights if t.dep_ == "appos" and t.tag_ == "NN" and _is_aside(t))
    if head.dep_ == "appos" and head.head.tag_ == "NN":
        yield head.head
    before = next((t for t in _leftward(tokens) if t.tag_ != "NNP"), None)
    if before is not None and (before.tag_ == "NN" or before.lower_ in _KIN):
        yield before


def _is_aside(noun: Token) -> bool:
    """ "A baker from Tarn", "the minister's wife", and not "his wife", which may be another in a list."""
    first = [c for c in noun.lefts if c.dep_ in ("det", "poss")]
    return any(c.tag_ != "PRP$" for c in first) or any(c.lower_ in ("of", "to") for c in noun.rights)


def _told_gender(tokens: SpanOfTokens, before: list[Token]) -> str | None:
    """The pronoun of whom a title or a description calls a man or a woman: "Mrs", "his sister", "businesswoman"."""
    first = tokens[0].lower_.rstrip(".") if len(tokens) > 1 else ""
    if first in _COURTESY:
        return None
    titles = [_word(t) for t in (*before, *(t for t in tokens.root.lefts if t.i < tokens.start))]
    for word in (*reversed(titles), *(t.lower_ for t in _describing(tokens))):
        if word in _GENDERS:
            return _GENDERS[word]
        if re.fullmatch(r"\w{2,}woman", word):
            return "she"
    return None


def _is_relative(tokens: SpanOfTokens) -> bool:
    """Whether somebody is introduced as another's relative."""
    return any(t.lower_ in _KIN for t in _describing(tokens))


def _own_pronoun(tokens: SpanOfTokens) -> str | None:
    """The pronoun that a speaker most likely means by itself: "Varga said that *he* would not sign"."""
    head = tokens.root
    if head.dep_ != "nsubj" or head.head.pos_ != "VERB":
        return None
    contents = [c for c in head.head.children if c.dep_ == "ccomp"]
    subjects = [s.lower_ for c in contents for s in c.children if s.dep_ in ("nsubj", "nsubjpass")]
    return next((s for s in subjects if s in ("he", "she")), None)
