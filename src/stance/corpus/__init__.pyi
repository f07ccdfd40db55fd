"""Where each public name of this room has its home."""

from .documents import Rejected as Rejected
from .documents import read_corpus as read_corpus
from .documents import stream_corpus as stream_corpus
from .duplicates import near_duplicates as near_duplicates
from .frames import documents_from_frame as documents_from_frame
from .rows import csv_bytes as csv_bytes
from .rows import read_rows as read_rows
from .rows import rows_text as rows_text
