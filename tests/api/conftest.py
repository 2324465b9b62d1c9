"""The fixtures of these tests; what they are made of is in `api_world`."""

from api_world import empty_world, filled, wordless_world, world

__all__ = ["empty_world", "filled", "wordless_world", "world"]
