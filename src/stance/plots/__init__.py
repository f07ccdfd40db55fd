"""Table → Figure. Reads and writes nothing; labels and colours come from the codebook."""

from stance.plots.article import plot_matrix, plot_ribbon, plot_roles
from stance.plots.framings import plot_frames, plot_framings
from stance.plots.looks import NARROW, OKABE_ITO, WIDE, alt_text, canvas, colours, style
from stance.plots.scores import plot_contrast, plot_stance
from stance.plots.timeline import plot_timeline

__all__ = [
    "NARROW", "OKABE_ITO", "WIDE", "alt_text", "canvas", "colours", "plot_contrast", "plot_frames", "plot_framings",
    "plot_matrix", "plot_ribbon", "plot_roles", "plot_stance", "plot_timeline", "style",
]  # fmt: skip
