"""Where a document names an actor, and which actor a pronoun or title means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from stance.attribution._titles import BODIES, NOT_OFFICIAL, OFFICIAL, STAFF, TITLES, names_person
from stance.attribution.lexicon import Lexicon
from stance.codebook import folded
from stance.schema import Document, Mention, Referent, Role, Span
from stance.text.spans import Intervals

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.tokens import Span as SpanOfTokens

_CLAUSES = frozenset(["ROOT", "ccomp", "advcl", "relcl", "acl", "xcomp", "parataxis", "pcomp", "csubj"])
_PLACE_PREPOSITIONS = frozenset(["in", "at", "near", "inside", "outside", "around", "across", "throughout"])
_MOTION = frozenset(
    """return go travel fly trip visit arrive arrival move head come flight journey leave depart departure drive
    tour walk land""".split()
)
_GROUPS = re.compile(
    r"^(the |these |those )?(both|two|neither|either)( of)?( the| these| those)?( \w+)?"
    r" (leader|president|nation|country|countrie|side|men|man|counterpart|government|capital|power)s?$",
    re.IGNORECASE,
)
_HORIZON = 3
"""Sentences a pronoun looks back."""
_MEMORY = 60
"""Descriptions that are looked at for a second holder of a title."""
_MODIFIERS = ("compound", "amod", "nmod")
_PREFIX = re.compile(r"\b(?:pro|anti|ex|non)[-‐–]$", re.IGNORECASE)
_DATELINE = re.compile(r"(?:,[^\n—–]{1,30})?(?: \([^)\n]{1,30}\))? ?[—–] ")
"""What follows the place a report comes from: "VELMAR (Agency) — The …"."""
_REGIONS = frozenset("eastern central latin north south northern southern east west".split())


class Resolver:
    """Names of a parsed document, and whom its other expressions mean.

    Parameters
    ----------
    document, parsed
        The document and what :func:`stance.text.syntax.parse` made of it.
    lexicon
        The names of the codebook.
    """

    def __init__(self, document: Document, parsed: Doc, lexicon: Lexicon) -> None:
        self.document, self.parsed, self.lexicon = document, parsed, lexicon
        self.named: list[Mention] = []
        self._of_token: dict[int, Mention] = {}
        self._sentence: list[int] = []
        self._starts: list[int] = []
        self._pronouns: dict[int, tuple[Referent, ...]] = {}
        for sentence in parsed.sents:
            if not self._starts or not sentence.text.isspace():
                self._starts.append(sentence.start)
            self._sentence += [len(self._starts) - 1] * len(sentence)
        for start, end, referent in lexicon.find(document.text):
            tokens = parsed.char_span(start, end, alignment_mode="expand")
            if tokens is None or self._means_another(tokens, start, referent):
                continue
            mention = Mention(
                Span(document, start, end), referent.actor, referent.entity, self._role(tokens.root, start, end)
            )
            self.named.append(mention)
            for token in tokens:
                self._of_token[token.i] = mention

    def _means_another(self, tokens: SpanOfTokens, start: int, referent: Referent) -> bool:
        """Whether a name is part of another's: "Melania Trump", "pro-Russian", "Eastern European leaders"."""
        before = self.parsed[tokens.start - 1] if tokens.start else None
        if _PREFIX.search(self.document.text[max(0, start - 5) : start]):
            return True
        if before is None or self._sentence[before.i] != self._sentence[tokens.start]:
            return False
        if before.lower_ in _REGIONS:
            return True
        head = tokens.root
        if head.pos_ == "NOUN" and any(c.lower_ in NOT_OFFICIAL for c in head.lefts if c.i < tokens.start):
            return True
        if len(tokens) > 1 or self.lexicon.pronouns[referent.entity] not in ("he", "she"):
            return False
        after = self.parsed[tokens.end] if tokens.end < len(self.parsed) else None
        if after is not None and after.lower_.rstrip(".") in ("jr", "sr"):
            return True
        own = folded(referent.entity).split()
        return (
            before.tag_ == "NNP"
            and before.dep_ == "compound"
            and before.head == head
            and before.lower_ not in own
            and before.lower_.rstrip(".") not in TITLES
            and len(before.text.rstrip(".")) > 1
            and before.i not in self._of_token
        )

    def mention_at(self, token: Token) -> Mention | None:
        """The name that a token is part of."""
        return self._of_token.get(token.i)

    def _role(self, head: Token, start: int, end: int) -> Role:
        """An actor that is talked about, a place, or a mere modifier."""
        if _DATELINE.match(self.document.text, end) and not self.document.text[:start].rpartition("\n")[2].strip():
            return "location"
        if head.dep_ in ("compound", "amod", "nmod", "nummod") and not _names_person(head.head):
            outer = self.mention_at(head.head)
            if outer is None and _is_official(head.head):
                return "target"
            return "attributive"
        if head.dep_ in ("compound", "amod", "nmod"):
            return "attributive"
        if folded(self.document.text[start:end]) in self.lexicon.places and _is_location(head):
            return "location"
        return "target"

    def resolve(self, token: Token) -> tuple[Referent, ...]:
        """Whom a noun phrase means, by its head.

        Names, titles that an actor's name modifies ("Kremlin officials", "his
        spokesman"), relative and personal pronouns, and pairs ("both leaders").

        Returns
        -------
        tuple of Referent
            Several for a coordination or a pair; empty where the phrase is
            nobody the codebook knows, or where more than one reading is as good.
        """
        found: list[Referent] = []
        for head in (token, *token.conjuncts) if token.dep_ != "conj" else (token,):
            found += [r for r in self._resolve_one(head) if r not in found]
        return tuple(found)

    def _resolve_one(self, head: Token) -> tuple[Referent, ...]:
        mention = self.mention_at(head)
        if mention is not None:
            return (Referent(mention.actor, mention.entity),)
        if head.tag_ in ("WP", "WDT", "WP$"):
            clause = next((a for a in head.ancestors if a.dep_ == "relcl"), None)
            return self.resolve(clause.head) if clause is not None else ()
        if head.pos_ == "PRON" or head.tag_ == "PRP$":
            if head.i not in self._pronouns:
                self._pronouns[head.i] = ()  # while it is being resolved: nothing stands for itself
                self._pronouns[head.i] = self._pronoun(head)
            return self._pronouns[head.i]
        for child in head.rights:  # "Trump's envoy, Steve Witkoff", "its director, Amir Haddad"
            if child.dep_ == "appos" and (mention := self.mention_at(child)) is not None:
                return (Referent(mention.actor, mention.entity),)
        if _GROUPS.match(_phrase(head)) or head.lower_ in ("both", "neither"):
            return self._pair(head)
        return self._official(head) or self._described(head) or self._body(head)

    def _official(self, head: Token) -> tuple[Referent, ...]:
        """A title or body that a known name, adjective or owner modifies."""
        inside = [t for t in head.subtree if t.i <= head.i]
        if any(t.lower_ in NOT_OFFICIAL for t in inside):
            return ()
        official = _is_official(head) or (head.pos_ == "PROPN" and any(_is_official(t) for t in inside))
        if not official and head.lower_ not in STAFF and not _is_some_of(head):
            return ()
        if official and len(several := self._compounded(head)) > 1:
            return several
        for child in reversed(list(head.lefts)):
            if child.dep_ == "poss":
                return self.resolve(child)
            if not official:
                continue
            mention = self.mention_at(child)
            if mention is not None:
                person = self.lexicon.pronouns[mention.entity] in ("he", "she")
                # "US President Barack Obama" is not who the codebook calls US President.
                return () if person and head.pos_ == "PROPN" else (Referent(mention.actor, mention.entity),)
        for child in head.rights:
            if child.lower_ in ("of", "for", "at", "with", "from") and (official or child.lower_ != "from"):
                for thing in child.children:
                    if thing.dep_ != "pobj":
                        continue
                    if (mention := self.mention_at(thing)) is not None:
                        return (Referent(mention.actor, mention.entity),) if mention.role != "location" else ()
                    if found := self._official(thing) or self._described(thing):
                        return found[:1]
        return ()

    def _compounded(self, head: Token) -> tuple[Referent, ...]:
        """The bodies of "the US-Ukraine delegation"."""
        inside = [m for t in head.subtree if t.i < head.i and t.dep_ in _MODIFIERS and (m := self.mention_at(t))]
        bodies = [m for m in inside if self.lexicon.pronouns[m.entity] not in ("he", "she")]
        return tuple(dict.fromkeys(Referent(m.actor, m.entity) for m in bodies))

    def _described(self, head: Token) -> tuple[Referent, ...]:
        """ "The minister", "the council": the one whom the text has called so before; nobody if there are two."""
        before = list(head.lefts)
        if any(c.dep_ == "poss" for c in before) or not any(c.lower_ in ("the", "this", "that") for c in before):
            return ()
        words = {t.lower_ for t in before if t.dep_ in _MODIFIERS} | {head.lower_}
        known: dict[Referent | None, int] = {}
        for looked_at, (place, title, referent) in enumerate(reversed(self._titles.get(head.lower_, ()))):
            if looked_at > _MEMORY or len(known) > 1:
                break
            if place < head.i and words <= set(title):
                known.setdefault(referent, place)
        if len(known) == 1:
            return tuple(r for r in known if r is not None)
        recent = [r for r, place in known.items() if self._sentence[head.i] - self._sentence[place] <= 1]
        return (recent[0],) if len(recent) == 1 and recent[0] is not None else ()

    @cached_property
    def _titles(self) -> dict[str, list[tuple[int, tuple[str, ...], Referent | None]]]:
        """Descriptions of persons and bodies by their last word: where, the words, and whose (None: unknown).

        "Prime Minister Khadelle", "Khadelle, the prime minister," and "the
        Mill Lane Council" each say what "the minister" and "the council" mean.
        """
        found: list[tuple[int, tuple[str, ...], Referent | None]] = []
        for token in self.parsed:
            if token.pos_ != "PROPN" or token.dep_ in ("compound", "nmod", "amod", "poss"):
                continue
            mention = self.mention_at(token)
            referent = Referent(mention.actor, mention.entity) if mention else None
            before = [t for t in token.subtree if t.i <= token.i and t.dep_ in ("compound", "nmod", "amod", "nsubj")]
            words = tuple(t.lower_ for t in (*before, token) if t.is_alpha)
            last = max((i for i, w in enumerate(words[:-1]) if w in TITLES), default=None)
            if last is not None:
                found.append((token.i, words[: last + 1], referent))
            elif words and mention is not None and self.lexicon.pronouns[mention.entity] == "it":
                found.append((token.i, words, referent))
            for other in (*token.rights, token.head):
                of_one = other.dep_ == "appos" or (token.dep_ == "appos" and other is token.head)
                is_one = other.lemma_ == "be" and token.dep_ == "nsubj"
                nouns = [c for c in other.children if c.dep_ == "attr"] if is_one else [other] if of_one else []
                for noun in nouns:
                    if noun.pos_ == "NOUN" and not self.mention_at(noun):
                        title = (*(c.lower_ for c in noun.lefts if c.dep_ in ("amod", "compound")), noun.lower_)
                        found.append((token.i, title, referent))
        by_last: dict[str, list[tuple[int, tuple[str, ...], Referent | None]]] = {}
        for description in sorted(found, key=lambda f: f[0]):
            by_last.setdefault(description[1][-1], []).append(description)
        return by_last

    def _pronoun(self, token: Token) -> tuple[Referent, ...]:
        """The most salient candidate that agrees; nobody if an unknown is more salient."""
        wanted = _SUBJECT_FORM.get(token.lower_)
        if wanted is None or _is_expletive(token):
            return ()
        return self._most_salient(token, self._candidates(token, wanted))

    def _body(self, head: Token) -> tuple[Referent, ...]:
        """ "The company": the most salient body that is no state, and whose name does not say it is something else."""
        if head.lower_ not in BODIES or [c.lower_ for c in head.lefts] != ["the"]:
            return ()
        return self._most_salient(head, self._bodies(head))

    def _bodies(self, head: Token) -> Iterator[tuple[Token, Referent | None]]:
        for token in self.parsed[self._horizon(head) : head.i]:
            if token.pos_ != "PROPN" or token.dep_ in ("compound", "amod", "nmod") or token.is_ancestor(head):
                continue
            mention = self.mention_at(token)
            if mention is None:
                yield token, None
            elif (
                self.lexicon.pronouns[mention.entity] == "it"
                and mention.entity not in self.lexicon.states
                and _may_be(mention.entity, head.lower_)
            ):
                yield token, Referent(mention.actor, mention.entity)

    def _most_salient(self, token: Token, candidates: Iterable[tuple[Token, Referent | None]]) -> tuple[Referent, ...]:
        best, best_score = None, (0, 0)
        for candidate, referent in candidates:
            distance = self._sentence[token.i] - self._sentence[candidate.i]
            score = (10 - 3 * distance + _prominence(candidate), candidate.i)
            if score > best_score:
                best, best_score = referent, score
        return (best,) if best is not None else ()

    def _candidates(self, pronoun: Token, wanted: str) -> Iterator[tuple[Token, Referent | None]]:
        """Earlier noun phrases a pronoun may mean; None for what the codebook does not know."""
        clause = _clause(pronoun)
        for token in self.parsed[self._horizon(pronoun) : pronoun.i]:
            if token.pos_ not in ("PROPN", "NOUN") or token.dep_ in ("compound", "amod", "nmod"):
                continue
            if token.is_ancestor(pronoun):
                continue
            if pronoun.tag_ != "PRP$" and not _is_subject(pronoun) and _clause(token) == clause and _is_subject(token):
                continue
            mention = self.mention_at(token)
            if mention is not None:
                if mention.role != "location" and self.lexicon.pronouns[mention.entity] == wanted:
                    yield token, Referent(mention.actor, mention.entity)
            elif wanted in ("he", "she") and (self._is_name_like(token) or _is_official(token) or _is_person(token)):
                resolved = self._official(token)
                if resolved or _is_subject(token):
                    yield token, resolved[0] if resolved else None
            elif wanted == "it" and token.tag_ in ("NN", "NNP") and token.dep_ in ("nsubj", "nsubjpass", "dobj"):
                yield token, None

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
        for token in self.parsed:
            if token.pos_ == "PROPN":
                first.setdefault(token.text, token.i)
        return first

    def _horizon(self, token: Token) -> int:
        """The first token a pronoun or pair looks back to."""
        return self._starts[max(0, self._sentence[token.i] - _HORIZON)]

    def _strangers_before(self, head: Token) -> int:
        """Subjects in the sentences before with a name that the codebook does not know."""
        return sum(
            t.pos_ == "PROPN" and _is_subject(t) and t.dep_ not in ("compound", "nmod") and self.mention_at(t) is None
            for t in self.parsed[self._horizon(head) : head.left_edge.i]
        )

    def _pair(self, head: Token) -> tuple[Referent, ...]:
        """The two actors most spoken of before "both leaders" or "the two nations"; nobody if a third ties."""
        people = head.lemma_.lower() in ("leader", "president", "man", "counterpart")
        since = self.parsed[self._horizon(head)].idx
        counts: Counter[str] = Counter()
        entity: dict[str, str] = {}
        for mention in self.named:
            if not since <= mention.span.start < head.idx or mention.role in ("location", "attributive"):
                continue
            if not people or self.lexicon.pronouns[mention.entity] in ("he", "she"):
                counts[mention.actor] += 1
                if people or self.lexicon.pronouns[mention.entity] == "it" or mention.actor not in entity:
                    entity[mention.actor] = mention.entity
        ranked = counts.most_common(3)
        if len(ranked) < 2 or (len(ranked) == 3 and ranked[2][1] == ranked[1][1]):
            return ()
        if people and self._strangers_before(head) >= ranked[1][1]:
            return ()
        return tuple(Referent(actor, entity[actor]) for actor, _ in ranked[:2])


_SUBJECT_FORM = {
    form: subject
    for subject, forms in {
        "he": ("he", "him", "his", "himself"),
        "she": ("she", "her", "hers", "herself"),
        "it": ("it", "its", "itself"),
        "they": ("they", "them", "their", "theirs", "themselves"),
    }.items()
    for form in forms
}


def _phrase(head: Token) -> str:
    return " ".join(t.text for t in head.subtree if t.i <= head.i)


def _may_be(name: str, body: str) -> bool:
    """Whether a name may be that of a company, a union …: it says the same, or says nothing."""
    said = {w for w in folded(name).split() if w in BODIES | OFFICIAL | STAFF}
    return not said or body in said


def _is_some_of(token: Token) -> bool:
    """ "Two of his colleagues", "one of its members"."""
    return token.pos_ == "NUM" and any(c.lower_ == "of" for c in token.rights)


def _is_official(token: Token) -> bool:
    return token.lower_ in OFFICIAL


def _names_person(token: Token) -> bool:
    return token.pos_ == "PROPN"


def _is_person(token: Token) -> bool:
    """A person without a name: "a farmer", "the suspect"."""
    return token.tag_ == "NN" and names_person(token.text)


def _is_subject(token: Token) -> bool:
    while token.dep_ == "conj" and token.pos_ in ("NOUN", "PROPN"):
        token = token.head
    return token.dep_ in ("nsubj", "nsubjpass", "csubj")


def _prominence(token: Token) -> int:
    """How far a noun phrase is what its sentence is about: 4 as subject of the main clause, 1 of another, else 0."""
    if not _is_subject(token):
        return 0
    verb = _clause(token)
    while verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        verb = verb.head
    return 4 if verb.dep_ == "ROOT" else 1


def _is_expletive(token: Token) -> bool:
    """ "It is raining", "it is clear that …": an *it* that means nothing."""
    if token.lower_ != "it":
        return False
    verb = token.head
    if token.dep_ == "expl" or verb.lemma_ in ("rain", "snow", "seem", "appear", "happen"):
        return True
    described = [c for c in verb.children if c.dep_ in ("acomp", "attr")]
    clauses = ("ccomp", "xcomp", "advcl", "acl", "relcl", "csubj")
    return verb.lemma_ == "be" and any(
        c.dep_ in clauses and c.left_edge.lower_ in ("that", "to", "whether")
        for c in (*verb.children, *(g for d in described for g in d.children))
    )


def _clause(token: Token) -> Token:
    """The verb of the clause that a token stands in."""
    return next((t for t in (token, *token.ancestors) if t.dep_ in _CLAUSES), token)


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
        if m.role == "target" and any(True for _ in speaking.covering(m.span.start, m.span.end))
        else m
        for m in mentions
    ]
