"""What all tests share: the cast (`import builders`) and how much hypothesis may do."""

from hypothesis import settings

# Derandomised: a change is judged by the same examples everywhere; no example is timed on a busy machine.
settings.register_profile("suite", deadline=None, max_examples=40, derandomize=True)
settings.load_profile("suite")
