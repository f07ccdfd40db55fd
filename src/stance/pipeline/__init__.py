"""Whole jobs: one study, or a corpus shard by shard."""
