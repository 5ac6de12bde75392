"""How good the answers are: vignettes with known answers, run through the engine and scored.

Reading, running and scoring are plain Python and NumPy; only `plots` draws, with matplotlib, which is installed for
development alone. The numbers are explained where they are shown, in docs/clinical/evaluation.md.
"""
