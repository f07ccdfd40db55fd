"""Where each public name of this room has its home."""

from .article import plot_matrix as plot_matrix
from .article import plot_ribbon as plot_ribbon
from .article import plot_roles as plot_roles
from .choices import plot_multiverse as plot_multiverse
from .diagnostics import plot_audit as plot_audit
from .diagnostics import plot_draws as plot_draws
from .diagnostics import plot_reliability as plot_reliability
from .diagnostics import plot_speed as plot_speed
from .framings import plot_frames as plot_frames
from .framings import plot_framings as plot_framings
from .highlights import highlight as highlight
from .looks import NARROW as NARROW
from .looks import WIDE as WIDE
from .looks import alt_text as alt_text
from .looks import colours as colours
from .looks import style as style
from .scores import plot_contrast as plot_contrast
from .scores import plot_stance as plot_stance
from .timeline import plot_timeline as plot_timeline
