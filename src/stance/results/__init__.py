"""What a study leaves behind: a folder, its manifest, tables for papers, a page."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
