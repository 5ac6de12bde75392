"""House rules of security that ruff does not know, read off the syntax tree: each names the lines that break it.

What ruff knows (its bandit rules, `print`, banned modules) is in pyproject.toml.
"""

import ast
import re
from collections.abc import Callable, Collection, Iterator

from hipcare.environment import BASE_DIRECTORY

SOURCES = ("hipcare", "partners", "conditions", "exercises", "triage")
# Who may open a connection to somewhere, and why. A new one is a decision, taken here.
MAY_CONNECT = {
    "partners/remote.py": "fetches the keys of clients, guarded",
    "hipcare/management/commands/serve.py": "asks the server that it has started itself",
}
# Statements that take no parameters (CREATE, GRANT, LOCK) and name what this project made: no value of a request.
MAY_PUT_SQL_TOGETHER = {
    "hipcare/database/privileges.py": "rights of roles of ours to tables of ours",
    "triage/partitions.py": "months as names and bounds",
}
_CONNECTING = {
    "http.client",
    "urllib.request",
    "requests",
    "httpx",
    "aiohttp",
    "smtplib",
    "ftplib",
    "telnetlib",
    "socket",
}
_SQL_METHODS = {"execute", "executemany", "raw"}
_LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
_LOGGERS = re.compile(r"_?(\w+_)?(log|logger|access|logging)")
# What a request and an answer are called where they are handled.
_NEVER_LOGGED = {
    *("request", "body", "data", "answer", "response", "payload", "content", "findings", "measurements", "case"),
    *("token", "secret", "password", "text", "headers", "query", "path", "reference", "META", "GET", "POST"),
}
_KNOWN_ALREADY = ("of all organisations", "whose it is must be known already")
Breach = tuple[int, str]
Rule = Callable[[ast.Module, str], Iterator[Breach]]


def sql_is_written_out(tree: ast.Module, path: str) -> Iterator[Breach]:
    """SQL is a literal or a constant of the module; what varies is a parameter."""
    if path in MAY_PUT_SQL_TOGETHER:
        return
    for call in _calls(tree, _SQL_METHODS):
        if call.args and not _is_constant(call.args[0]):
            yield call.lineno, "SQL is put together at run time"


def logs_hold_no_input(tree: ast.Module, path: str) -> Iterator[Breach]:
    """A message of the log is a literal, and nothing of a request or an answer is put into it."""
    for call in _calls(tree, _LOG_METHODS):
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        if not isinstance(owner, ast.Name) or not _LOGGERS.fullmatch(owner.id) or not call.args:
            continue
        if not isinstance(call.args[0], ast.Constant):
            yield call.lineno, "a message of the log is put together at run time"
        names = {name for argument in call.args[1:] for name in _names(argument)}
        if names & _NEVER_LOGGED:
            yield call.lineno, f"{', '.join(sorted(names & _NEVER_LOGGED))} in the log"


def tls_and_debug_stay_as_they_are(tree: ast.Module, path: str) -> Iterator[Breach]:
    """Certificates are checked and the debug mode is off, everywhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ("verify", "check_hostname") and _is(node.value, False):
            yield node.value.lineno, f"{node.arg}=False"
        elif isinstance(node, ast.Attribute) and node.attr in ("CERT_NONE", "_create_unverified_context"):
            yield node.lineno, node.attr
        elif isinstance(node, ast.Assign) and not _is(node.value, False):
            names = {_last_name(target) for target in node.targets}
            if names & {"DEBUG", "DEBUG_PROPAGATE_EXCEPTIONS"}:
                yield node.lineno, "DEBUG is not False"


def connections_are_opened_where_they_are_guarded(tree: ast.Module, path: str) -> Iterator[Breach]:
    """Nothing connects to another machine but the modules named here."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules = {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
        else:
            continue
        if modules & _CONNECTING and path not in MAY_CONNECT:
            yield node.lineno, f"imports {', '.join(sorted(modules & _CONNECTING))}"


def owned_rows(models: Collection[str]) -> Rule:
    """The rule that rows of these models are read for one organisation, and only where reading and writing belong."""

    def rows_are_read_for_their_owner(tree: ast.Module, path: str) -> Iterator[Breach]:
        layer = path.split("/", 1)[1].split("/", maxsplit=1)[0].removesuffix(".py")
        for function, node in _with_function(tree):
            if not (isinstance(node, ast.Attribute) and node.attr == "objects" and _last_name(node.value) in models):
                continue
            name = _last_name(node.value)
            if layer == "selectors" and not _is_for_somebody(function):
                yield node.lineno, f"{name} is read for whom?"
            elif layer not in ("selectors", "actions", "admin", "management", "migrations"):
                yield node.lineno, f"{name} is read outside selectors"

    return rows_are_read_for_their_owner


def without_empty_query_sets(source: str) -> str:
    """The source without `Model.objects.none()`, which reads nothing."""
    return source.replace(".objects.none()", "")


def suppressions_without_reason(source: str) -> Iterator[Breach]:
    """Where a security rule of ruff is switched off and neither the line nor the comment above says why."""
    lines = source.splitlines()
    for number, line in enumerate(lines, 1):
        found = re.search(r"# noqa: *[A-Z0-9, ]*\b(?:S\d+|TID251)\b(.*)", line)
        if found and not re.search(r"\w", found[1]) and not (number > 1 and lines[number - 2].strip().startswith("#")):
            yield number, "noqa without a reason"


def sources() -> Iterator[tuple[str, str]]:
    """Path and text of every module that runs in service."""
    for folder in SOURCES:
        for file in sorted((BASE_DIRECTORY / folder).rglob("*.py")):
            yield file.relative_to(BASE_DIRECTORY).as_posix(), file.read_text(encoding="utf-8")


def _calls(tree: ast.AST, methods: Collection[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods:
            yield node


def _is_constant(node: ast.AST) -> bool:
    """A literal, the name of a constant, or text made of these alone."""
    if isinstance(node, ast.JoinedStr):
        return all(_is_constant(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _is_constant(node.value)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def _is(node: ast.AST, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _last_name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _names(node: ast.AST) -> Iterator[str]:
    """Every name in an expression, except what only its type or length is taken of."""
    if isinstance(node, ast.Call) and _last_name(node.func) in ("type", "len"):
        return
    if isinstance(node, ast.Name | ast.Attribute):
        yield _last_name(node)
    for child in ast.iter_child_nodes(node):
        yield from _names(child)


def _with_function(
    tree: ast.AST, function: ast.FunctionDef | None = None
) -> Iterator[tuple[ast.FunctionDef | None, ast.AST]]:
    """Every node with the function that it is in."""
    for child in ast.iter_child_nodes(tree):
        yield function, child
        yield from _with_function(child, child if isinstance(child, ast.FunctionDef) else function)


def _is_for_somebody(function: ast.FunctionDef | None) -> bool:
    """Whether a selector takes whom it reads for, or says why it need not."""
    if function is None:
        return False
    arguments = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
    told = " ".join((ast.get_docstring(function) or "").lower().split())
    return bool(arguments & {"organisation_id", "client_id"}) or any(words in told for words in _KNOWN_ALREADY)
