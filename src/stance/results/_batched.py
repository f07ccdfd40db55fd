"""A batch's folder as a report reads it: the first texts, the strongest statements, and sums over everything."""

from __future__ import annotations

from collections import Counter

from stance.results.folder import Folder, Names, Totals, _Files, damaged
from stance.results.shards import Batch
from stance.strict import parse_json

_MEANS = ("document", "outlet", "role", "actor", "target", "net", "net_min", "net_max", "p_addressed")
"""The columns that the means of a page are computed from."""
_TEXTS, _CHARACTERS = 100, 400_000
"""Texts that a page shows from the beginning of a batch, and their characters: some hours' reading. A choice,
not measured."""
_SIDES = (1, -1)


def batch_folder(batch: Batch) -> Folder:
    """What a page shows of a batch; memory does not grow with its texts, only with a few numbers for each score.

    Parameters
    ----------
    batch
        From :meth:`stance.results.shards.Batch.of`.
    """
    packages = {str(k): str(v) for k, v in batch.manifest.get("packages", {}).items()}
    files = _Files(batch.root, batch.manifest["files"], batch.inputs, packages)
    totals, kept = _counted(batch)
    strongest, scored = _strongest(batch)
    ids = _first_texts(batch) | kept | strongest
    documents = batch.texts(ids)
    return Folder(
        documents=tuple(documents.values()),
        segments=batch.segments(documents),
        names=_names(batch),
        scores={m: batch.scores(m, _MEANS) for m in ("stance", "sentiment")},
        wordings=None,
        exhibits=tuple(files.exhibits()),
        inputs=batch.inputs,
        packages=packages,
        left_out=files.left_out,
        totals=_totals(batch, totals, scored),
        read={m: batch.table(m, where={"document": ids}) for m in ("stance", "sentiment")},
    )


def _totals(batch: Batch, counts: Counter[tuple[str, str] | None], scored: int) -> Totals:
    unknown = counts.pop(None, 0)
    unscored: Counter[str] = Counter()
    for shard in batch.manifest["shards"].values():
        unscored.update(shard.get("unscored", {}))
    by = {key: n for key, n in counts.items() if key is not None}
    undated = int(batch.table("documents", ("date",))["date"].isna().sum())
    return Totals(batch.documents, batch.n_segments, scored, unknown, by, unscored, *batch.rejected(), undated)


def _names(batch: Batch) -> Names:
    file = batch.root / "labels.json"
    try:
        return Names.model_validate(parse_json(file.read_bytes()))
    except (OSError, ValueError) as error:
        raise damaged(file, " ".join(str(error).split())[:100]) from None


def _first_texts(batch: Batch) -> set[str]:
    """The documents that a page shows from the beginning."""
    left, ids = _CHARACTERS, set[str]()
    for rows in batch.rows("documents", ("document", "characters")):
        for row in rows.itertuples():
            if left <= 0 or len(ids) >= _TEXTS:
                return ids
            ids.add(row.document)
            left -= row.characters
    return ids


def _counted(batch: Batch) -> tuple[Counter[tuple[str, str] | None], set[str]]:
    """Passages by actor and role, None for those of no known actor; and a document that has the first of each."""
    counts: Counter[tuple[str, str] | None] = Counter()
    first: dict[tuple[str, str], str] = {}
    for rows in batch.rows("segments", ("document", "actor", "role")):
        counts[None] += int(rows["actor"].isna().sum())
        for key, own in rows.dropna(subset=["actor"]).groupby(["actor", "role"], sort=False):
            counts[key] += len(own)
            first.setdefault(key, own["document"].iloc[0])
    return counts, set(first.values())


def _strongest(batch: Batch) -> tuple[set[str], int]:
    """The documents of each actor's strongest statement each way, in each role; and how many statements are scored."""
    best: dict[tuple[str, str, int], tuple[float, str]] = {}
    scored = 0
    for rows in batch.rows("stance", ("document", "actor", "role", "net")):
        found = rows.dropna(subset=["net"])
        scored += len(found)
        for (actor, role), own in found.groupby(["actor", "role"], sort=False):
            for side in _SIDES:
                place = (side * own["net"]).idxmax()
                reached = side * float(own["net"][place])
                if (actor, role, side) not in best or reached > best[actor, role, side][0]:
                    best[actor, role, side] = (reached, str(own["document"][place]))
    return {document for _, document in best.values()}, scored
