"""The catalogues of translations: what is in them, how they are kept current, and what a translation must keep."""
