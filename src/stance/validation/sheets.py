"""Annotation sheets: what people label, with what they need for it, and nothing of what the model said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET  # only to write

import pandas as pd

from stance.analysis.tables import measure_of
from stance.codebook import SENTIMENT, Codebook
from stance.corpus.encodings import clean
from stance.files import write_file
from stance.inert import code, markdown
from stance.schema import LABELS, Measure, Segment, StanceError
from stance.text.paragraphs import paragraphs
from stance.validation.sheet_formats import COLUMNS, Format, fingerprint, format_of, sheet_bytes

MARGIN = 600
"""Characters of context on either side of a statement, at most."""
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+")
_NEEDED = ("document", "segment", "role", "actor", "target", "text")
_QUESTIONS = {
    "stance": "What stance toward {target} does the text show the one named in entity to have?",
    "sentiment": "How does the text speak about the one named in entity?",
    "frame": "Does the statement dwell on this?",
}
_MEANINGS = {
    "favor": "support for the target, said openly or clearly implied",
    "against": "opposition to it, said openly or clearly implied",
    "none": "neither of the two; also if both weigh the same, or the text does not tell",
    "positive": "approval or praise",
    "negative": "disapproval or blame",
    "neutral": "neither of the two; also if both weigh the same, or the text does not tell",
    "present": "it does, in these words or others",
    "denied": "it says that this is not so, or does not matter",
    "absent": "neither of the two",
}
_USES: dict[Format, str] = {
    "csv": "Write one label into the column label of each row, and your name into annotator. Save as CSV in UTF-8.",
    "label-studio": "Paste {config} as the project's labelling interface, import {name}, and export as JSON.",
    "prodigy": "prodigy mark DATASET {name} --view-id choice; and when done: prodigy db-out DATASET > labels.jsonl",
    "doccano": "Import {name} as JSONL into a project for text classification with these labels, and export as JSONL.",
}


def sheet(sampled: pd.DataFrame, segments: Iterable[Segment] | None = None) -> pd.DataFrame:
    """What annotators are given: one row per unit, its text in context, and an empty label.

    Scores and the model's label are not in it: they would sway people.

    Parameters
    ----------
    sampled
        From :func:`stance.validation.sample`.
    segments
        The segments that were scored, for the context; without them it is empty.

    Returns
    -------
    pandas.DataFrame
        ``unit`` is segment and target; ``sha256`` the fingerprint of text and
        context, by which a text that was edited is found out;
        ``inclusion_probability`` as drawn; ``annotator``, ``label`` and
        ``note`` are to be filled in. ``context`` is the paragraphs around the
        statement, cut to full sentences where they are long.

    Raises
    ------
    StanceError
        If a column is missing, or the segments are not those that were scored.

    Examples
    --------
    >>> row = {"document": "d", "segment": "d:1", "role": "source", "actor": "kyiv", "target": "talks",
    ...        "text": "it would come", "p_favor": .8, "p_against": .1, "p_none": .1, "inclusion_probability": .5}
    >>> sheet(pd.DataFrame([row]))[["unit", "measure", "inclusion_probability", "label"]].values.tolist()
    [['d:1 talks', 'stance', 0.5, '']]
    """
    measure = measure_of(sampled)
    if missing := [c for c in (*_NEEDED, "inclusion_probability") if c not in sampled]:
        mend = (
            "Draw it with stance.validation.sample."
            if missing[0] == "inclusion_probability"
            else "Give a score table's rows."
        )
        raise StanceError(f"The sample has no column {missing[0]!r}. {mend}")
    texts = sampled.assign(entity=sampled.get("entity", "")).astype(object)
    made = texts.where(texts.notna(), "").map(lambda value: clean(value) if isinstance(value, str) else value)
    made["context"] = _contexts(made, segments) if segments is not None else ""
    made["unit"] = [f"{s} {t}" for s, t in zip(made["segment"], made["target"], strict=True)]
    made["measure"] = measure
    made["sha256"] = [fingerprint(t, c) for t, c in zip(made["text"], made["context"], strict=True)]
    made["inclusion_probability"] = made["inclusion_probability"].astype(float)
    made[["annotator", "label", "note"]] = ""
    return made[list(COLUMNS)].reset_index(drop=True)


def _contexts(rows: pd.DataFrame, segments: Iterable[Segment]) -> list[str]:
    wanted = set(rows["segment"])
    known = {s.id: s for s in segments if s.id in wanted}
    for name, text in zip(rows["segment"], rows["text"], strict=True):
        if name not in known:
            raise StanceError(f"The segments hold no {name!r}. Give those of the run that the scores are from.")
        if " ".join(clean(known[name].text).split()) != " ".join(text.split()):
            raise StanceError(
                f"{name!r} has another text among the segments than in the scores. Give those of the same run."
            )
    return [context_of(known[name]) for name in rows["segment"]]


def context_of(segment: Segment) -> str:
    """What a person reads around a statement: its paragraphs, or full sentences of them where they are long.

    Parameters
    ----------
    segment
        Its source and cue are in it, too.

    Examples
    --------
    >>> from stance.schema import Document, Span
    >>> document = Document("d", "Snow fell.\\n\\nKyiv said it would come. It did.")
    >>> said = Span(document, 22, 35)
    >>> context_of(Segment("d:1", (said,), None, None, "source", None, None, None, (), (), None, 1.0, said))
    'Kyiv said it would come. It did.'
    """
    text, spans = segment.document.text, (*segment.spans, *segment.source, *segment.cue)
    start, end = min(s.start for s in spans), max(s.end for s in spans)
    around = [(a, b) for a, b in paragraphs(text) if a < end and start < b] or [(start, end)]
    first, last = min(around[0][0], start), max(around[-1][1], end)
    before, after = text[first:start], text[end:last]
    if len(before) > MARGIN:
        before = before[-MARGIN:]
        sentences = _SENTENCE_END.search(before)
        before = before[sentences.end() :] if sentences else f"… {before.partition(' ')[2]}"
    if len(after) > MARGIN:
        after = after[:MARGIN]
        ends = list(_SENTENCE_END.finditer(after))
        after = after[: ends[-1].end()] if ends else f"{after.rpartition(' ')[0]} …"
    return " ".join(clean(before + text[start:end] + after).split())


def write_sheet(
    sheet: pd.DataFrame, path: str | Path, codebook: Codebook, format: str | None = None
) -> tuple[Path, ...]:
    """Write a sheet, and beside it what annotators are told.

    Parameters
    ----------
    sheet
        From :func:`stance.validation.sheet`.
    path
        A ``.csv`` file for a spreadsheet, ``.json`` for Label Studio, ``.jsonl``
        for Prodigy or doccano. Nothing that is there is written over.
    codebook
        Says what the targets are.
    format
        ``"csv"``, ``"label-studio"``, ``"prodigy"`` or ``"doccano"``; told by the suffix if it can be.

    Returns
    -------
    tuple of Path
        What was written: the sheet, ``NAME.instructions.md``, and for Label
        Studio ``NAME.config.xml``, its labelling interface.

    Raises
    ------
    StanceError
        If the format and the suffix do not fit, the sheet is of several
        measures or lacks a column, the codebook lacks a target, or a file is there already.

    Examples
    --------
    >>> import tempfile
    >>> from stance import read_codebook
    >>> row = dict.fromkeys(COLUMNS, "") | {"measure": "stance", "target": "peace_talks"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = write_sheet(pd.DataFrame([row]), Path(folder, "sheet.csv"), read_codebook())
    ...     [path.name for path in made]
    ['sheet.csv', 'sheet.instructions.md']
    """
    path = Path(path)
    name = format_of(path, format)
    measure = _measure(sheet)
    config = path.with_suffix(".config.xml")
    use = _USES[name].format(name=code(path.name), config=code(config.name))
    rows = [{c: clean(_cell(row[c])) for c in COLUMNS} for row in sheet.to_dict("records")]
    files = {
        path: sheet_bytes(rows, name, LABELS[measure]),
        path.with_suffix(".instructions.md"): instructions(sheet, codebook, use).encode(),
    }
    if name == "label-studio":
        files[config] = labelling_config(sheet, codebook).encode()
    for file in files:
        if file.exists():
            raise StanceError(f"{file} is there already, and may hold labels. Give the sheet another name.")
    for file, data in files.items():
        write_file(file, data)
    return tuple(files)


def _cell(value: Any) -> str:
    if value is None or pd.isna(value):
        return ""
    return repr(float(value)) if isinstance(value, float) else str(value)


def _measure(sheet: pd.DataFrame) -> Measure:
    if missing := [c for c in COLUMNS if c not in sheet]:
        raise StanceError(f"The sheet has no column {missing[0]!r}. Make it with stance.validation.sheet.")
    measures = sorted(set(sheet["measure"]))
    if len(measures) != 1 or measures[0] not in LABELS:
        got = ", ".join(map(str, measures)) or "no row"
        raise StanceError(f"A sheet holds one measure of {', '.join(LABELS)}. Got {got}. Write one for each.")
    return measures[0]


def instructions(sheet: pd.DataFrame, codebook: Codebook, use: str = _USES["csv"]) -> str:
    """What annotators are told, in Markdown, made from the codebook, none of whose texts acts as markup.

    Parameters
    ----------
    sheet
        From :func:`stance.validation.sheet`.
    codebook
        Its targets and frames are explained: label, definition, and how the study words them.
    use
        How the sheet is used, in Markdown.

    Raises
    ------
    StanceError
        If the codebook lacks a target or frame, or the sheet is of several measures.
    """
    measure = _measure(sheet)
    lines = [
        f"# How to label {len(sheet)} statements", "", use, "",
        "Read `text` within `context`, and judge what stands there: not what you know besides, and not whether you "
        "agree. Where `role` is *source*, the one named in `entity` says the text; where it is *mention*, the text "
        "is about them.", "",
    ]  # fmt: skip
    for title, key, question, definition, (first, second, last) in _topics(sheet, codebook):
        named = f" ({code(key)})" if key else ""
        lines += [f"## {markdown(title)}{named}", "", markdown(question), ""]
        lines += [markdown(definition), ""] if definition else []
        for label, wordings in zip(LABELS[measure], (first, second, last), strict=True):
            example = f" For example: {markdown(' / '.join(wordings))}" if wordings else ""
            lines.append(f"- **{label}**: {_MEANINGS[label]}.{example}")
        lines.append("")
    neither = LABELS[measure][2]
    lines += [
        "## In doubt", "",
        f"- If you cannot tell, take **{neither}**, and say why in `note`.",
        "- If the text takes both sides, take the one that weighs more.",
        "- Irony counts as what is meant by it.",
        "- Leave a row empty only if its text cannot be read; say so in `note`.",
        "- Change no other column: text and context are compared with what was handed out.",
        "- Do not talk about rows with other annotators before all are done.", "",
    ]  # fmt: skip
    return "\n".join(lines)


_Topic = tuple[str, str, str, str | None, tuple[tuple[str, ...], ...]]


def _topics(sheet: pd.DataFrame, codebook: Codebook) -> list[_Topic]:
    """Title, key, question, definition and wordings of what a sheet asks about."""
    if _measure(sheet) == "sentiment":
        return [("Sentiment", "", _QUESTIONS["sentiment"], None, _wordings(SENTIMENT.favor, SENTIMENT.against, "them"))]
    topics: list[_Topic] = []
    for key in sorted(set(sheet["target"])):
        if _measure(sheet) == "frame":
            frame = codebook.frame(key)
            wordings = _wordings(frame.hypotheses, (), "the target")
            topics.append((f"Frame: {frame.label}", key, _QUESTIONS["frame"], frame.definition, wordings))
            continue
        target = codebook.target(key)
        wordings = _wordings(target.hypotheses.favor, target.hypotheses.against, target.label)
        question = _QUESTIONS["stance"].format(target=target.label)
        topics.append((f"Stance toward {target.label}", key, question, target.definition, wordings))
    return topics


def _wordings(favor: Iterable[str], against: Iterable[str], target: str) -> tuple[tuple[str, ...], ...]:
    """How a study words its hypotheses; nothing words the third label."""
    said = (tuple(w.format(actor="The actor", target=target) for w in side) for side in (favor, against))
    return (*said, ())


def labelling_config(sheet: pd.DataFrame, codebook: Codebook) -> str:
    """The labelling interface of Label Studio for a sheet, as XML.

    Parameters
    ----------
    sheet, codebook
        As for :func:`instructions`.
    """
    measure = _measure(sheet)
    view = ET.Element("View")

    def add(tag: str, under: ET.Element = view, **attributes: str) -> ET.Element:
        return ET.SubElement(under, tag, attributes)

    for _, _, question, definition, _ in _topics(sheet, codebook):
        add("Header", value=_fixed(question), size="4")
        if definition:
            add("Header", value=_fixed(definition), size="6")
    for column in ("entity", "role", "target"):
        add("Header", value=f"{column}:", size="6")
        add("Text", name=column, value=f"${column}", valueType="text")
    add("Header", value="text:", size="6")
    add("Text", name="text", value="$text", valueType="text")
    choices = add("Choices", name="label", toName="text", choice="single-radio", required="true", showInline="true")
    for label in LABELS[measure]:
        add("Choice", choices, value=label, hint=_MEANINGS[label])
    add("Header", value="context:", size="6")
    add("Text", name="context", value="$context", valueType="text")
    add("TextArea", name="note", toName="text", placeholder="note", maxSubmissions="1")
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def _fixed(text: str) -> str:
    """A text that Label Studio does not take for the name of a field."""
    return " ".join(text.replace("$", "＄").split())
