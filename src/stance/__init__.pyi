"""Where each public name has its home: what ``import stance`` offers, and type checkers read."""

from .analysis import analyse as analyse
from .analysis import run as run
from .analysis import speakers as speakers
from .audit import audit_names as audit_names
from .codebook import Codebook as Codebook
from .codebook import read_codebook as read_codebook
from .contrasts import contrast as contrast
from .contrasts import count_roles as count_roles
from .contrasts import matrix as matrix
from .contrasts import summarize as summarize
from .corpus import Rejected as Rejected
from .corpus import read_corpus as read_corpus
from .corpus import stream_corpus as stream_corpus
from .diagnostics import plot_audit as plot_audit
from .diagnostics import plot_draws as plot_draws
from .diagnostics import plot_reliability as plot_reliability
from .duplicates import near_duplicates as near_duplicates
from .estimates import corrected as corrected
from .evaluation import evaluate as evaluate
from .evaluation import predictor as predictor
from .evaluation import read_sets as read_sets
from .evidence import clear as clear
from .evidence import describe as describe
from .evidence import framing_table as framing_table
from .evidence import strongest as strongest
from .exports import export as export
from .frames import frame_profile as frame_profile
from .highlights import highlight as highlight
from .intercoder import agreement as agreement
from .intercoder import confusion as confusion
from .labels import read_labels as read_labels
from .measures import score_frames as score_frames
from .measures import score_sentiment as score_sentiment
from .measures import score_stance as score_stance
from .methods import methods_paragraph as methods_paragraph
from .models import load_model as load_model
from .plots import (
    alt_text as alt_text,
)
from .plots import (
    plot_contrast as plot_contrast,
)
from .plots import (
    plot_frames as plot_frames,
)
from .plots import (
    plot_framings as plot_framings,
)
from .plots import (
    plot_matrix as plot_matrix,
)
from .plots import (
    plot_ribbon as plot_ribbon,
)
from .plots import (
    plot_roles as plot_roles,
)
from .plots import (
    plot_stance as plot_stance,
)
from .plots import (
    plot_timeline as plot_timeline,
)
from .references import reference as reference
from .report import write_report as write_report
from .results import Inputs as Inputs
from .results import check as check
from .results import save as save
from .rows import score_rows as score_rows
from .sampling import sample as sample
from .schema import (
    Attribution as Attribution,
)
from .schema import (
    Document as Document,
)
from .schema import (
    Mention as Mention,
)
from .schema import (
    Score as Score,
)
from .schema import (
    Segment as Segment,
)
from .schema import (
    Span as Span,
)
from .schema import (
    StanceError as StanceError,
)
from .segments import segment as segment
from .sheets import sheet as sheet
from .sheets import write_sheet as write_sheet
from .tables import by_sentence as by_sentence
from .tables import segments_frame as segments_frame
from .tables import to_frame as to_frame
from .terms import count_terms as count_terms
from .terms import distinctive_phrases as distinctive_phrases
from .terms import keyness as keyness
from .timelines import timeline as timeline
from .validation import accuracy as accuracy
from .validation import differential_error as differential_error

__version__: str
