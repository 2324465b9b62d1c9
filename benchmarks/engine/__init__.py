"""The signal engine against its peers: one generated history, one subset of features, time and peak memory of each."""
