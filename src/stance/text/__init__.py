"""What any text consists of: paragraphs, turns, quotations, sentences, language, spans."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
