"""`python -m clients`: make the Python and the TypeScript client."""

import sys

from clients import generation


def main() -> None:
    """Both, from docs/openapi.yaml."""
    try:
        for make in (generation.make_python, generation.make_typescript):
            sys.stdout.write(f"{make()}\n")
    except generation.ClientProblem as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
