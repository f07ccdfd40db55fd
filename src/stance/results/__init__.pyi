"""Where each public name of this room has its home."""

from .exports import export as export
from .folder import read_folder as read_folder
from .folder import read_segments as read_segments
from .inputs import Inputs as Inputs
from .manifest import check as check
from .manifest import save as save
from .manifest import write as write
from .methods import methods_paragraph as methods_paragraph
from .report import write_report as write_report
