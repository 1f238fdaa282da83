"""The collection on disk: scan, index, queries, state, watch; edits of its files; git."""
