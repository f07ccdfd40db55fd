"""Where each public name of this room has its home."""

from .loading import load_model as load_model
from .measures import score_frames as score_frames
from .measures import score_sentiment as score_sentiment
from .measures import score_stance as score_stance
from .model import Model as Model
from .model import as_model as as_model
from .rows import score_rows as score_rows
