"""Where each public name of this room has its home."""

from .batch import run_batch as run_batch
from .shard import Job as Job
from .study import analyse as analyse
from .study import figures as figures
from .study import run as run
from .study import speaking_actors as speaking_actors
from .study_file import Study as Study
from .study_file import read_study as read_study
