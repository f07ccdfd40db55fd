"""Which frames each actor's statements hold: described, and always exploratory."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from stance import columns as names
from stance.codebook import Frame
from stance.schema import StanceError

EXPLORATORY = "exploratory: no labelled sample"
"""What every row of a profile says: nobody knows how often the model is right about frames."""
_COLUMNS = tuple(names.FRAME)
_NEEDED = ("document", "role", "actor", "target", "p_present", "p_denied", "p_present_min", "p_present_max")


def frame_profile(table: pd.DataFrame, frames: Mapping[str, Frame] | None = None) -> pd.DataFrame:
    """How far each actor's statements hold each frame, on the mean.

    Parameters
    ----------
    table
        What :func:`stance.to_frame` makes of :func:`stance.score_frames`. Rows
        without actor or score are passed over.
    frames
        By id; ``codebook.frames``, for their sets and their order. Left out: one
        set, in the order of the table.

    Returns
    -------
    pandas.DataFrame
        One row per frame and actor, sets kept together: ``set``, ``frame`` (its
        id), ``actor``, ``n`` scored statements in ``documents``, and in [0, 1] the
        mean probabilities ``present`` and ``denied``. ``wordings_low`` to
        ``wordings_high`` are the means of the statements' lowest and highest
        wordings of ``present``: no interval of confidence, and at least as wide
        as the range of the wordings' own means. Frames do not exclude each
        other, so ``present`` need not sum to 1. ``note`` says in every row that
        this is exploratory.

    Raises
    ------
    StanceError
        If a column is missing, or ``frames`` lacks a frame of the table.

    Examples
    --------
    >>> table = pd.DataFrame({"document": "d", "role": "source", "actor": ["a", "a"], "target": "risk",
    ...                       "p_present": [.8, .4], "p_denied": [.1, .3],
    ...                       "p_present_min": [.7, .2], "p_present_max": [.9, .6]})
    >>> frame_profile(table)[["frame", "actor", "n", "present", "denied", "note"]].round(2).values.tolist()
    [['risk', 'a', 2, 0.6, 0.2, 'exploratory: no labelled sample']]
    """
    if missing := [column for column in _NEEDED if column not in table]:
        raise StanceError(
            f"The table of frame_profile has no column {missing[0]!r}. Give what to_frame makes of score_frames."
        )
    scored = table[(table["role"] == "source") & table["actor"].notna() & table["p_present"].notna()]
    sets = _sets(scored["target"], frames)
    groups = scored.groupby(["target", "actor"], sort=False)
    profile = groups.agg(
        n=("p_present", "size"),
        documents=("document", "nunique"),
        present=("p_present", "mean"),
        wordings_low=("p_present_min", "mean"),
        wordings_high=("p_present_max", "mean"),
        denied=("p_denied", "mean"),
    ).reset_index(names=["frame", "actor"])
    profile = profile.assign(set=profile["frame"].map(sets), note=EXPLORATORY)
    place = {frame: i for i, frame in enumerate(sets)}
    return profile.sort_values("frame", key=lambda ids: ids.map(place), kind="stable", ignore_index=True)[
        list(_COLUMNS)
    ]


def _sets(ids: pd.Series, frames: Mapping[str, Frame] | None) -> dict[str, str]:
    """The set of each frame, sets kept together, in the order in which frames are to be shown."""
    if frames is None:
        return dict.fromkeys(ids, Frame.model_fields["set"].default)
    if unknown := [frame for frame in dict.fromkeys(ids) if frame not in frames]:
        raise StanceError(
            f"The table has the frame {unknown[0]!r}, which is not among those given ({', '.join(frames) or 'none'}). "
            "Give the frames it was scored with."
        )
    sets = list(dict.fromkeys(frame.set for frame in frames.values()))
    ordered = sorted(frames, key=lambda key: sets.index(frames[key].set))
    return {key: frames[key].set for key in ordered}
