"""Where each public name has its home: what ``import stance`` offers, and type checkers read."""

from .analysis.contrasts import contrast as contrast
from .analysis.contrasts import count_roles as count_roles
from .analysis.contrasts import matrix as matrix
from .analysis.contrasts import summarize as summarize
from .analysis.evidence import clear as clear
from .analysis.evidence import describe as describe
from .analysis.evidence import framing_table as framing_table
from .analysis.evidence import strongest as strongest
from .analysis.frames import frame_profile as frame_profile
from .analysis.sentences import by_sentence as by_sentence
from .analysis.tables import segments_frame as segments_frame
from .analysis.tables import to_frame as to_frame
from .analysis.terms import count_terms as count_terms
from .analysis.terms import distinctive_phrases as distinctive_phrases
from .analysis.terms import keyness as keyness
from .analysis.timelines import timeline as timeline
from .attribution.segments import segment as segment
from .codebook import Codebook as Codebook
from .codebook import read_codebook as read_codebook
from .corpus.documents import Rejected as Rejected
from .corpus.documents import read_corpus as read_corpus
from .corpus.documents import stream_corpus as stream_corpus
from .corpus.duplicates import near_duplicates as near_duplicates
from .pipeline.study import analyse as analyse
from .pipeline.study import run as run
from .pipeline.study import speakers as speakers
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
from .plots.diagnostics import plot_audit as plot_audit
from .plots.diagnostics import plot_draws as plot_draws
from .plots.diagnostics import plot_reliability as plot_reliability
from .plots.highlights import highlight as highlight
from .results.exports import export as export
from .results.inputs import Inputs as Inputs
from .results.manifest import check as check
from .results.manifest import save as save
from .results.methods import methods_paragraph as methods_paragraph
from .results.report import write_report as write_report
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
from .scoring.measures import score_frames as score_frames
from .scoring.measures import score_sentiment as score_sentiment
from .scoring.measures import score_stance as score_stance
from .scoring.models import load_model as load_model
from .scoring.rows import score_rows as score_rows
from .validation.audit import audit_names as audit_names
from .validation.estimates import corrected as corrected
from .validation.evaluation import evaluate as evaluate
from .validation.evaluation import predictor as predictor
from .validation.evaluation import read_sets as read_sets
from .validation.intercoder import agreement as agreement
from .validation.intercoder import confusion as confusion
from .validation.label_errors import accuracy as accuracy
from .validation.label_errors import differential_error as differential_error
from .validation.labels import read_labels as read_labels
from .validation.references import reference as reference
from .validation.sampling import sample as sample
from .validation.sheets import sheet as sheet
from .validation.sheets import write_sheet as write_sheet

__version__: str
