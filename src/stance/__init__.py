"""Who stands where in news and official texts.

The nouns: a *document* is one text. An *attribution* says who (*source*) says
(*cue*) what (*content*); a *mention* is a place that names somebody. An *actor*
is a camp of the *codebook*, an *entity* one person or body in it. A *segment* is
a stretch of text tied to one actor, who speaks it or is spoken about in it; its
*voice* is whose words it is: an actor's or the narrator's. *Stance* (favor,
against, none) is toward a *target*; *sentiment* (positive, negative, neutral)
toward an actor; a *frame* is a way in which a statement presents the target
(present, denied, absent). All come as probabilities, and *net* is the first
minus the second.

>>> import stance
>>> codebook = stance.read_codebook()
>>> documents = stance.read_corpus()
>>> segments = stance.segment(documents, codebook)
"""

import lazy_loader

__version__ = "0.2.0.dev1"

# Public names are imported when they are first used, so that ``import stance`` is fast and loads no torch.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
