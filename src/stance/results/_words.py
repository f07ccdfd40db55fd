"""How a report words what is too long for it, and whose words something is."""

from __future__ import annotations

from stance.results._passages import Composer
from stance.schema import NARRATOR, Segment


def short(text: str, most: int) -> str:
    """A text on one line, cut where it is long.

    Examples
    --------
    >>> short("a  long\\nword", 6)
    'a long …'
    """
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most].rstrip()} …"


def voice(segment: Segment, composer: Composer) -> str:
    """Whose words a segment is, as the page says it."""
    if segment.role == "source":
        return short(segment.entity or "unresolved", 80)
    if segment.voice == NARRATOR:
        return "the narrator"
    return composer.tag(segment.voice).label if segment.voice else "somebody else"
