"""Results folders made by hand, for what a page shows of them: no parser and no model has part in it."""

import pandas as pd

from stance.analysis.tables import COLUMNS
from stance.codebook import Actor, Codebook, Hypotheses, Target
from stance.corpus.rows import csv_bytes
from stance.entries import Entity
from stance.results.folder import names_json
from stance.results.inputs import Inputs
from stance.results.manifest import save, write
from stance.results.records import documents_jsonl, segments_jsonl
from stance.schema import Document, Segment, Span

LABELS = {"kremlin": "Kremlin", "white_house": "White House", "kyiv": "Kyiv"}
TEXT = (
    "The envoy arrived late.\n\nLavrov said that Moscow calls it a “useful” hour. Trump warned that it could end "
    "quickly. Both leaders agreed to meet again. A passer-by shouted that it was folly. Kyiv was not asked."
)
DOCUMENT = Document("one", TEXT, title="An hour in the north", outlet="A paper", date="2025-08-15")
ROWS = (
    # words, role, actor, entity, source, cue, net, confidence
    ("that Moscow calls it a “useful” hour", "source", "kremlin", "Lavrov", "Lavrov", "said", 0.8, 0.97),
    ("a “useful” hour", "source", "kremlin", "Moscow", "Moscow", "calls", None, 0.7),
    ("that it could end quickly", "source", "white_house", "Trump", "Trump", "warned", -0.4, 0.5),
    ("to meet again", "source", "kremlin", "Putin", "Both leaders", "agreed", 0.6, 0.9),
    ("to meet again", "source", "white_house", "Trump", "Both leaders", "agreed", 0.55, 0.9),
    ("that it was folly", "source", None, None, "A passer-by", "shouted", -0.9, 0.8),
    ("Kyiv was not asked", "mention", "kyiv", "Kyiv", "Kyiv", None, -0.2, 1.0),
    ("Moscow calls it a “useful” hour", "mention", "kremlin", "Moscow", "Moscow", None, 0.3, 1.0),
)


def codebook(labels=LABELS, target="the talks"):
    wordings = Hypotheses(favor=("{actor} supports {target}.",), against=("{actor} opposes {target}.",))
    actors = {
        k: Actor(label=v, entities={"e": Entity(name=f"e{i}", aliases=[])}) for i, (k, v) in enumerate(labels.items())
    }
    return Codebook(actors=actors, targets={"talks": Target(label=target, hypotheses=wordings)})


def segments_of(document, rows):
    made = []
    for number, (words, role, actor, entity, source, cue, _, confidence) in enumerate(rows):
        start = document.text.index(words)
        spans = (Span(document, start, start + len(words)),)
        before = spans[0].end if role == "mention" else start

        voice = actor if role == "source" else "narrator"
        kind = "indirect" if role == "source" else None
        named = _last(document, source, before)
        made.append(
            Segment(
                f"{document.id}:{number}", spans, actor, entity, role, voice, None, kind, _last(document, cue, before), named, None,
                confidence, spans[0], about=named[0] if role == "mention" else None,
            )
        )  # fmt: skip
    return made


def _last(document, words, before):
    """Where some words stand for the last time before a place."""
    if not words:
        return ()
    at = document.text.rindex(words, 0, before)
    return (Span(document, at, at + len(words)),)


def scores_of(segments, nets, measure="stance", target="talks"):
    first, second, third = ("favor", "against", "none") if measure == "stance" else ("positive", "negative", "neutral")
    return pd.DataFrame(
        [
            {
                "document": s.document.id, "segment": s.id, "role": s.role, "actor": s.actor, "entity": s.entity,
                "voice": s.voice, "kind": s.kind, "target": target, "text": s.text, "label": None,
                f"p_{first}": net, f"p_{second}": 0, f"p_{third}": 0, "net": net,
                "net_min": None if net is None else net - 0.1, "net_max": None if net is None else net + 0.1,
                "n_wordings": 2, "n_windows": 1,
                "reason": "inside another statement of the same actor, which is scored" if net is None else None,
                "model": "fake@0/none",
            }
            for s, net in zip(segments, nets, strict=True)
        ],
        columns=[c for c in COLUMNS if not c.startswith("p_") or c[2:] in (first, second, third)],
    )  # fmt: skip


def folder_of(root, documents=(DOCUMENT,), rows=ROWS, labels=LABELS, target="the talks", frames=None, figure=None):
    """A folder as ``stance run`` leaves it, each document with the same rows."""
    book = codebook(labels, target)
    inputs = Inputs({d.id: d.sha256 for d in documents}, "c0de" * 16, "fake@0/none", None, "tagger@0")
    segments = [s for d in documents for s in segments_of(d, rows)]
    nets = [row[6] for row in rows] * len(documents)
    stance = scores_of(segments, nets)
    mentioned = [(s, n) for s, n in zip(segments, nets, strict=True) if s.role == "mention"]
    sentiment = scores_of([s for s, _ in mentioned], [n for _, n in mentioned], "sentiment")
    files = {
        "documents.jsonl": documents_jsonl(documents).encode(),
        "labels.json": names_json(book).encode(),
        "segments.jsonl": segments_jsonl(segments).encode(),
        "scores/stance.csv": csv_bytes(stance),
        "scores/sentiment.csv": csv_bytes(sentiment),
    }
    if frames:
        table = pd.DataFrame(
            [
                {"segment": s.id, "role": s.role, "actor": s.actor, "target": name, "reason": None,
                 "p_present": p, "p_denied": 0, "p_absent": 1 - p}
                for s in segments
                for name, p in frames.items()
            ]
        )  # fmt: skip
        files["scores/frames.csv"] = csv_bytes(table)
    write(files, inputs, out=root)
    if figure is not None:
        save("01_figure", figure, stance[["actor", "net"]], inputs, out=root)
    return root
