"""A text sentence by sentence: who speaks in it, who is spoken about, and how what is said there stands."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from stance import columns as names
from stance.schema import Document, Segment
from stance.text.parsed import ParsedText, parse
from stance.text.spans import Intervals


def by_sentence(
    document: Document | ParsedText, segments: Iterable[Segment], stance: pd.DataFrame | None = None
) -> pd.DataFrame:
    """A text sentence by sentence: who speaks in each, with which stance, and who is spoken about.

    Parameters
    ----------
    document
        The text, or what was parsed of it already.
    segments
        What :func:`stance.segment` returned; those of other documents are passed over.
    stance
        The same segments' scores of one target, from :func:`stance.to_frame`, if there are any.

    Returns
    -------
    pandas.DataFrame
        One row for each sentence and actor in it, one without actor where there
        is none: ``document``, ``sentence`` from 1 on, ``start``, ``end``, ``actor``;
        ``speaks`` and ``spoken_about``, how many of its segments touch the sentence;
        ``net``, ``net_min``, ``net_max``, means over what it says there; ``text``.

    Examples
    --------
    >>> from stance import read_codebook, segment
    >>> document = Document("d", "Nothing moved. Putin said the talks with Trump were useful.")
    >>> table = by_sentence(document, segment([document], read_codebook()))
    >>> table[["sentence", "actor", "speaks", "spoken_about"]].fillna("nobody").to_numpy().tolist()
    [[1, 'nobody', 0, 0], [2, 'kremlin', 1, 0], [2, 'white_house', 0, 1]]
    """
    parsed = document if isinstance(document, ParsedText) else parse(document)
    document = parsed.document
    places = Intervals(
        (span.start, span.end, s)
        for s in segments
        if s.document.id == document.id and s.actor is not None
        for span in s.spans
    )
    nets = ["net", "net_min", "net_max"]
    scored = pd.DataFrame(columns=nets) if stance is None else stance.set_index("segment")[nets].dropna()
    sentences = [s for s in parsed.doc.sents if s.text.strip()]
    rows = []
    for number, sentence in enumerate(sentences, 1):
        start, end = sentence.start_char, sentence.end_char
        inside = list({s.id: s for s in places.touching(start, end)}.values())
        place = {"document": document.id, "sentence": number, "start": start, "end": end}
        for actor in list(dict.fromkeys(s.actor for s in inside)) or [None]:
            said = [s.id for s in inside if s.actor == actor and s.role == "source" and s.status == "stated"]
            about = sum(s.actor == actor and s.role == "mention" for s in inside)
            means = scored.loc[scored.index.isin(said)].astype(float).mean().round(4)
            counts = {"actor": actor, "speaks": len(said), "spoken_about": about}
            rows.append(place | counts | means.to_dict() | {"text": " ".join(sentence.text.split())})
    columns = list(names.SENTENCE)
    return pd.DataFrame(rows, columns=columns)
