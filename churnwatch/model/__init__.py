"""From a matrix of signals to a calibrated, explained probability. Sees columns and names, never a message (but for `tone`)."""
