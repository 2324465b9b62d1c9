"""Tone: which cues stand in a message and where, and how likely it is irritated or warm, in Russian and English.

`SHIPPED` reads as churnwatch comes; a firm's own `Reader` adds or mutes phrases and carries its own calibration.
"""

from churnwatch.model.tone.reader import SHIPPED, Correction, Phrase, Reader
from churnwatch.model.tone.scorer import Scores

__all__ = ["SHIPPED", "Correction", "Phrase", "Reader", "Scores"]
