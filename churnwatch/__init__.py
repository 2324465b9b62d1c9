"""churnwatch: early warning for client relations, from the firm's own correspondence."""

__version__ = "0.1.0"
