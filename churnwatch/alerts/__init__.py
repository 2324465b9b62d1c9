"""From a belief to a person: which cases to open, what to suggest, how to say it, and how it gets there."""
