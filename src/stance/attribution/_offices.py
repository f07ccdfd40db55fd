"""Whom a publisher's own text means by an office without a name: "the President" is its president."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stance.attribution.aliases import Lexicon
from stance.schema import Referent

if TYPE_CHECKING:
    from spacy.tokens import Token

_OFFICES = frozenset(["president", "vice president", "prime minister", "chancellor", "foreign minister"])


def office_of(head: Token) -> str | None:
    """The office that a phrase names with nothing but an article: "the Vice President"; None for any other phrase.

    In small letters it may be anybody's who was spoken of.

    Parameters
    ----------
    head
        Of the phrase.
    """
    before, after = list(head.lefts), [c for c in head.rights if c.dep_ in ("prep", "appos", "case", "relcl")]
    if after or not head.text[:1].isupper() or not before or before[0].lower_ != "the":
        return None
    office = " ".join(t.lower_ for t in (*before[1:], head))
    return office if office in _OFFICES else None


def holders_of(office: str, actor: str, lexicon: Lexicon) -> tuple[Referent, ...]:
    """The one person of an actor who has an office in one of the codebook's names; nobody where there are two.

    Parameters
    ----------
    office
        In small letters.
    actor
        The publisher's.
    lexicon
        The codebook's names.

    Examples
    --------
    >>> from stance.codebook import read_codebook
    >>> holders_of("president", "kremlin", Lexicon(read_codebook()))
    (Referent(actor='kremlin', entity='Vladimir Putin'),)
    """
    named = re.compile(rf"(?:the )?(?:(?!vice|deputy|former|acting)[\w.]+ )?{office}(?: (?!of the office).*)?")
    found = {
        who
        for name, who in lexicon.names.items()
        if who is not None and who.actor == actor and lexicon.pronouns.get(who.entity) in ("he", "she")
        if named.fullmatch(name)
    }
    return tuple(found) if len(found) == 1 else ()
