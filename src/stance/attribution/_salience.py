"""How present somebody is where a pronoun, a pair or "the company" stands: who comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from stance.attribution._titles import BODIES, OFFICIAL, STAFF, is_official, names_person
from stance.attribution.mentions import MODIFIERS, Names
from stance.codebook import folded
from stance.schema import Referent
from stance.text.quotations import ends_sentence, has_stop

if TYPE_CHECKING:
    from spacy.tokens import Token

HORIZON = 3
"""Sentences that are looked back. benchmarks/choices.py: F1 of the right actor .761, .771, .790 with 1, 2, 3; no more
with 6."""
FRESHNESS, STEP = 10, 3
"""What a candidate in the same sentence counts, and how much less for each sentence between: a sentence of distance
weighs less than being the main subject, two weigh more. Steps of 1 to 3 do as well (.790), of 5 and 8 worse (.781,
.771)."""
MAIN_SUBJECT, OTHER_SUBJECT = 4, 1
"""What being the subject adds: the main clause's is what a text goes on about (Grosz, Joshi & Weinstein 1995,
centering). On the passages 0 to 9 for the first make no difference; 4 for the second costs .010."""
_MARK_AND_SPACE = 2
"""Characters by which a parse may put the end of a quotation into the sentence before."""
_CLAUSES = frozenset(["ROOT", "ccomp", "advcl", "relcl", "acl", "xcomp", "parataxis", "pcomp", "csubj"])
_PEOPLE = ("leader", "president", "minister", "man", "counterpart", "head", "interlocutor", "they")
"""Heads of pairs of persons; other pairs may be of bodies or states."""
_PARTAKING = ("with", "between", "by", "to")
"""Prepositions before whoever is one of those a sentence is about: "met *with* Ann"."""

Candidates = Iterable[tuple["Token", Referent | None]]
"""Heads of noun phrases, and whom they mean: None for somebody the codebook does not know."""


class Salience:
    """Who comes into question before a place of a text.

    Parameters
    ----------
    names
        The names that stand in it.
    titled
        Whom a title means ("Kremlin spokesman", "his spokesman").
    """

    def __init__(self, names: Names, titled: Callable[[Token], tuple[Referent, ...]]) -> None:
        self._names, self._titled, self._doc = names, titled, names.parsed.doc

    def first(self, token: Token, candidates: Candidates) -> tuple[Referent, ...]:
        """The most salient candidate before a token; nobody if that is an unknown.

        The nearer and the more prominent, the better; of two alike the later one.
        """
        best, best_score = None, (0, 0)
        for candidate, referent in candidates:
            distance = self._names.sentence_of(token) - self._names.sentence_of(candidate)
            score = (FRESHNESS - STEP * distance + _prominence(candidate), candidate.i)
            if score > best_score:
                best, best_score = referent, score
        return (best,) if best is not None else ()

    def for_pronoun(self, pronoun: Token, wanted: str) -> Candidates:
        """Earlier noun phrases that agree with a pronoun; ``wanted`` is its subject form."""
        clause = clause_of(pronoun)
        said = self._said_by(pronoun)
        for token in self._doc[self._horizon(pronoun) : pronoun.i]:
            if token.pos_ not in ("PROPN", "NOUN") or token.dep_ in MODIFIERS or token.is_ancestor(pronoun):
                continue
            if pronoun.tag_ != "PRP$" and not is_subject(pronoun) and clause_of(token) == clause and is_subject(token):
                continue  # "Putin praised him": not Putin
            if said is not None and (token.i in said or self._names.parsed.quotations.covers(token.idx, token.idx + 1)):
                continue  # "“Putin lies,” he said": not Putin
            yield from self._agreeing(token, wanted)

    def _said_by(self, pronoun: Token) -> frozenset[int] | None:
        """The tokens of what a pronoun says, if it is the subject of a cue that stands after its content."""
        if not is_subject(pronoun):
            return None
        text, quotations = self._names.parsed.text, self._names.parsed.quotations
        if quotations.covers(pronoun.idx, pronoun.idx + 1):
            return None
        start = max(0, pronoun.sent.start_char - _MARK_AND_SPACE)
        before = [q for q in quotations.touching(start, pronoun.idx) if q.closed and q.end <= pronoun.idx]
        quoted = any(not ends_sentence(q, text) and not has_stop(text[q.end : pronoun.idx]) for q in before)
        clauses = [c for c in pronoun.head.children if c.dep_ == "ccomp" and c.i < pronoun.i]
        around = {t.i for c in clauses for a in c.children if a.dep_ == "advcl" for t in a.subtree}
        said = frozenset(t.i for c in clauses for t in c.subtree if t.i not in around)
        return said if quoted or clauses else None

    def _agreeing(self, token: Token, wanted: str) -> Iterator[tuple[Token, Referent | None]]:
        mention = self._names.mention_at(token)
        if mention is not None:
            if mention.role != "location" and self._names.pronoun_of(mention.entity) == wanted:
                yield token, Referent(mention.actor, mention.entity)
        elif wanted in ("he", "she") and (self._is_name_like(token) or is_official(token) or _is_person(token)):
            resolved = self._titled(token)
            if resolved or is_subject(token):
                yield token, resolved[0] if resolved else None
        elif wanted == "it" and token.tag_ in ("NN", "NNP") and token.dep_ in ("nsubj", "nsubjpass", "dobj"):
            yield token, None

    def for_body(self, head: Token) -> Candidates:
        """Earlier names that "the company", "the union" … may mean: bodies that are no states."""
        for token in self._doc[self._horizon(head) : head.i]:
            if token.pos_ != "PROPN" or token.dep_ in MODIFIERS or token.is_ancestor(head):
                continue
            mention = self._names.mention_at(token)
            if mention is None:
                yield token, None
            elif (
                self._names.pronoun_of(mention.entity) == "it"
                and mention.entity not in self._names.lexicon.states
                and _may_be(mention.entity, head.lower_)
            ):
                yield token, Referent(mention.actor, mention.entity)

    def pair(self, head: Token, alone: bool = False) -> tuple[Referent, ...]:
        """The two actors most spoken of before "both leaders" or "the two nations"; nobody if a third ties.

        Parameters
        ----------
        head
            Of the phrase.
        alone
            Whether nobody else may have been spoken of: "the leaders", which says no number.
        """
        found = self._two_since(self._horizon(head), head, alone)
        # Who meets is named at the start of a readout, and who else is named afterwards comes into question as well.
        return found or (self._two_since(0, head, alone) if alone else ())

    def _two_since(self, first: int, head: Token, alone: bool) -> tuple[Referent, ...]:
        """The two actors most spoken of from a token up to a phrase."""
        people = head.lemma_.lower() in _PEOPLE
        since = self._doc[first].idx
        counts: Counter[str] = Counter()
        entity: dict[str, str] = {}
        for mention in self._names.found:
            if not since <= mention.span.start < head.idx or mention.role in ("location", "attributive"):
                continue
            if not people or self._names.is_person(mention.entity):
                counts[mention.actor] += 1
                if people or self._names.pronoun_of(mention.entity) == "it" or mention.actor not in entity:
                    entity[mention.actor] = mention.entity
        ranked = counts.most_common(3)
        if len(ranked) < 2 or (len(ranked) == 3 and ranked[2][1] == ranked[1][1]):
            return ()
        if alone and (len(ranked) > 2 or self._strangers_before(first, head, _PARTAKING)):
            return ()
        if people and self._strangers_before(first, head) >= ranked[1][1]:
            return ()
        return tuple(Referent(actor, entity[actor]) for actor, _ in ranked[:2])

    def they(self, pronoun: Token, of_subject: Callable[[Token], tuple[Referent, ...]]) -> tuple[Referent, ...]:
        """Whom *they* means as a subject: the several whom a sentence before has for its subject, or the two who meet.

        Nobody where others in the plural were spoken of since ("Biden praised the nurses. They …").

        Parameters
        ----------
        pronoun
            The word.
        of_subject
            Whom a subject means.
        """
        here = self._names.sentence_of(pronoun)
        bounds = [*self._names.starts, len(self._doc)]
        for n in range(here - 1, max(-1, here - 1 - HORIZON), -1):
            sentence = self._doc[bounds[n] : bounds[n + 1]]
            subject = next((c for c in sentence.root.children if c.dep_ in ("nsubj", "nsubjpass")), None)
            if subject is not None and (_is_plural(subject) or (subject.n_rights and any(subject.conjuncts))):
                several = of_subject(subject)
                return several if len(several) == 1 + len(subject.conjuncts) or len(several) > 1 else ()
            if any(_is_plural(t) and _may_speak(t) for t in sentence):
                return ()
        return self.pair(pronoun, alone=True)

    def _horizon(self, token: Token) -> int:
        """The first token that is looked back to."""
        return self._names.starts[max(0, self._names.sentence_of(token) - HORIZON)]

    def _strangers_before(self, first: int, head: Token, prepositions: tuple[str, ...] = ()) -> int:
        """Subjects in the sentences before with a name that the codebook does not know.

        With ``prepositions``, objects count, too, and what follows one of them.
        """
        return sum(
            t.pos_ == "PROPN"
            and t.dep_ not in ("compound", "nmod")
            and self._names.mention_at(t) is None
            and (is_subject(t) or (bool(prepositions) and _partakes(t, prepositions)))
            for t in self._doc[first : head.left_edge.i]
        )

    def _is_name_like(self, token: Token) -> bool:
        """A proper noun, or a bare capitalised one that the tagger took for a common noun."""
        bare = token.tag_ == "NN" and token.is_title
        bare = bare and not any(c.dep_ in ("det", "poss", "amod") for c in token.children)
        if bare and token.i == token.sent.start:  # any word is capitalised there
            bare = self._first_as_name.get(token.text, token.i) < token.i
        return token.pos_ == "PROPN" or bare

    @cached_property
    def _first_as_name(self) -> dict[str, int]:
        """Where each word first stands as a proper noun."""
        first: dict[str, int] = {}
        for token in self._doc:
            if token.pos_ == "PROPN":
                first.setdefault(token.text, token.i)
        return first


def clause_of(token: Token) -> Token:
    """The verb of the clause that a token stands in."""
    return next((t for t in (token, *token.ancestors) if t.dep_ in _CLAUSES), token)


def is_subject(token: Token) -> bool:
    """Whether a noun phrase is a subject, or coordinated with one."""
    while token.dep_ == "conj" and token.pos_ in ("NOUN", "PROPN"):
        token = token.head
    return token.dep_ in ("nsubj", "nsubjpass", "csubj")


def _is_plural(token: Token) -> bool:
    return token.tag_ in ("NNS", "NNPS") or token.lower_ in ("they", "them", "both")


def _may_speak(noun: Token) -> bool:
    """Whether a noun in the plural is for people or bodies."""
    known = OFFICIAL | STAFF | BODIES
    return noun.lemma_.lower() in known or noun.lower_ in known or names_person(noun.lemma_)


def _partakes(token: Token, prepositions: tuple[str, ...]) -> bool:
    """Whether a noun phrase is an object, or follows one of some prepositions; or is coordinated with one that does."""
    while token.dep_ == "conj":
        token = token.head
    return token.dep_ in ("dobj", "dative") or (token.dep_ == "pobj" and token.head.lower_ in prepositions)


def _prominence(token: Token) -> int:
    """How far a noun phrase is what its sentence is about."""
    if not is_subject(token):
        return 0
    verb = clause_of(token)
    while verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        verb = verb.head
    return MAIN_SUBJECT if verb.dep_ == "ROOT" else OTHER_SUBJECT


def _may_be(name: str, body: str) -> bool:
    """Whether a name may be that of a company, a union …: it says the same, or says nothing."""
    said = {w for w in folded(name).split() if w in BODIES | OFFICIAL | STAFF}
    return not said or body in said


def _is_person(token: Token) -> bool:
    """A person without a name: "a farmer", "the suspect"."""
    return token.tag_ == "NN" and names_person(token.text)
