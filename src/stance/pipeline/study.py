"""The main job: texts in, segments, scores, tables and figures out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import pandas as pd
from matplotlib.figure import Figure

from stance import plots
from stance.analysis.contrasts import contrast, count_roles, sentiment_matrix, summarize
from stance.analysis.evidence import framing_table
from stance.analysis.frames import frame_profile
from stance.analysis.groups import with_clusters
from stance.analysis.sentences import by_sentence
from stance.analysis.tables import segments_frame, to_frame, wordings_frame
from stance.analysis.terms import count_terms, distinctive_phrases
from stance.attribution.segments import segmented
from stance.codebook import Codebook, Target
from stance.corpus.duplicates import near_duplicates
from stance.corpus.rows import csv_bytes
from stance.files import writable
from stance.numbers import counted
from stance.pipeline.across import across, by_document
from stance.plots.diagnostics import plot_audit
from stance.results.folder import names_json
from stance.results.inputs import Inputs
from stance.results.manifest import save, write
from stance.results.origins import clear, codebook_files, refuse_others
from stance.results.records import documents_jsonl, segments_jsonl
from stance.results.report import write_report
from stance.schema import Document, Segment, StanceError
from stance.scoring.measures import score_frames, score_sentiment, score_stance
from stance.scoring.model import Model, as_model
from stance.text.parsed import ParsedText
from stance.validation.audit import audit_names

PHRASES = 8
"""How many distinctive phrases of each actor are listed."""
FRAMINGS = 3
"""How many actors the side-by-side figure shows: the first of the codebook that speak."""
_KEPT = 1_000_000
"""Characters whose parses are kept for the second reading: about 150 MB, and 25 s of parsing on one core."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything the figures are drawn from."""

    documents: tuple[Document, ...]
    codebook: Codebook
    target: Target
    segments: tuple[Segment, ...]
    stance: pd.DataFrame
    sentiment: pd.DataFrame
    inputs: Inputs
    names: pd.DataFrame | None = None
    """The name-swap audit of the model, if asked for."""
    frames: pd.DataFrame | None = None
    """Which frames the statements hold, if the codebook has any; exploratory."""
    wordings: pd.DataFrame = field(default_factory=pd.DataFrame)
    """The net of every wording, from which a multiverse is made."""
    parsed: Mapping[str, ParsedText] = field(default_factory=dict)
    """Parses of the first documents, by id: what reads the texts once more need not parse them again."""


def analyse(
    documents: Sequence[Document],
    codebook: Codebook,
    target: Target,
    model: Model,
    step: Callable[[str], None] = lambda message: None,
    *,
    audit: bool = False,
    corrections: str | Path | None = None,
    progress: Callable[[int, int], object] = lambda more, total: None,
) -> Analysis:
    """Segment documents and score stance, sentiment and the codebook's frames with every wording.

    Parameters
    ----------
    documents, codebook, target, model
        What to analyse, and with what.
    step
        Told in a few words what happens next.
    audit
        Whether to swap names in neutral sentences, too; see :func:`stance.validation.audit_names`.
    corrections
        Who says what, as corrected by hand; see :func:`stance.segment`.
    progress
        Told after every text that one more of so many is segmented.

    Raises
    ------
    StanceError
        If no document names an actor of the codebook.

    Examples
    --------
    >>> import stance
    >>> codebook = stance.read_codebook()
    >>> documents = [Document("d", "Putin said that the talks were useful. Kyiv was not invited.")]
    >>> analysis = analyse(documents, codebook, codebook.target(), stance.load_model("small"))
    >>> analysis.stance[["actor", "role", "text"]].to_numpy().tolist()
    [['kremlin', 'source', 'that the talks were useful'], ['kyiv', 'mention', 'Kyiv was not invited']]
    """
    model = as_model(model)
    step(f"segmenting {counted(len(documents), 'text')}")
    segments, parsed, left_out = _segmented(documents, codebook, corrections, progress)
    if not any(s.actor for s in segments):
        raise StanceError(_nobody(codebook, left_out))
    model.expect(lambda other: _scored(segments, codebook, target, other))
    stance, wordings, sentiment, frames = _scored(segments, codebook, target, model, step)
    names = None
    if audit:
        step("swapping names in neutral sentences")
        names = audit_names(model, wordings="one")
    inputs = Inputs.of(documents, codebook, model, corrections)
    if len(documents) > 1:
        copies = near_duplicates(documents)
        stance, sentiment = with_clusters(stance, copies), with_clusters(sentiment, copies)
    return Analysis(
        tuple(documents), codebook, target, segments, stance, sentiment, inputs, names, frames, wordings, parsed
    )


def _scored(
    segments: Sequence[Segment],
    codebook: Codebook,
    target: Target,
    model: Model,
    step: Callable[[str], None] = lambda message: None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame | None]:
    """Stance, with the net of each wording, sentiment and, if the codebook has any, frames."""
    step(f"scoring {len(segments)} segments: stance toward {target.label}")
    scores = score_stance(segments, target, model)
    stance, wordings = to_frame(scores), wordings_frame(scores, target.hypotheses)
    step("scoring sentiment toward the actors")
    sentiment = to_frame(score_sentiment(segments, model), measure="sentiment")
    if not codebook.frames:
        return stance, wordings, sentiment, None
    step(f"scoring {len(codebook.frames)} frames, which are exploratory")
    frames = to_frame(score_frames(segments, codebook.frames, target, model), measure="frame")
    return stance, wordings, sentiment, frames


def _segmented(
    documents: Sequence[Document],
    codebook: Codebook,
    corrections: str | Path | None,
    progress: Callable[[int, int], object],
) -> tuple[tuple[Segment, ...], dict[str, ParsedText], list[str]]:
    """The segments of some documents, as many of their parses as fit, and what was not read of them."""
    segments: list[Segment] = []
    left_out: list[str] = []
    parsed: dict[str, ParsedText] = {}
    room = _KEPT
    for found in segmented(documents, codebook, corrections):
        segments += found.segments
        left_out += found.left_out
        room -= len(found.parsed.text)
        if room >= 0:
            parsed[found.parsed.document.id] = found.parsed
        progress(1, len(documents))
    return tuple(segments), parsed, left_out


def _nobody(codebook: Codebook, left_out: Sequence[str]) -> str:
    """Why a study has nothing to count: what of its texts was not read stands first, since that may be all."""
    unread = f" {left_out[0][:1].upper()}{left_out[0][1:]}" if left_out else ""
    more = f" So {'is' if len(left_out) == 2 else 'are'} {len(left_out) - 1} more." if len(left_out) > 1 else ""
    return (
        f"No actor of the codebook ({', '.join(codebook.actors)}) speaks or is spoken about in what could be read of "
        f"these texts.{unread}{more} Give texts in English, and a codebook with the names they use: --codebook FILE."
    )


@dataclass(frozen=True, slots=True)
class Result:
    """One result: a table, mostly with its figure, and what it was made from.

    ``also`` names further forms of the table; see :func:`stance.save`.
    """

    name: str
    figure: Figure | None
    table: pd.DataFrame
    inputs: Inputs
    also: tuple[str, ...] = ()


def figures(analysis: Analysis) -> Iterator[Result]:
    """The standard figures with their tables, as the notebooks make them.

    Parameters
    ----------
    analysis
        From :func:`analyse`.

    Examples
    --------
    >>> import stance
    >>> codebook = stance.read_codebook()
    >>> documents = [Document("d", "Putin said that the talks were useful. Kyiv was not invited.")]
    >>> analysis = analyse(documents, codebook, codebook.target(), stance.load_model("small"))
    >>> [result.name for result in figures(analysis)][:3]
    ['01_presence', '02_roles', '03_sentiment']
    """
    names, target = analysis.codebook.names, analysis.target.label
    unread, read = replace(analysis.inputs, model=None), analysis.inputs
    listed = segments_frame(analysis.segments)
    first = analysis.parsed.get(analysis.documents[0].id, analysis.documents[0])
    sentences = by_sentence(first, analysis.segments)
    yield Result("01_presence", plots.plot_ribbon(sentences, names), sentences, unread)
    counts = count_roles(listed)
    yield Result("02_roles", plots.plot_roles(counts, names), counts, unread)
    yield Result(
        "03_sentiment", plots.plot_matrix(analysis.sentiment, names), sentiment_matrix(analysis.sentiment), read
    )
    yield Result("04_stance", plots.plot_stance(analysis.stance, names, target), summarize(analysis.stance), read)
    sentences = by_sentence(first, analysis.segments, analysis.stance)
    yield Result("04_ribbon", plots.plot_ribbon(sentences, names, target), sentences, read)
    speaking = speaking_actors(analysis.stance, analysis.codebook)
    statements = framing_table(analysis.stance, listed, speaking)
    yield Result("05_framings", plots.plot_framings(statements, names, target), statements, read)
    contrasts = contrast(analysis.stance)
    yield Result("05_contrasts", plots.plot_contrast(contrasts, names), contrasts, read, (".md", ".tex"))
    if analysis.frames is not None:
        profile = frame_profile(analysis.frames, analysis.codebook.frames)
        profile = profile[profile["actor"].isin(speaking)]
        named = {key: entry.label for key, entry in analysis.codebook.frames.items()}
        yield Result("05_frames", plots.plot_frames(profile, names, named), profile, read)
    phrases = distinctive_phrases(count_terms(analysis.segments, analysis.codebook, analysis.parsed), most=PHRASES)
    yield Result("05_phrases", None, phrases, unread)
    if len(analysis.documents) > 1:
        for shown in across(analysis.stance, names, target):
            yield Result(*shown[:3], read, shown.also)
    if analysis.names is not None:
        yield Result("05_names", plot_audit(analysis.names, analysis.inputs.model or ""), analysis.names, read)


def speaking_actors(stance: pd.DataFrame, codebook: Codebook, most: int = FRAMINGS) -> list[str]:
    """The first actors of the codebook that have scored statements.

    Parameters
    ----------
    stance
        A score table.
    codebook
        Whose order of actors counts.
    most
        How many are given.

    Examples
    --------
    >>> from stance import read_codebook
    >>> table = pd.DataFrame({"actor": ["kyiv", "kremlin", "biden"], "role": "source", "net": [0.1, -0.2, None]})
    >>> speaking_actors(table, read_codebook())
    ['kremlin', 'kyiv']
    """
    speaking = set(stance.loc[(stance["role"] == "source") & stance["net"].notna(), "actor"])
    return [actor for actor in codebook.names if actor in speaking][:most]


def run(
    documents: Iterable[Document],
    codebook: Codebook,
    target: Target,
    model: Model,
    out: str | Path,
    step: Callable[[str], None] = lambda message: None,
    *,
    audit: bool = False,
    corrections: str | Path | None = None,
    progress: Callable[[int, int], object] = lambda more, total: None,
    force: bool = False,
    command: Mapping[str, str | float | None] = MappingProxyType({}),
) -> Analysis:
    """Analyse documents and write texts, segments, scores, tables, figures, the manifest and a report of it all.

    Nothing is written before everything is computed.

    Parameters
    ----------
    documents, codebook, target, model
        What to analyse, and with what.
    out
        The results folder.
    step
        Told in a few words what happens next.
    audit
        Whether to audit the model for names, too.
    corrections
        Who says what, as corrected by hand.
    progress
        As for :func:`analyse`.
    force
        Whether results of another codebook or other texts are replaced, if the folder holds them.
    command
        The options of the command that asked for it, which the folder's manifest keeps.

    Raises
    ------
    StanceError
        As :func:`analyse`; and if the folder holds another study, unless ``force`` is given.

    Examples
    --------
    >>> import tempfile
    >>> import stance
    >>> codebook = stance.read_codebook()
    >>> documents = [Document("d", "Putin said that the talks were useful. Kyiv was not invited.")]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = run(documents, codebook, codebook.target(), stance.load_model("small"), folder)
    ...     sorted(path.name for path in Path(folder).glob("*.*"))
    ['codebook.yml', 'documents.jsonl', 'labels.json', 'manifest.json', 'report.html', 'segments.jsonl']
    """
    folder = writable(out)
    read = list(documents)
    refuse_others(folder, Inputs.of(read, codebook, model, corrections), target.id, force=force)
    analysis = analyse(read, codebook, target, model, step, audit=audit, corrections=corrections, progress=progress)
    step("drawing figures")
    drawn = list(figures(analysis))
    unread = replace(analysis.inputs, model=None)
    texts = {
        "documents.jsonl": documents_jsonl(analysis.documents),
        "labels.json": names_json(codebook),
        "segments.jsonl": segments_jsonl(analysis.segments),
    }
    if force:
        clear(folder)
    made = {"verb": "run", "target": target.id, **command}
    kept = codebook_files(codebook)
    write(kept | {name: text.encode() for name, text in texts.items()}, unread, out=folder, command=made)
    scores = {
        "stance": analysis.stance,
        "wordings": analysis.wordings,
        "sentiment": analysis.sentiment,
        "frames": analysis.frames,
    }
    tables = {f"scores/{name}.csv": csv_bytes(table) for name, table in scores.items() if table is not None}
    if len(analysis.documents) > 1:
        tables |= by_document(analysis.stance)
    write(tables, analysis.inputs, out=folder)
    for r in drawn:
        save(r.name, r.figure, r.table, r.inputs, out=folder, also=r.also)
    step("writing the report")
    write_report(folder)
    return analysis
