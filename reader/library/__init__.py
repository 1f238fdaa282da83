"""The collection on disk: scan, index, state, watch."""
