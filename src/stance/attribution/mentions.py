"""Where a document names an actor, and in which role."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from stance.attribution._namesakes import FamilyNames, Place
from stance.attribution._titles import NOT_OFFICIAL, STAFF, TITLES, is_official
from stance.attribution.aliases import Lexicon
from stance.codebook import folded
from stance.schema import Mention, Referent, Role, Span
from stance.text.parsed import ParsedText
from stance.text.spans import Intervals

if TYPE_CHECKING:
    from spacy.tokens import Span as SpanOfTokens
    from spacy.tokens import Token

MODIFIERS = ("compound", "amod", "nmod")
"""Dependencies of words that only say more about the noun after them."""
_PLACE_PREPOSITIONS = frozenset(["in", "at", "near", "inside", "outside", "around", "across", "throughout"])
_MOTION = frozenset(
    """return go travel fly trip visit arrive arrival move head come flight journey leave depart departure drive
    tour walk land""".split()
)
_PREFIX = re.compile(r"\b(?:pro|anti|ex|non)[-‐–]$", re.IGNORECASE)
_DATELINE = re.compile(r"(?:,[^\n—–]{1,30})?(?: \([^)\n]{1,30}\))? ?[—–] ")
"""What follows the place a report comes from: "VELMAR (Agency) — The …". Places and agencies are shorter than 30."""
_DEPUTIES = frozenset("deputy vice acting assistant former ex".split())
"""What makes an office another one: "the *Deputy* Head of the Office"."""
_REGIONS = frozenset("eastern central latin north south northern southern east west".split())


class Names:
    """The names of the codebook's actors in a parsed document.

    Parameters
    ----------
    parsed
        The document.
    lexicon
        The names of the codebook.

    Attributes
    ----------
    found
        Where they stand, in the order of the text; roles other than speaker, which attributions decide.
    """

    def __init__(self, parsed: ParsedText, lexicon: Lexicon) -> None:
        self.parsed, self.lexicon = parsed, lexicon
        sentences = parsed.doc.sents
        # Space between paragraphs is no sentence: a pronoun looks back past it.
        self.starts = [s.start for s in sentences if s.start == 0 or not (s[0].is_space and s.text.isspace())]
        self.found: list[Mention] = []
        self._of_token: dict[int, Mention] = {}
        self._groups: dict[int, tuple[Referent, ...]] = {}
        families = FamilyNames(lexicon)
        named_at = list(lexicon.find(parsed.text))
        begins = {start for start, _, _ in named_at}
        for start, end, named in named_at:
            tokens = parsed.tokens(start, end)
            if tokens is None or self._means_another(tokens, start):
                continue
            if self.is_person(named.entity) and _is_of_another(tokens, begins):
                continue
            referent = self._person(families, tokens, start, end, named) if self.is_person(named.entity) else named
            if referent is None:
                continue
            span, role = Span(parsed.document, start, end), self._role(tokens.root, start, end)
            mention = Mention(span, referent.actor, referent.entity, role)
            self.found.append(mention)
            for token in tokens:
                self._of_token[token.i] = mention
        for start, end, several in lexicon.find_groups(parsed.text):
            for token in parsed.tokens(start, end) or ():
                self._groups[token.i] = several

    def mention_at(self, token: Token) -> Mention | None:
        """The mention that a token is part of; None where it is part of no actor's name."""
        return self._of_token.get(token.i)

    def group_at(self, token: Token) -> tuple[Referent, ...]:
        """Whom the codebook says that words for several mean, by a token of them: "both sides"."""
        return self._groups.get(token.i, ())

    def sentence_of(self, token: Token) -> int:
        """The number of a token's sentence, from 0 on; space between paragraphs belongs to the one before."""
        return bisect.bisect_right(self.starts, token.i) - 1

    def pronoun_of(self, entity: str) -> str | None:
        """The pronoun of an entity, if the codebook says it."""
        return self.lexicon.pronouns[entity]

    def is_person(self, entity: str) -> bool:
        """Whether an entity is a *he* or a *she*."""
        return self.pronoun_of(entity) in ("he", "she")

    def _person(
        self, families: FamilyNames, tokens: SpanOfTokens, start: int, end: int, referent: Referent
    ) -> Referent | None:
        """Whom a name of a person means here: another may bear it as well."""
        paragraph = bisect.bisect_right(self.parsed.paragraphs, (start, len(self.parsed.text)))
        place = Place(self.sentence_of(tokens[0]), paragraph)
        return families.meant(tokens, self.parsed.text[start:end], referent, place, self._of_token)

    def _means_another(self, tokens: SpanOfTokens, start: int) -> bool:
        """Whether a name is part of another's: "pro-Russian", "Eastern European leaders"."""
        doc = self.parsed.doc
        before = doc[tokens.start - 1] if tokens.start else None
        if _PREFIX.search(self.parsed.text[max(0, start - 5) : start]):
            return True
        if tokens[0].tag_ == "PRP" and tokens.text.islower() and self.parsed.capitals.covers(start, start + 1):
            return True  # "THEY TOLD US"
        if before is None or self.sentence_of(before) != self.sentence_of(tokens[0]):
            return False
        if before.lower_ in _REGIONS:
            return True
        head = tokens.root
        return head.pos_ == "NOUN" and any(c.lower_ in NOT_OFFICIAL for c in head.lefts if c.i < tokens.start)

    def _role(self, head: Token, start: int, end: int) -> Role:
        """An actor that is talked about, a place, or a mere modifier."""
        text = self.parsed.text
        while head.dep_ in MODIFIERS and is_sign(head.head):
            head = head.head
        if _DATELINE.match(text, end) and not text[:start].rpartition("\n")[2].strip():
            return "location"
        if head.dep_ in (*MODIFIERS, "nummod") and head.head.pos_ != "PROPN":
            stands_for = self.mention_at(head.head) is None and is_official(head.head)
            return "target" if stands_for else "attributive"
        if head.dep_ in MODIFIERS:
            return "attributive"
        if folded(text[start:end]) in self.lexicon.places and _is_location(head):
            return "location"
        return "target"


def _is_of_another(tokens: SpanOfTokens, begins: set[int]) -> bool:
    """Whether an office is a part of another's, or held by somebody else: "Deputy *Head of the Office* Ann Lee".

    Parameters
    ----------
    tokens
        The name.
    begins
        Where names of the codebook begin.
    """
    first, last = tokens[0], tokens[-1]
    office = first.lower_ in TITLES | STAFF or last.lower_ in TITLES | STAFF
    if not office:
        return False
    if first.i and not first.is_sent_start and first.nbor(-1).lower_ in _DEPUTIES:
        return True
    after = last.nbor() if last.i + 1 < len(last.doc) else None
    if after is None or after.is_sent_start or after.tag_ not in ("NNP", "NNPS") or after.idx in begins:
        return False
    held = (last.dep_ in MODIFIERS and last.head.i >= after.i) or first.lower_ in TITLES | STAFF
    return held and after.is_title and (after.ent_type_ == "PERSON" or after.dep_ in MODIFIERS)


def is_sign(token: Token) -> bool:
    """Whether a token is no word: an emoji, say, which the parser may take for the name behind a name."""
    return not any(c.isalnum() for c in token.text)


def _is_location(head: Token) -> bool:
    """Whether a town's name means the town: where something is, or where somebody goes."""
    if head.dep_ in ("dobj", "npadvmod"):
        return head.head.lemma_ in _MOTION
    if head.dep_ != "pobj":
        return False
    preposition = head.head
    if preposition.lower_ in _PLACE_PREPOSITIONS:
        return True
    return preposition.lower_ in ("to", "from", "for", "through", "via") and preposition.head.lemma_ in _MOTION


def with_roles(mentions: Iterable[Mention], sources: Iterable[Span]) -> list[Mention]:
    """Mentions, those inside the source of an attribution marked as speakers."""
    speaking = Intervals((s.start, s.end, s) for s in sources)
    return [
        Mention(m.span, m.actor, m.entity, "speaker")
        if m.role == "target" and speaking.covers(m.span.start, m.span.end)
        else m
        for m in mentions
    ]
