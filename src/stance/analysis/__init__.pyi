"""Where each public name of this room has its home."""

from .contrasts import contrast as contrast
from .contrasts import count_roles as count_roles
from .contrasts import sentiment_matrix as sentiment_matrix
from .contrasts import summarize as summarize
from .evidence import describe as describe
from .evidence import framing_table as framing_table
from .evidence import robust_contrasts as robust_contrasts
from .evidence import strongest as strongest
from .frames import frame_profile as frame_profile
from .regression import tidy as tidy
from .sentences import by_sentence as by_sentence
from .specifications import curve as curve
from .specifications import multiverse as multiverse
from .specifications import multiverse_summary as multiverse_summary
from .specifications import varied as varied
from .tables import segments_frame as segments_frame
from .tables import to_frame as to_frame
from .tables import wordings_frame as wordings_frame
from .targets import suggest_targets as suggest_targets
from .terms import count_terms as count_terms
from .terms import distinctive_phrases as distinctive_phrases
from .terms import keyness as keyness
from .timelines import timeline as timeline
