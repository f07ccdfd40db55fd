"""What the ``stance`` command shows: tables, progress and summaries."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.table import Table

from stance.analysis.contrasts import summarize
from stance.analysis.tables import not_taken_up
from stance.cli.asking import note_unanswered
from stance.cli.terminal import note, out, say, wide
from stance.numbers import counted
from stance.validation.estimates import IGNORED, SCOPE
from stance.validation.evaluation import TASKS

if TYPE_CHECKING:
    from stance.corpus.documents import Rejected
    from stance.pipeline.batch import Summary

_SHOWN = 10
"""Rejected rows that are named; the rest is counted."""
_KEPT = 1000
"""Rejected rows that a batch's folder lists: more are one fault of a file, said often."""


def print_means(stance: pd.DataFrame, names: Mapping[str, str], target: str) -> None:
    """Print the stance of each actor, as reported.

    Parameters
    ----------
    stance
        A score table; of a batch, a few of its columns.
    names
        What actors are called.
    target
        What the stance is toward.
    """
    table = Table(title=f"Stance toward {target}, as reported", title_justify="left")
    for heading in ("actor", "role", "scored", "mean net", "range over wordings"):
        table.add_column(heading, justify="left" if heading in ("actor", "role") else "right")
    for row in summarize(stance).itertuples():
        table.add_row(
            names.get(row.actor, row.actor),
            "speaks" if row.role == "source" else "spoken about",
            f"{row.n} of {round(row.n / row.addressed)}" if row.addressed > 0 else str(row.n),
            f"{row.mean:+.2f}" if row.n else "",
            f"{row.wordings_low:+.2f} … {row.wordings_high:+.2f}" if row.n else "",
        )
    out.print(table)
    if beside := len(not_taken_up(stance)):
        say(f"{counted(beside, 'statement')} left out: the target is not taken up there (see p_addressed).")


def print_evaluation(table: pd.DataFrame) -> None:
    """Print how good models are on labelled sets.

    Parameters
    ----------
    table
        From :func:`stance.validation.evaluate`.
    """
    shown = Table(title="95 % intervals in brackets; calibration error: = what perfect calibration would show")
    headings = ("set", "model", "n", "macro-F1", "accuracy", "F1 by label", "calibration error", "difference")
    for heading in headings:
        shown.add_column(heading, overflow="fold")
    for row in table.to_dict("records"):
        by_label = " ".join(f"{label} {row[f'f1_{label}']:.2f}" for label in TASKS[row["task"]])
        error = difference = ""
        if row["ece"] == row["ece"]:  # not NaN
            error = f"{row['ece']:.3f} [{row['ece_low']:.3f}, {row['ece_high']:.3f}] = {row['ece_perfect']:.3f}"
        if row["difference"] == row["difference"]:
            bounds = f"[{row['difference_low']:+.3f}, {row['difference_high']:+.3f}]"
            difference = f"{row['difference']:+.3f} {bounds}"
        name = f"all sets of {row['task']}" if row["set"] == "pooled" else row["set"]
        values = (name, row["model"], str(row["n"]), f"{row['macro_f1']:.3f}", f"{row['accuracy']:.3f}")
        shown.add_row(*values, by_label, error, difference)
    wide().print(shown)


def print_attributions(table: pd.DataFrame) -> None:
    """Print how many marked attributions are found.

    Parameters
    ----------
    table
        From :func:`stance.validation.gold.score_attributions`.
    """
    shown = Table(title="found, of those marked: content, then with the right source, or the right actor")
    for heading in ("kind", "marked", "found", "content P R F1", "+ source P R F1", "+ actor P R F1"):
        shown.add_column(heading)
    for row in table.to_dict("records"):
        cells = []
        for name in ("content", "source", "actor"):
            values = [row[f"{name}_{what}"] for what in ("precision", "recall", "f1")]
            cells.append(" ".join(f"{v:.3f}" for v in values) if values[0] == values[0] else "")
            if row[f"{name}_low"] == row[f"{name}_low"]:
                cells[-1] += f" [{row[f'{name}_low']:.3f}, {row[f'{name}_high']:.3f}]"
        shown.add_row(row["kind"], str(row["gold"]), str(row["found"]), *cells)
    agreed = Table(title="Krippendorff's alpha for unitizing, marked and found", title_justify="left")
    agreed.add_column("letters and digits: do both agree …")
    agreed.add_column("alpha")
    for name, asked in (("where", "where statements are"), ("whose", "whose they are, where both have one")):
        low, alpha, high = (table[f"{name}_{what}"].iloc[0] for what in ("low", "alpha", "high"))
        if alpha == alpha:
            agreed.add_row(asked, f"{alpha:.3f}" + (f" [{low:.3f}, {high:.3f}]" if low == low else ""))
    console = wide()
    for part in (shown, agreed) if agreed.row_count else (shown,):
        console.print(part)


def print_statuses(table: pd.DataFrame) -> None:
    """Print which status the cues of each status are given.

    Parameters
    ----------
    table
        From :func:`stance.validation.statuses.status_confusion`.
    """
    shown = Table(title="status as judged (down) and as found (across)", title_justify="left")
    for heading in ("judged", *table.columns):
        shown.add_column(heading, justify="left" if heading == "judged" else "right")
    for judged, counts in zip(table.index, table.to_numpy().tolist(), strict=True):
        shown.add_row(judged, *map(str, counts))
    wide().print(shown)


def print_agreement(table: pd.DataFrame) -> None:
    """Print how far annotators agree.

    Parameters
    ----------
    table
        From :func:`stance.validation.agreement`.
    """
    by = str(table.columns[1])
    shown = Table(title="Krippendorff's alpha, nominal; 95 % interval over units", title_justify="left")
    for heading in ("measure", by, "label", "units", "annotators", "alpha", "agreement", "note"):
        shown.add_column(heading, overflow="fold", justify="right" if heading in ("units", "annotators") else "left")
    for row in table.to_dict("records"):
        bounds = f" [{row['low']:.2f}, {row['high']:.2f}]" if row["low"] == row["low"] else ""
        alpha = f"{row['alpha']:.2f}{bounds}" if row["alpha"] == row["alpha"] else ""
        same = f"{row['agreement']:.0%}" if row["agreement"] == row["agreement"] else ""
        label = row["label"] and f"{row['label']} or not"
        cells = (row["measure"], row[by] or "all", label or "all", row["units"], row["annotators"], alpha, same)
        shown.add_row(*map(str, (*cells, row["note"])))
    wide().print(shown)


def print_validation(tables: Mapping[str, pd.DataFrame]) -> None:
    """Print how good scores are on labels, whether they err alike, and the corrected estimates.

    Parameters
    ----------
    tables
        By the name of what made them: ``accuracy``, ``differential_error``, ``corrected``.
    """
    console = wide()
    console.print(_accuracies(tables["accuracy"]))
    shown = Table("group", "n", "texts", "mean error", "p", "note", title="Net score minus that of the label")
    for row in tables["differential_error"].to_dict("records"):
        p = "" if row["p"] != row["p"] else "<0.001" if row["p"] < 0.001 else f"{row['p']:.3f}"
        counts = (row["group"], str(row["n"]), str(row["documents"]))
        shown.add_row(*counts, _bounded(row, "error", "+.2f"), p, row["note"])
    console.print(shown)
    caption = f"naive {IGNORED}; DSL and PPI correct it, not segmentation or attribution"
    shown = Table(title="Means, and differences of means", caption=caption)
    for heading in ("role", "target", "of", "estimator", "estimate", "scored", "labelled", "note"):
        shown.add_column(heading, overflow="fold")
    for row in tables["corrected"].to_dict("records"):
        of = f"{row['a']} − {row['b']}" if row["b"] else row["a"]
        note = row["note"].replace(f"; {SCOPE}", "").replace(f"; {IGNORED}", "")
        counts = (str(row["n_scored"]), str(row["n_labelled"]), note)
        cells = (row["role"], row.get("target", ""), of, row["estimator"], _bounded(row, "estimate", "+.2f"), *counts)
        shown.add_row(*cells)
    console.print(shown)


def _accuracies(table: pd.DataFrame) -> Table:
    """One line a group, one column a metric; of each label F1 alone."""
    shown = Table(title="Scores held against labels; 95 % intervals in brackets")
    lines: dict[tuple[str, str], dict[str, str]] = {}
    for row in table.to_dict("records"):
        line = lines.setdefault((row["by"], row["group"]), {"": row["group"]})
        if row["metric"] == "accuracy":
            line["n"] = str(row["n"])
        if row["metric"] not in ("precision", "recall"):
            line[f"{row['metric'].replace('_', ' ')} {row['label']}".strip()] = _bounded(row, "value", ".2f")
    for heading in next(iter(lines.values())):
        shown.add_column(heading, overflow="fold")
    for line in lines.values():
        shown.add_row(*line.values())
    return shown


def _bounded(row: Mapping[Any, Any], name: str, form: str) -> str:
    """A value and its interval, as far as they are known."""
    if row[name] != row[name]:
        return ""
    known = row["low"] == row["low"]
    return f"{row[name]:{form}}" + (f" [{row['low']:{form}}, {row['high']:{form}}]" if known else "")


@dataclass(slots=True)
class Rejections:
    """What could not be read: how much of it, and the first of it. Of several readings the last counts."""

    n: int = 0
    whole_file: bool = False
    kept: list[Rejected] = field(default_factory=list)

    def begin(self) -> None:
        """Begin to count anew: a batch reads its documents twice."""
        self.n, self.whole_file = 0, False
        self.kept.clear()

    def note(self, fault: Rejected) -> None:
        """Count a row or file that was rejected, and keep it if it is among the first."""
        self.n += 1
        self.whole_file |= fault.whole_file
        if len(self.kept) < _KEPT:
            self.kept.append(fault)


def print_batch(summary: Summary, rejected: Rejections, model: str, out: Path, *, shown: bool = False) -> None:
    """Print what a batch did, and what it could not do.

    Parameters
    ----------
    summary
        From :func:`stance.pipeline.batch.run_batch`.
    rejected
        Rows and files that were not read.
    model
        The model's name.
    out
        Where the results are.
    shown
        Whether figures and a page are about to follow, so that the command for them need not be named.
    """
    for fault in rejected.kept[:_SHOWN]:
        note(f"not read: {fault}")
    if rejected.n > _SHOWN:
        note(f"… and {rejected.n - _SHOWN:,} more rows or files that were not read: see {out / 'left_out.csv'}")
    for number, why in summary.failed.items():
        note(f"shard {number} could not be made: {why}")
    before = f", {summary.resumed} of them finished before" if summary.resumed else ""
    say(
        f"{counted(summary.documents, 'document')} in {counted(summary.shards, 'shard')}{before}; "
        f"{counted(summary.segments, 'segment')}; model {model}."
    )
    for reason, n in summary.unscored.items():
        say(f"{counted(n, 'document')} without scores: {reason}")
    note_unanswered(summary.refused)
    if summary.duplicates:
        say(f"{counted(summary.duplicates, 'document')} nearly the same as another: see duplicates.parquet")
    say(f"Written to {out}/: documents/, segments/, stance/, sentiment/, manifest.json, codebook.yml")
    if summary.segments and not shown:
        say(f"Figures and a page: stance report {shlex.quote(str(out))}")
