"""Who says what, and who is spoken about: documents become segments."""
