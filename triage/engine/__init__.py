"""Clinical reasoning as a pure function: `assess(case, knowledge) -> Assessment`.

Nothing here knows Django, a clock or a network. `Knowledge` is the medicine as plain rows, `compile_knowledge` turns
it into
NumPy tables once per release, and `assess` reads a case against them. The same case and release give the same answer.
"""

from triage.engine.assess import ENGINE_VERSION, assess
from triage.engine.case import Case, Options
from triage.engine.compiled import CompiledKnowledge, compile_knowledge
from triage.engine.knowledge import Knowledge

__all__ = ["ENGINE_VERSION", "Case", "CompiledKnowledge", "Knowledge", "Options", "assess", "compile_knowledge"]
