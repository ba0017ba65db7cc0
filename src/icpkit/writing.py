"""What is written for spreadsheets, and files that are written whole."""

import errno
import os
import stat
from pathlib import Path

#: What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def harmless(cell: object) -> object:
    """Keep a spreadsheet from running a text as a formula; numbers stay as they are.

    >>> harmless("=1+1"), harmless(-5)
    ("'=1+1", -5)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def write_whole(path: "str | os.PathLike[str]", data: bytes) -> None:
    """Write a file as a whole or not at all: a failure leaves the old one as it was, and nothing beside it.

    The permissions of a file that is there are kept, and a link stays one. What is no file, such as ``/dev/stdout``,
    is written to as it is.

    Raises:
        OSError: for a path that cannot be written; its ``filename`` is the path.
    """
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        Path(path).write_bytes(data)
        return
    target = Path(os.path.realpath(path))
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
    beside = target.with_name(f".icpkit-{os.urandom(6).hex()}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            beside.chmod(stat.S_IMODE(mode))
        beside.replace(target)
    except BaseException as error:
        beside.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename, error.filename2 = os.fspath(path), None
        raise
