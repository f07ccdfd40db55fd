"""Where each public name of this room has its home."""

from .language import foreign_paragraphs as foreign_paragraphs
from .paragraphs import find_turns as find_turns
from .parsed import ParsedText as ParsedText
from .parsed import parse as parse
from .quotations import find_quotations as find_quotations
