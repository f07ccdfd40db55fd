"""What the steps of finding attributions read."""

from __future__ import annotations

from dataclasses import dataclass

from stance.attribution.candidates import Candidate
from stance.attribution.consensus import TaggerLike
from stance.attribution.coreference import Resolver
from stance.schema import Referent
from stance.text.parsed import ParsedText
from stance.text.quotations import Quotations


@dataclass(frozen=True)
class Reading:
    """A document, and what is known of it before the first step.

    Attributes
    ----------
    resolver
        Whom its expressions mean.
    tagger
        The trained one, if there is one.
    turns
        What the layout gives to speakers.
    quotations
        Those of the text, and the turns: a turn is its speaker's own words.
    author
        Whose words the whole text is, where its title says so: whom *I* means outside quotation marks.
    """

    parsed: ParsedText
    resolver: Resolver
    tagger: TaggerLike | None
    turns: tuple[Candidate, ...]
    quotations: Quotations
    author: Referent | None = None
