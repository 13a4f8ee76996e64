"""Runs a Pulumi program or a provider plugin in a child process. Started by `children.py`, by its path.

The parent writes one line of JSON to standard input, what to run, and keeps that pipe open: when it closes, the
parent is gone and this process ends at once. So neither configuration nor passphrase is in an argument or in the
environment.
"""

import asyncio
import json
import logging
import os
import runpy
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

SHOWN = 32  # the exit code of a program whose error was reported to the engine already; Pulumi's hosts use the same


def main(learned: int | None = None) -> NoReturn:
    """Read what to run, and run it. On the pipe `learned` a program says which modules it has imported."""
    order: dict[str, Any] = json.loads(read_line())
    end_with_parent()
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    order["learned"] = learned
    code = run_plugin(order) if order["role"] == "plugin" else run_program(order)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def read_line() -> bytes:
    """The order; nothing behind it is taken from the pipe."""
    line = b""
    while not line.endswith(b"\n"):
        part = os.read(0, 1 << 16)
        if not part:
            os._exit(1)
        line += part
    return line


def end_with_parent() -> None:
    """Watch the pipe from the parent; what runs here gets an empty standard input."""
    lifeline = os.dup(0)
    os.set_inheritable(lifeline, False)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def watch() -> None:
        while os.read(lifeline, 1024):
            pass
        os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


def run_plugin(order: dict[str, Any]) -> int:
    """As `python <folder> <engine address>` would."""
    sys.argv = [order["path"], *order["arguments"]]
    try:
        runpy.run_path(order["path"], run_name="__main__")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else (0 if end.code is None else 1)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def run_program(order: dict[str, Any]) -> int:
    """As Pulumi's Python language host would: the program's folder or file, inside a stack resource."""
    import pulumi
    import pulumi.runtime
    from pulumi.runtime import settings

    pulumi.runtime.set_all_config(order["config"], order["secret_keys"])
    settings.configure(
        settings.Settings(
            project=order["project"],
            stack=order["stack"],
            monitor=order["address"],
            engine=order["address"],
            parallel=order["parallel"],
            dry_run=order["preview"],
            organization="organization",
            root_directory=order["root"],
        )
    )
    sys.argv = [order["path"]]
    # the programming model leaves futures unobserved when a run fails; asyncio would complain about each of them
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(ThreadPoolExecutor(max_workers=max(order["parallel"], 1) * 4))

    def program() -> None:
        runpy.run_path(order["path"], run_name="__main__")
        if order["learned"] is not None:
            os.write(order["learned"], json.dumps(installed_modules()).encode() + b"\n")

    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(program))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return 1
    except (Exception, SystemExit) as error:
        if isinstance(error, SystemExit) and error.code in (0, None):
            return 0
        pulumi.log.error("Program failed with an unhandled exception:\n" + users_trace(order["path"]))
        return SHOWN
    return 0


def installed_modules() -> list[str]:
    """The modules that came from installed packages: the project's own may change between two runs."""
    found = [name for name, module in sys.modules.items() if "site-packages" in (getattr(module, "__file__", "") or "")]
    return [name for name in found if not name.startswith("__")]


def users_trace(path: str) -> str:
    """The current exception's trace from the program's own first line on; without one, only what is not machinery."""
    kind, error, trace = sys.exc_info()
    frames = traceback.extract_tb(trace)
    program = os.path.join(path, "__main__.py") if os.path.isdir(path) else path
    for at, frame in enumerate(frames):
        if os.path.abspath(frame.filename) == os.path.abspath(program):
            return traceback.format_exc(limit=-(len(frames) - at))
    machinery = (
        __file__,
        os.path.dirname(asyncio.__file__),
        "<frozen",
        os.path.dirname(sys.modules["pulumi"].__file__ or ""),
    )
    kept = [frame for frame in frames if not frame.filename.startswith(machinery)]
    lines = ["Traceback (most recent call last):\n", *traceback.format_list(kept)] if kept else []
    return "".join([*lines, *traceback.format_exception_only(kind, error)])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        runpy.run_path(os.path.join(os.path.dirname(__file__), "nursery.py"))["serve"](int(sys.argv[1]), main)
    main()
