"""Where each public name of this room has its home."""

from .corrections import read_corrections as read_corrections
from .corrections import review_csv as review_csv
from .segments import SegmentationWarning as SegmentationWarning
from .segments import Segmenter as Segmenter
from .segments import segment as segment
