"""How well and how fast tone is heard, beside what one would otherwise take."""
