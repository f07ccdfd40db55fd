"""Who says what: source, cue and content, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from stance.attribution._authors import author_of
from stance.attribution._beside import beside
from stance.attribution._completed import completed
from stance.attribution._cues import VERBS
from stance.attribution._factuality import DENYING, POSITIONS, REFUSING
from stance.attribution._headlines import headlines
from stance.attribution._lists import listed
from stance.attribution._mood import has_nobody
from stance.attribution._owners import owned
from stance.attribution._quoted import continued, floating, whole
from stance.attribution._reading import Reading
from stance.attribution._rules import candidates
from stance.attribution._set_in import set_in
from stance.attribution._silence import spoken
from stance.attribution._status import status_of
from stance.attribution._transcripts import announced_in, turns_of, without_captions
from stance.attribution.candidates import Candidate, distinct
from stance.attribution.consensus import TaggerLike, together
from stance.attribution.coreference import Resolver
from stance.schema import Attribution, Document, Referent, Span, Status
from stance.text.parsed import ParsedText
from stance.text.quotations import Quotation, Quotations
from stance.text.spans import parents_of, runs

if TYPE_CHECKING:
    from spacy.tokens import Span as TextSpan
    from spacy.tokens import Token

_CLAUSES_IN_NOUN_PHRASES = ("relcl", "acl", "advcl", "parataxis")
_OF_SPEAKERS = frozenset("i we you me us my our your".split())
"""Whom a speaker means by himself and his hearers."""
_FIRST = _OF_SPEAKERS - {"you", "your"}
_LONGEST_ASIDE = 8
"""Tokens of an apposition that still belongs to the source: "Trump's envoy, Steve Witkoff, said". None at all costs
.010 of F1 with the source on the passages; 4 to 16 do alike (benchmarks/choices.py)."""


def by_rules(found: list[Candidate], reading: Reading) -> list[Candidate]:
    """What the rules find; all that any cue may attribute."""
    here = [c for token in reading.parsed.doc for c in candidates(token, reading.quotations)]
    return distinct([*found, *(whole(c, reading) for c in here)])


def by_tagger(found: list[Candidate], reading: Reading) -> list[Candidate]:
    """What rules and tagger find together."""
    if reading.tagger is None:
        return found
    return [whole(c, reading) for c in together(found, reading.parsed, reading.quotations, reading.tagger)]


def by_layout(found: list[Candidate], reading: Reading) -> list[Candidate]:
    """Speakers' turns, what a press release announces, headlines and lists, too."""
    announced = [whole(c, reading) for c in announced_in(reading.parsed, reading.quotations)]
    found = without_captions(found, reading.parsed, reading.resolver.names)
    given = [*reading.turns, *announced, *headlines(reading)]
    return distinct([*given, *listed(found, reading), *found])


STEPS: tuple[Callable[[list[Candidate], Reading], list[Candidate]], ...] = (
    by_rules,  # first: the tagger is asked about the cues that the rules find
    by_tagger,  # before the layout, which it knows nothing of and would doubt
    spoken,  # before the layout: no turn is silence, and what is no statement takes no quotation
    beside,  # after the tagger, which would doubt verbs that it has not met
    completed,  # after rules, tagger and quotations: whoever broke off a content
    owned,  # before quotations go on: whose each is, is known now
    by_layout,  # before quotations go on: a turn, too, may do so
    continued,  # before floating: a quotation that goes on is no floating one
    floating,  # last: the speaker before is known only once all others are
)
"""The way of a document to its attributions; each takes what was found so far and gives it back with its own."""


def find_attributions(parsed: ParsedText, resolver: Resolver, tagger: TaggerLike | None = None) -> list[Attribution]:
    """Attributions of a document in the order of their contents.

    Clausal and infinitive complements, objects of verbs of speech ("voiced
    frustration over …"), small clauses ("called the summit a victory"),
    passives with *by*, *according to*, participles controlled by the subject
    ("Trump …, warning that"), nouns with a content clause ("his pledge to
    …"), and quotations before, around and after their cue or without one.
    :data:`STEPS` says in which order they are looked for.

    Parameters
    ----------
    parsed
        The document.
    resolver
        Whom the sources mean.
    tagger
        A trained one; without it the rules decide alone.
    """
    turns = tuple(turns_of(parsed, resolver))
    turns += tuple(set_in(parsed, resolver, turns))
    words = (Quotation(*part) for turn in turns for part in turn.content)
    author = None if parsed.turns else author_of(parsed.document, resolver.names.lexicon)
    reading = Reading(parsed, resolver, tagger, turns, parsed.quotations.and_also(words), author)
    found: list[Candidate] = []
    for step in STEPS:
        found = step(found, reading)
    return _nested(found, reading)


def _nested(found: list[Candidate], reading: Reading) -> list[Attribution]:
    """Candidates with ids, parents and actors, in the order of the text."""
    found.sort(key=lambda c: (c.content[0][0], -c.content[-1][1], c.cue))
    parents = parents_of([(c.content, c.cue) for c in found])
    kept = [i for i, c in enumerate(found) if parents[i] is not None or not _is_quoted_self(c, reading.quotations)]
    number = {old: new for new, old in enumerate(kept, 1)}

    def actors(i: int) -> tuple[Referent, ...]:
        source, parent = found[i].source, parents[i]
        if parent is not None and _is_quoted_self(found[i], reading.quotations):
            return actors(parent) if source is not None and source.lower_ not in ("you", "your") else ()
        if source is None:
            return ()
        if source.lower_ in _FIRST and reading.author is not None:
            return (reading.author,)
        return reading.resolver.resolve(source)

    statuses = _statuses(found, parents, reading)
    return [
        _attribution(reading, found[i], f"a{number[i]}", _id_of_nearest(parents, i, number), actors(i), statuses[i])
        for i in kept
    ]


def _statuses(found: list[Candidate], parents: list[int | None], reading: Reading) -> list[tuple[Status, Status]]:
    """Whether each is presented as said; what stands inside a statement that is not made is not made either.

    The second of each is its own, whatever it stands in.
    """
    cues = [reading.parsed.tokens(*f.cue[-1]) for f in found]
    said = [None if cue is None else _saying(cue) for cue in cues]
    own = [
        "stated" if s is None else status_of(s, f.source, reading.quotations) for s, f in zip(said, found, strict=True)
    ]

    def inherited(i: int) -> Status:
        parent = parents[i]
        above = "stated" if parent is None else inherited(parent)
        nearest = above == "stated" or own[i] == "asked"  # "nobody knows if she said so" asks, rather than denies
        return own[i] if nearest or (above == "denied" and is_denial(parent)) else above

    def is_denial(i: int | None) -> bool:
        """ "Nobody denies that Ann said": what holds of her words was read from the denial itself."""
        cue = None if i is None else said[i]
        return cue is not None and cue.lemma_.lower() in DENYING and has_nobody(cue)

    return [(inherited(i), own[i]) for i in range(len(found))]


def _saying(cue: TextSpan) -> Token:
    """The word of a cue whose status is the cue's: its last verb that says something, or that refuses a position."""
    said = next((t for t in reversed(cue) if t.lemma_.lower() in VERBS), _below(cue.root))
    refused = said.head in cue and said.head.lemma_.lower() in REFUSING and said.lemma_.lower() in POSITIONS
    return said.head if refused else said


def _below(verb: Token) -> Token:
    """Of a verb that says nothing itself, the one it leads to: "only pretended, or is sure, to *regret* the sale"."""
    judged = [c for c in verb.children if c.dep_ == "acomp"]
    below = (c for above in (verb, *judged) for c in above.children if c.dep_ == "xcomp" and c.i > verb.i)
    return next((c for c in below if c.lemma_.lower() in VERBS), verb)


def _attribution(
    reading: Reading,
    found: Candidate,
    name: str,
    parent: str | None,
    actors: tuple[Referent, ...],
    statuses: tuple[Status, Status],
) -> Attribution:
    document = reading.parsed.document
    return Attribution(
        id=name,
        source=_source_spans(document, found),
        cue=tuple(Span(document, *offsets) for offsets in found.cue),
        content=tuple(Span(document, *offsets) for offsets in found.content),
        kind=reading.quotations.kind_of(found.content),
        parent=parent,
        actors=actors,
        confidence=found.confidence,
        status=statuses[0],
        own_status=statuses[1],
    )


def _source_spans(document: Document, found: Candidate) -> tuple[Span, ...]:
    """The noun phrase of the source, without relative clauses and long asides."""
    head = found.source
    if found.source_at:
        return tuple(Span(document, *offsets) for offsets in found.source_at)
    if head is None:
        return ()
    clauses = [c for h in (head, *head.conjuncts) for c in h.children if c.dep_ in _CLAUSES_IN_NOUN_PHRASES]
    clauses += [c for h in (head, *head.conjuncts) for c in h.children if c.dep_ == "appos" and _is_long(c)]
    asides = {t.i for c in clauses for t in c.subtree}
    kept = [t for t in head.subtree if t.i not in asides]
    around = next(run for run in _neighbours(kept) if head in run)
    return tuple(Span(document, *offsets) for offsets in runs(around))


def _is_long(aside: Token) -> bool:
    return sum(1 for _ in aside.subtree) > _LONGEST_ASIDE


def _neighbours(tokens: list[Token]) -> Iterator[list[Token]]:
    """Runs of tokens that stand side by side."""
    run: list[Token] = []
    for token in tokens:
        if run and token.i != run[-1].i + 1:
            yield run
            run = []
        run.append(token)
    yield run


def _is_quoted_self(found: Candidate, quotations: Quotations) -> bool:
    """ "I think …" inside quotation marks: the words of whoever is quoted, no attribution of the text's own."""
    source = found.source
    own = source is not None and source.lower_ in _OF_SPEAKERS
    return own and quotations.covers(*found.cue[0])


def _id_of_nearest(parents: list[int | None], i: int, number: dict[int, int]) -> str | None:
    """The id of the nearest ancestor that was kept."""
    parent = parents[i]
    while parent is not None and parent not in number:
        parent = parents[parent]
    return None if parent is None else f"a{number[parent]}"
