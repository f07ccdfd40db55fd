"""Who stands where in news and official texts.

The nouns: a *document* is one text. An *attribution* says who (*source*) says
(*cue*) what (*content*); a *mention* is a place that names somebody. An *actor*
is a camp of the *codebook*, an *entity* one person or body in it. A *segment* is
a stretch of text tied to one actor, who speaks it or is spoken about in it; its
*voice* is whose words it is: an actor's or the narrator's. *Stance* (favor,
against, none) is toward a *target*; *sentiment* (positive, negative, neutral)
toward an actor; both come as probabilities, and *net* is the first minus the
second.

>>> import stance
>>> codebook = stance.read_codebook()
>>> documents = stance.read_corpus()
>>> segments = stance.segment(documents, codebook)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stance.analysis import analyse, run, speakers
    from stance.audit import audit_names
    from stance.codebook import Codebook, read_codebook
    from stance.contrasts import contrast, count_roles, counterexamples, framing_table, matrix, summarize
    from stance.corpus import Rejected, read_corpus, stream_corpus
    from stance.diagnostics import plot_audit, plot_reliability
    from stance.duplicates import near_duplicates
    from stance.estimates import corrected
    from stance.evaluation import evaluate, predictor, read_sets
    from stance.exports import export
    from stance.highlights import highlight
    from stance.measures import score_sentiment, score_stance
    from stance.models import load_model
    from stance.plots import (
        plot_contrast,
        plot_framings,
        plot_matrix,
        plot_presence,
        plot_roles,
        plot_stance,
        plot_timeline,
    )
    from stance.references import reference
    from stance.report import write_report
    from stance.results import Inputs, check, save
    from stance.rows import score_rows
    from stance.schema import Attribution, Document, Mention, Score, Segment, Span, StanceError
    from stance.segments import segment
    from stance.tables import segments_frame, to_frame
    from stance.terms import count_terms, distinctive_phrases, keyness
    from stance.timelines import timeline
    from stance.validation import accuracy, differential_error

__version__ = "0.1.0"

_HOMES = {
    "analysis": ("analyse", "run", "speakers"),
    "audit": ("audit_names",),
    "codebook": ("Codebook", "read_codebook"),
    "contrasts": ("contrast", "count_roles", "counterexamples", "framing_table", "matrix", "summarize"),
    "corpus": ("Rejected", "read_corpus", "stream_corpus"),
    "diagnostics": ("plot_audit", "plot_reliability"),
    "duplicates": ("near_duplicates",),
    "estimates": ("corrected",),
    "evaluation": ("evaluate", "predictor", "read_sets"),
    "exports": ("export",),
    "measures": ("score_sentiment", "score_stance"),
    "models": ("load_model",),
    "plots": (
        "plot_contrast", "plot_framings", "plot_matrix", "plot_presence",
        "plot_roles", "plot_stance", "plot_timeline",
    ),
    "highlights": ("highlight",),
    "references": ("reference",),
    "report": ("write_report",),
    "results": ("Inputs", "check", "save"),
    "schema": ("Attribution", "Document", "Mention", "Score", "Segment", "Span", "StanceError"),
    "segments": ("segment",),
    "rows": ("score_rows",),
    "tables": ("segments_frame", "to_frame"),
    "terms": ("count_terms", "distinctive_phrases", "keyness"),
    "timelines": ("timeline",),
    "validation": ("accuracy", "differential_error"),
}  # fmt: skip
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Attribution", "Codebook", "Document", "Inputs", "Mention", "Rejected", "Score", "Segment", "Span",
    "StanceError", "accuracy", "analyse", "audit_names", "check", "contrast", "corrected", "count_roles",
    "count_terms", "counterexamples", "differential_error", "distinctive_phrases", "evaluate", "export",
    "framing_table", "highlight", "keyness", "load_model", "matrix", "near_duplicates", "plot_audit",
    "plot_contrast", "plot_framings", "plot_matrix", "plot_presence", "plot_reliability", "plot_roles",
    "plot_stance", "plot_timeline", "predictor", "read_codebook", "read_corpus", "read_sets", "reference", "run",
    "save", "score_rows", "score_sentiment", "score_stance", "segment", "segments_frame", "speakers",
    "stream_corpus", "summarize", "timeline", "to_frame", "write_report",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: ``import stance`` stays fast and loads no torch."""
    if name not in _HOME:
        raise AttributeError(f"module 'stance' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"stance.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
