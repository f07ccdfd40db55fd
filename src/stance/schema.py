"""The nouns of the project as frozen data, the error that a user can mend, and the fingerprint of a text."""

from __future__ import annotations

import bisect
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, get_args

Role = Literal["speaker", "target", "location", "attributive"]
Kind = Literal["direct", "mixed", "indirect"]
Measure = Literal["stance", "sentiment", "frame"]
Status = Literal["stated", "denied", "hypothetical", "requested", "asked"]
"""Whether a text presents a statement as made, after the annotation of factuality and commitment (FactBank: Saurí &
Pustejovsky 2009; de Marneffe, Manning & Potts 2012). "Said he did not" is stated, "did not say" denied."""
STATUSES: tuple[Status, ...] = get_args(Status)

SET_IN = "\u2003"
"""What a block quotation of a marked text is set in by, once its marks are gone: a space that authors do not type."""

NARRATOR = "narrator"
"""The voice of words that the text attributes to nobody."""

LABELS: Mapping[Measure, tuple[str, str, str]] = MappingProxyType(
    {
        "stance": ("favor", "against", "none"),
        "sentiment": ("positive", "negative", "neutral"),
        "frame": ("present", "denied", "absent"),
    }
)
"""The labels of each measure, in the order of :attr:`Score.probabilities`."""


_LONGEST = 1800
"""Characters of a message: what it quotes may be anything, and it stays one that a person reads."""


class StanceError(ValueError):
    """Something the user can mend: the message says what, where and how.

    Of a very long message the middle is left out, so that place and mend stay.

    Examples
    --------
    >>> len(str(StanceError("The key " + "x" * 9000 + " is unknown. Remove it.")))
    1800
    """

    def __init__(self, message: str = "", *more: object) -> None:
        if len(message) > _LONGEST:
            kept = _LONGEST // 2
            message = f"{message[: kept - 2]} … {message[-kept + 1 :]}"
        super().__init__(message, *more)


class CorpusWarning(UserWarning):
    """What was left out or is not sure, though the text was read: the message says what, and where."""


def sha256(data: bytes) -> str:
    """The fingerprint used for texts, files and weights alike.

    Examples
    --------
    >>> sha256(b"stance")[:8]
    'd651dabf'
    """
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """One text as it was read; never edited afterwards.

    Offsets everywhere in the project are Python code points into ``text``.
    ``outlet`` is where it appeared; ``metadata`` keeps what a JSON Lines row had besides the named fields.

    Examples
    --------
    >>> Document("d1", "Putin said no.").text
    'Putin said no.'
    """

    id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    url: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    shifts: tuple[tuple[int, int], ...] = field(default=(), compare=False, repr=False)
    """Of a file with markup: an offset of ``text``, and the one in the file that it stands for."""

    def in_file(self, offset: int) -> int:
        """Where in the file a place of ``text`` stands: the same, unless the file's markup was taken out.

        Parameters
        ----------
        offset
            Code points into ``text``.

        Examples
        --------
        >>> Document("d", "Ann said no.", shifts=((0, 2), (3, 7))).in_file(4)
        8
        """
        at = bisect.bisect_right(self.shifts, offset, key=lambda pair: pair[0]) - 1
        return offset if at < 0 else self.shifts[at][1] + offset - self.shifts[at][0]

    @property
    def sha256(self) -> str:
        """Fingerprint of the text."""
        return sha256(self.text.encode("utf-8"))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document: a view, not a copy.

    Raises
    ------
    StanceError
        If the offsets do not lie inside the document or enclose nothing.

    Examples
    --------
    >>> Span(Document("d1", "Putin said no."), 0, 5).text
    'Putin'
    """

    document: Document = field(repr=False)
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= len(self.document.text):
            raise StanceError(
                f"A span must lie inside its document and hold at least one character. Got "
                f"[{self.start}, {self.end}) in {self.document.id!r} of {len(self.document.text)} characters."
            )

    @property
    def text(self) -> str:
        """The characters of the document that the span covers."""
        return self.document.text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        """Whether the other span lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True, order=True)
class Referent:
    """Whom an expression refers to: an actor of the codebook, and the entity in it."""

    actor: str
    entity: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a document names an actor, by name, description or pronoun."""

    span: Span
    actor: str
    entity: str
    role: Role


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what.

    ``source``, ``cue`` and ``content`` are tuples, since a quotation may be
    split around its cue. ``actors`` is empty where the source is not one the
    codebook knows, or where it is unclear whom it means. ``confidence``, in
    [0, 1], is how likely source and content are right: as measured on marked
    news where the tagger has read the cue, else the rank of the rule that found it.
    ``status`` says whether the text presents it as said at all; ``own_status``, whether it would if what it stands
    in were said.
    """

    id: str
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    kind: Kind
    parent: str | None
    actors: tuple[Referent, ...]
    confidence: float
    status: Status = "stated"
    own_status: Status = "stated"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text tied to one actor, who speaks it or is spoken about in it.

    Attributes
    ----------
    role
        ``"source"``: ``spans`` are the content of what the actor says, or a
        sentence of a text that the actor publishes; that has no ``kind``, ``cue`` or ``source``.
        ``"mention"``: ``spans`` are the clause that speaks about the actor.
    voice
        Whose words the spans are: an actor, ``"narrator"``, or None where the
        text attributes them to somebody whom the codebook does not know. In a
        text of a publisher that the codebook knows, the narrator is that publisher.
    context
        The full sentences around the spans: what a model reads as premise.
    named
        Spans of pronouns or descriptions that stand for the entity; they are
        replaced by its name in the premise only.
    about
        For a mention, where the actor is named; what a model may mark.
    status
        Of what an actor says: only what is ``"stated"`` is scored, counted and drawn. Words about an actor have that of
        the statement they stand in.
    """

    id: str
    spans: tuple[Span, ...]
    actor: str | None
    entity: str | None
    role: Literal["source", "mention"]
    voice: str | None
    voice_entity: str | None
    kind: Kind | None
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    parent: str | None
    confidence: float
    context: Span
    named: tuple[tuple[Span, str], ...] = ()
    about: Span | None = None
    status: Status = "stated"

    @property
    def document(self) -> Document:
        """The document the segment is a view of."""
        return self.spans[0].document

    @property
    def text(self) -> str:
        """The evidence, as it stands in the document; parts joined by an ellipsis."""
        return " … ".join(span.text for span in self.spans)


def statement_id(segment: str) -> str:
    """The id of the statement that a segment of one of its several sources belongs to.

    Examples
    --------
    >>> statement_id("d:a1.2"), statement_id("d:a1")
    ('d:a1', 'd:a1')
    """
    return re.sub(r"(:a\d+)\.\d+$", r"\1", segment)


@dataclass(frozen=True, slots=True)
class Score:
    """What a model says of one segment toward one target.

    Attributes
    ----------
    target
        The id of a target, for sentiment that of an actor, for a frame the frame's.
    probabilities
        In the order of :data:`LABELS`; the mean over wordings. None where the
        segment could not be scored; ``reason`` then says why.
    reason
        Why the score counts nowhere: it could not be made, or the statement does not take the target up.
    by_wording
        One triple for each wording of the hypothesis.
    n_windows
        Parts the premise was read in: more than 1 in a long text that names the target
        in several places, or where a part exceeds what the model reads at once.
    model
        ``name@revision/backend``.
    addressed
        The probability that a statement takes the target up; None where nobody asked.
    """

    segment: Segment
    measure: Measure
    target: str
    probabilities: tuple[float, float, float] | None
    by_wording: tuple[tuple[float, float, float], ...]
    n_windows: int
    reason: str | None
    model: str
    addressed: float | None = None
