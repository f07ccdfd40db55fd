"""Score tables become means, contrasts, timelines and key words, with intervals."""
