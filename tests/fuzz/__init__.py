"""Fuzzing: whatever a file holds, it is read or refused in a sentence. ``python -m tests.fuzz --seconds 60``."""
