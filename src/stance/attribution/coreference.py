"""Whom an expression means: a name, a title, a description, a pronoun, a pair.

Who comes into question for a pronoun, and who of them is first, is in :mod:`stance.attribution._salience`.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from stance.attribution._offices import holders_of, office_of
from stance.attribution._salience import Salience
from stance.attribution._titles import BODIES, NOT_OFFICIAL, STAFF, TITLES, is_official
from stance.attribution.mentions import MODIFIERS, Names, is_sign
from stance.schema import Referent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

_GROUPS = re.compile(
    r"^(the |these |those )?(both|two|neither|either)( of)?( the| these| those)?( \w+)?"
    r" (leader|president|minister|nation|country|countrie|side|men|man|counterpart|government|capital|power"
    r"|delegation|negotiator|team|party|partie)s?$",
    re.IGNORECASE,
)
_SIDES = re.compile(
    r"^(the|these|those) (leaders|presidents|sides|delegations|parties|heads|ministers|counterparts|interlocutors)$",
    re.IGNORECASE,
)
""" "The leaders": the only two whom the sentences before are about."""
_MEMORY = 60
"""Descriptions that are looked at for a second holder of a title: more than a long article has of one title."""
_OF = ("of", "for", "at", "with", "from")
"""What ties a title to whom it belongs: "the spokesman *for* the Kremlin"."""
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

_Description = tuple[int, tuple[str, ...], Referent | None]
"""Where a description stands, its words, and whose it is (None: somebody's the codebook does not know)."""


class Resolver:
    """Whom expressions of a document mean.

    Parameters
    ----------
    names
        The names that stand in it.
    publisher
        Whose text it is, if the codebook says so.
    """

    def __init__(self, names: Names, publisher: Referent | None = None) -> None:
        self.names, self._publisher = names, publisher
        self._salience = Salience(names, lambda head: self._official(head) or self._described(head))
        self._pronouns: dict[int, tuple[Referent, ...]] = {}

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
        """A name; else what stands for one, from what says most about whom it means to what says least."""
        mention = self.names.mention_at(head)
        if mention is not None:
            return (Referent(mention.actor, mention.entity),)
        if several := self.names.group_at(head):
            return several
        if is_sign(head):  # "Varga 🕊️ said"
            before = next((t for t in reversed(list(head.lefts)) if not is_sign(t)), None)
            return self._resolve_one(before) if before is not None else ()
        if head.tag_ in ("WP", "WDT", "WP$"):
            clause = next((a for a in head.ancestors if a.dep_ == "relcl"), None)
            return self.resolve(clause.head) if clause is not None else ()
        if head.pos_ == "PRON" or head.tag_ == "PRP$":
            if head.i not in self._pronouns:
                self._pronouns[head.i] = ()  # while it is being resolved: nothing stands for itself
                self._pronouns[head.i] = self._pronoun(head)
            return self._pronouns[head.i]
        for child in head.rights:  # "Trump's envoy, Steve Witkoff", "its director, Amir Haddad"
            if child.dep_ == "appos" and (mention := self.names.mention_at(child)) is not None:
                return (Referent(mention.actor, mention.entity),)
        number = _says_several(head)
        if number is not None:
            return self._salience.pair(head, alone=number == "some")
        return self._own_office(head) or self._official(head) or self._described(head) or self._body(head)

    def _own_office(self, head: Token) -> tuple[Referent, ...]:
        """ "The President" in the narration of a text that his own office publishes."""
        if self._publisher is None or self.names.parsed.quotations.covers(head.idx, head.idx + 1):
            return ()
        office = office_of(head)
        return () if office is None else holders_of(office, self._publisher.actor, self.names.lexicon)

    def _pronoun(self, token: Token) -> tuple[Referent, ...]:
        """The most salient candidate that agrees; nobody if an unknown is more salient."""
        wanted = _SUBJECT_FORM.get(token.lower_)
        if wanted is None or _is_expletive(token):
            return ()
        found = self._salience.first(token, self._salience.for_pronoun(token, wanted))
        if not found and token.lower_ == "they" and token.dep_ == "nsubj" and token.head.dep_ == "ROOT":
            return self._salience.they(token, self.resolve)
        return found

    def _body(self, head: Token) -> tuple[Referent, ...]:
        """ "The company": the most salient body that is no state, and whose name does not say it is something else."""
        if head.lower_ not in BODIES or [c.lower_ for c in head.lefts] != ["the"]:
            return ()
        return self._salience.first(head, self._salience.for_body(head))

    def _official(self, head: Token) -> tuple[Referent, ...]:
        """A title or body that a known name, adjective or owner modifies."""
        inside = [t for t in head.subtree if t.i <= head.i]
        if any(t.lower_ in NOT_OFFICIAL for t in inside):
            return ()
        official = is_official(head) or (head.pos_ == "PROPN" and any(is_official(t) for t in inside))
        if not official and head.lower_ not in STAFF and not _is_some_of(head):
            return ()
        if official and len(several := self._compounded(head)) > 1:
            return several
        for child in reversed(list(head.lefts)):
            if child.dep_ == "poss":
                return self.resolve(child)
            if official and (mention := self.names.mention_at(child)) is not None:
                # "US President Barack Obama" is not who the codebook calls US President.
                other = self.names.is_person(mention.entity) and head.pos_ == "PROPN"
                return () if other else (Referent(mention.actor, mention.entity),)
        return self._official_of(head, official)

    def _official_of(self, head: Token, official: bool) -> tuple[Referent, ...]:
        """A title whose owner follows it: "officials of the Kremlin"."""
        for child in head.rights:
            if child.lower_ not in _OF or (child.lower_ == "from" and not official):
                continue
            for thing in child.children:
                if thing.dep_ != "pobj":
                    continue
                if (mention := self.names.mention_at(thing)) is not None:
                    return (Referent(mention.actor, mention.entity),) if mention.role != "location" else ()
                if several := self.names.group_at(thing):
                    return several
                if found := self._official(thing) or self._described(thing):
                    return found[:1]
        return ()

    def _compounded(self, head: Token) -> tuple[Referent, ...]:
        """The bodies of "the US-Ukraine delegation"."""
        before = (t for t in head.subtree if t.i < head.i and t.dep_ in MODIFIERS)
        bodies = [m for t in before if (m := self.names.mention_at(t)) and not self.names.is_person(m.entity)]
        return tuple(dict.fromkeys(Referent(m.actor, m.entity) for m in bodies))

    def _described(self, head: Token) -> tuple[Referent, ...]:
        """ "The minister", "the council": the one whom the text has called so before; nobody if there are two."""
        before = list(head.lefts)
        if any(c.dep_ == "poss" for c in before) or not any(c.lower_ in ("the", "this", "that") for c in before):
            return ()
        words = {t.lower_ for t in before if t.dep_ in MODIFIERS} | {head.lower_}
        known: dict[Referent | None, int] = {}
        for looked_at, (place, title, referent) in enumerate(reversed(self._descriptions.get(head.lower_, ()))):
            if looked_at > _MEMORY or len(known) > 1:
                break
            if place < head.i and words <= set(title):
                known.setdefault(referent, place)
        if len(known) == 1:
            return tuple(r for r in known if r is not None)
        here, doc = self.names.sentence_of(head), head.doc
        recent = [r for r, place in known.items() if here - self.names.sentence_of(doc[place]) <= 1]
        return (recent[0],) if len(recent) == 1 and recent[0] is not None else ()

    @cached_property
    def _descriptions(self) -> dict[str, list[_Description]]:
        """Descriptions of persons and bodies by their last word, in the order of the text.

        "Prime Minister Khadelle", "Khadelle, the prime minister," and "the
        Mill Lane Council" each say what "the minister" and "the council" mean.
        """
        found: list[_Description] = []
        for token in self.names.parsed.doc:
            if token.pos_ == "PROPN" and token.dep_ not in (*MODIFIERS, "poss"):
                found += self._descriptions_at(token)
            if token.lower_ in TITLES and token.pos_ in ("NOUN", "PROPN"):
                found += self._descriptions_of(token)
        by_last: dict[str, list[_Description]] = {}
        for description in sorted(found, key=lambda f: f[0]):
            by_last.setdefault(description[1][-1], []).append(description)
        return by_last

    def _descriptions_of(self, title: Token) -> Iterator[_Description]:
        """ "The President of Lesk", "President of Lesk Ida Moss": a title with the country it is of."""
        of_what = next((g for c in title.rights if c.lower_ == "of" for g in c.children if g.pos_ == "PROPN"), None)
        if of_what is None:
            return
        holder = next(
            (m for t in (title, of_what) if (m := self.names.mention_at(t)) and self.names.is_person(m.entity)), None
        )
        yield title.i, (title.lower_,), Referent(holder.actor, holder.entity) if holder else None

    def _descriptions_at(self, name: Token) -> Iterator[_Description]:
        """What stands before and beside a name, and says who that is."""
        mention = self.names.mention_at(name)
        referent = Referent(mention.actor, mention.entity) if mention else None
        before = [t for t in name.subtree if t.i <= name.i and t.dep_ in (*MODIFIERS, "nsubj")]
        words = tuple(t.lower_ for t in (*before, name) if t.is_alpha)
        last = max((i for i, w in enumerate(words[:-1]) if w in TITLES), default=None)
        if last is not None:
            yield name.i, words[: last + 1], referent
        elif words and mention is not None and self.names.pronoun_of(mention.entity) == "it":
            yield name.i, words, referent
        for other in (*name.rights, name.head):
            of_one = other.dep_ == "appos" or (name.dep_ == "appos" and other is name.head)
            is_one = other.lemma_ == "be" and name.dep_ == "nsubj"
            nouns = [c for c in other.children if c.dep_ == "attr"] if is_one else [other] if of_one else []
            for noun in nouns:
                if noun.pos_ == "NOUN" and not self.names.mention_at(noun):
                    title = (*(c.lower_ for c in noun.lefts if c.dep_ in ("amod", "compound")), noun.lower_)
                    yield name.i, title, referent


def _phrase(head: Token) -> str:
    return " ".join(t.text for t in head.subtree if t.i <= head.i)


def _says_several(head: Token) -> Literal["two", "some"] | None:
    """Whether a phrase stands for two, or for some without a number; of "both sides *of the Atlantic*", neither."""
    if head.lower_ in ("both", "neither"):
        return "two"
    phrase = _phrase(head)
    of_state = head.lower_ == "heads" and any(
        g.lower_ in ("state", "government") for c in head.rights for g in c.children
    )
    if any(c.lower_ in _OF for c in head.rights) != of_state:
        return None
    return "two" if _GROUPS.match(phrase) else "some" if _SIDES.match(phrase) else None


def _is_some_of(token: Token) -> bool:
    """ "Two of his colleagues", "one of its members"."""
    return token.pos_ == "NUM" and any(c.lower_ == "of" for c in token.rights)


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
