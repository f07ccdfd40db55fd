"""Where each public name of this room has its home."""

from .audit import audit_names as audit_names
from .calibration import calibration_error as calibration_error
from .calibration import fit_calibration as fit_calibration
from .calibration import reliability as reliability
from .estimates import corrected_estimates as corrected_estimates
from .evaluation import evaluate as evaluate
from .evaluation import predictor as predictor
from .evaluation import read_sets as read_sets
from .gold import read_gold as read_gold
from .gold import score_attributions as score_attributions
from .intercoder import agreement as agreement
from .intercoder import confusion as confusion
from .label_errors import accuracy as accuracy
from .label_errors import differential_error as differential_error
from .labels import read_labels as read_labels
from .references import reference as reference
from .sampling import sample as sample
from .sheets import sheet as sheet
from .sheets import write_sheet as write_sheet
from .statuses import read_statuses as read_statuses
from .statuses import status_confusion as status_confusion
