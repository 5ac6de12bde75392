"""hipcare: an open clinical decision-support API for hip pain."""

__version__ = "0.1.0"
