"""Who stands beside a quotation with a verb: "“It is over,” grumbled Ann", whatever the verb."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stance.attribution import _cues as cues
from stance.attribution._quoted import is_whole_sentence
from stance.attribution._reading import Reading
from stance.attribution._titles import BODIES, STAFF, is_official, names_person
from stance.attribution.candidates import Candidate
from stance.text.quotations import Quotation, ends_sentence, last_sign

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_CONFIDENCE = 0.8
"""As that of the rule for a quotation beside a verb of speech."""
_FINITE = ("VBD", "VBZ", "VBP", "VBN", "VB")
"""Tags a finite verb may have: the tagger of parts of speech takes some past tenses for participles."""
_IN_PHRASE = ("DET", "ADJ", "NOUN", "PROPN", "NUM", "PRON")
_SPEAKING = frozenset("he she they i we".split())
_LONGEST_PHRASE = 8
"""Tokens of a speaker's name with titles: "Orvian foreign minister and party chief Piers Holt"."""
_NO_SPEECH = frozenset("be have do direct write star release publish own".split())
"""Verbs that stand beside the title of a work, or help others. *Write* is left to the rules, which know it."""


def beside(found: list[Candidate], reading: Reading) -> list[Candidate]:
    """Closed quotations with a verb directly beside them, and a subject that can speak."""
    result = list(found)
    for q in reading.parsed.quotations:
        if not q.closed or any(other != q for other in reading.quotations.covering(q.start, q.end)):
            continue
        tag = next((t for t in _tags(q, reading) if not _is_known(t, result, reading)), None)
        if tag is not None:
            result = [f for f in result if not _overlap(f, tag)] + [tag]
    return result


def _is_known(tag: Candidate, found: list[Candidate], reading: Reading) -> bool:
    """Whether a cue is there already, with a source outside the quotation."""
    (start, end), (low, high) = tag.content[0], tag.source_at[0]
    for f in found:
        if f.source is not None and _overlap(f, tag):
            at = f.source_at[0][0] if f.source_at else f.source.idx
            content = any(a < end and start < b for a, b in f.content)
            outside = reading.resolver.names.mention_at(f.source) is not None and not start <= at < end
            if content and (low <= at < high or outside):
                return True
    return False


def _overlap(found: Candidate, tag: Candidate) -> bool:
    (start, end) = tag.cue[0]
    return any(a < end and start < b for a, b in found.cue)


def _tags(q: Quotation, reading: Reading) -> Iterator[Candidate]:
    text, doc = reading.parsed.text, reading.parsed.doc
    sentence = reading.parsed.tokens(q.start, q.end)
    if sentence is None:
        return
    after = _words(doc, sentence.end, 1, reading)
    inner = last_sign(q, text)
    joined = inner in ",!?—–" or text[q.end : q.end + 1] == ","
    if joined and not ends_sentence(q, text) and _opens(text, q.start):
        yield from _after(after, q, reading, strict=inner in "!?")
    if is_whole_sentence(text, q, introduced=True):
        yield from _before(_words(doc, sentence.start - 1, -1, reading), q, reading)


def _opens(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start]
    return not before.strip() or before.rstrip()[-1] in '.!?”"’' or "\n" in before


def _words(doc: Doc, first: int, step: int, reading: Reading) -> list[Token]:
    """The next tokens of the paragraph in one direction, spaces left out."""
    found: list[Token] = []
    i = first
    while 0 <= i < len(doc) and len(found) < _LONGEST_PHRASE + 4 and "\n\n" not in doc[i].text:
        if not doc[i].is_space:
            found.append(doc[i])
        i += step
    return found


def _after(words: list[Token], q: Quotation, reading: Reading, strict: bool) -> Iterator[Candidate]:
    """ "…,” fumed Ann", "…,” Ann fumed"."""
    while words and words[0].text in (",", "—", "–", "-"):
        words = words[1:]
    if not words:
        return
    if _may_say(words[0]) and words[0].is_lower:
        verb, rest = words[0], [t for t in words[1:] if t.dep_ != "prt" and t.lower_ not in ("back", "out")]
        if (phrase := _phrase(rest, reading)) and _can_speak(phrase[-1], reading):
            yield _candidate(phrase, verb, q)
        return
    phrase = _phrase(words, reading)
    rest = _past_adverbs(words[len(phrase) :], reading)
    if phrase and rest and _may_say(rest[0]) and _can_speak(phrase[-1], reading):
        following = rest[1] if len(rest) > 1 else None
        free = following is None or following.is_punct or following.pos_ in ("ADV", "ADP", "SCONJ", "PART", "CCONJ")
        alone = following is None or following.is_punct or following.pos_ in ("ADV", "ADP")
        if alone and rest[0].lemma_.lower() in cues.SPEECH if strict else free:
            yield _candidate(phrase, rest[0], q)


def _before(words: list[Token], q: Quotation, reading: Reading) -> Iterator[Candidate]:
    """ "Ann grumbled: “…"."""
    if not words or words[0].text not in (":", ","):
        return
    words = words[1:]
    words = _past_adverbs(words, reading)
    if not words or not _may_say(words[0]):
        return
    backwards = _past_adverbs(words[1:], reading)
    phrase = _phrase_before(backwards, reading)
    rest = backwards[len(phrase) :]
    opens = not rest or rest[0].is_punct or rest[0].pos_ == "CCONJ"
    if phrase and opens and _can_speak(phrase[-1], reading):
        yield _candidate(phrase, words[0], q)


def _past_adverbs(words: list[Token], reading: Reading) -> list[Token]:
    while words and words[0].pos_ == "ADV" and not _may_head(words[0], reading):
        words = words[1:]
    return words


def _phrase(words: list[Token], reading: Reading) -> list[Token]:
    """The noun phrase that some words begin with, up to its last noun."""
    run: list[Token] = []
    for t in words[:_LONGEST_PHRASE]:
        if not _in_phrase(t, reading):
            break
        run.append(t)
        if t.pos_ == "PRON" and t.tag_ != "PRP$":
            break
    while run and not _may_head(run[-1], reading):
        run.pop()
    return run


def _phrase_before(backwards: list[Token], reading: Reading) -> list[Token]:
    """The noun phrase that ends right before a verb, in the order of the text."""
    run: list[Token] = []
    for t in backwards[:_LONGEST_PHRASE]:
        if not _in_phrase(t, reading):
            break
        run.append(t)
    return run[::-1] if run and _may_head(run[0], reading) else []


def _in_phrase(token: Token, reading: Reading) -> bool:
    inside = token.pos_ in _IN_PHRASE or token.tag_ == "POS" or token.text in ("-", "‑")
    return inside or reading.resolver.names.mention_at(token) is not None


def _may_head(token: Token, reading: Reading) -> bool:
    """Whether a token may be the head of a phrase; a known name is one, whatever part of speech the parse gives it."""
    return token.pos_ in ("NOUN", "PROPN", "PRON") or reading.resolver.names.mention_at(token) is not None


def _may_say(token: Token) -> bool:
    return token.tag_ in _FINITE and token.lemma_.lower() not in _NO_SPEECH and token.pos_ != "AUX"


def _can_speak(head: Token, reading: Reading) -> bool:
    """A name, a person, an official, a body, or their pronoun."""
    if head.pos_ == "PRON":
        return head.lower_ in _SPEAKING
    if head.pos_ == "PROPN" or reading.resolver.names.mention_at(head) is not None or is_official(head):
        return True
    return head.lower_ in STAFF | BODIES or names_person(head.lemma_)


def _candidate(phrase: list[Token], verb: Token, q: Quotation) -> Candidate:
    head = phrase[-1]
    at = ((phrase[0].idx, head.idx + len(head)),)
    return Candidate(head, ((verb.idx, verb.idx + len(verb)),), ((q.start, q.end),), _CONFIDENCE, at)
