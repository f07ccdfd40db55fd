"""The weights of the model base of stance-suite; data alone, found by stance when it is installed."""
