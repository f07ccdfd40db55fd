"""How far to trust it: people's labels, gold, calibration, names."""
