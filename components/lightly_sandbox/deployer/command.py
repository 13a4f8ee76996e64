"""Pulumi's command line as a rehearsal runs it: with none of the user's logins, and ended when the rehearsal is.

The class of the Automation API that this one replaces hands the whole environment on, and leaves a command to itself
when it is interrupted.
"""

import contextlib
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from lightly_core.secret import Secret
from pulumi.automation import CommandResult, OnOutput, PulumiCommand
from pulumi.automation.errors import create_command_error

ATTACH: Final = "PULUMI_DEBUG_PROVIDERS"
"""Pulumi's name for the providers that run already, and their ports."""
_GRACE_SECONDS: Final = 10.0
_LAST_WORDS: Final = 4000
"""Characters: below its table of steps Pulumi says what went wrong."""
_HEAP: Final = "400"
"""Percent of live memory that Go lets pile up before it looks for garbage (https://go.dev/doc/gc-guide#GOGC; its own
default is 100): a run of a minute needs a tenth less of the processor's time for some more memory."""
_LOGINS: Final = re.compile(r"(AWS|AZURE|ARM|GOOGLE|GCLOUD|CLOUDSDK|LIGHTLY|MSI|IDENTITY|PULUMI)_\w+")


def without_logins(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment without the user's logins to clouds and Lightly, and settings of Pulumi."""
    return {name: value for name, value in environ.items() if not _LOGINS.fullmatch(name)}


@contextlib.contextmanager
def _readable(secret: Secret) -> Iterator[int]:
    """A descriptor of a file without a name that holds it: it is in no environment and in no folder."""
    with tempfile.TemporaryFile() as file:
        file.write(secret.reveal().encode())
        file.flush()
        file.seek(0)
        yield file.fileno()


class Command(PulumiCommand):
    """Runs one Pulumi at a time."""

    def __init__(self, executable: Path, version: str, passphrase: Secret) -> None:
        self.command, self._passphrase = str(executable), passphrase
        self.version = cast(Any, version)  # of which nothing is asked but its text
        self.said = ""
        """What the last command that failed told its user: its last words, and what it wrote to standard error."""
        self._running: subprocess.Popen[str] | None = None
        self._environment = without_logins(os.environ)

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: OnOutput | None = None,
        on_error: OnOutput | None = None,
    ) -> CommandResult:
        """Run it to its end, or, when this process is interrupted, to an end that leaves nothing behind."""
        with (
            _readable(self._passphrase) as passphrase,
            subprocess.Popen(  # noqa: S603 - Pulumi, as it was found
                [self.command, "--non-interactive", *args],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=cwd,
                env={
                    "GOGC": _HEAP,
                    **self._environment,
                    **additional_env,
                    "PULUMI_AUTOMATION_API": "true",
                    "PULUMI_CONFIG_PASSPHRASE_FILE": f"/dev/fd/{passphrase}",
                },
                pass_fds=(passphrase,),
                start_new_session=True,  # a Ctrl-C goes to us: we tell it, and wait for what is on its way
            ) as self._running,
        ):
            try:
                out, err = self._running.communicate()
            except BaseException:
                self._end(self._running)
                raise
        done = CommandResult(out, err, self._running.returncode)
        if done.code:
            self.said = f"{out.strip()[-_LAST_WORDS:]}\n{err.strip()}".strip()
            raise create_command_error(done)
        return done

    def kill(self) -> None:
        """End it as a crash does: nothing is written, nothing is waited for."""
        if self._running and self._running.poll() is None:
            os.killpg(self._running.pid, signal.SIGKILL)

    def _end(self, process: "subprocess.Popen[str]") -> None:
        """Ask it to cancel, which lets the steps that are on their way end; then insist."""
        try:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=_GRACE_SECONDS)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
