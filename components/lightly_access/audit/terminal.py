"""What was found, for people: findings by severity, what could not be read, and the two ways to adopt it."""

import json
import shlex
from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from lightly_access.audit.finding import Finding, Severity
from lightly_access.audit.survey import Discovery

_STYLES = {Severity.CRITICAL: "bold red", Severity.HIGH: "red", Severity.MEDIUM: "yellow", Severity.LOW: "dim"}
_SHOWN = 3
Line = tuple[int, str, str]
"""Indentation, text, style."""


def show(found: Discovery, console: Console, import_path: str = "") -> None:
    """Print it. `import_path`: where the import file was written; without it the file itself is shown."""
    for indent, text, style in lines(found, import_path):
        if console.is_terminal:
            console.print(Padding(Text(text, style=style), (0, 0, 0, indent), expand=False))
        else:
            console.out(f"{' ' * indent}{text}", highlight=False)


def lines(found: Discovery, import_path: str = "") -> Iterator[Line]:
    """The same as lines, fit for a log."""
    known = found.known
    yield 0, f"{known.name}: {known.type}, {known.id} at Lightly", "bold"
    for purpose, source in known.datasources.items():
        yield 2, f"{purpose:8}{source.path}  {source.access}{' ' if source.identity else ''}{source.identity}", ""
    yield 0, "", ""
    for each in found.findings:
        yield from _finding(each)
    if found.unreadable:
        yield 0, "not read, so that nothing is said about it:", "bold yellow"
    for missing in found.unreadable:
        needs = f"; needs {missing.needs}" if missing.needs else ""
        yield 2, f"? {missing.purpose} {missing.what}: {missing.reason}{needs}", "yellow"
    yield 0, summary(found), "bold" if found.ok else "bold red"
    yield 0, "", ""
    if not known.datasources:
        yield 0, "there is nothing to adopt: declare its datasources in the manifest, with `adopt: true`", "bold"
        return
    yield from _untouched(found)
    yield from _taken_over(found, import_path)


def summary(found: Discovery) -> str:
    """One sentence about the whole."""
    counts = Counter(finding.severity for finding in found.findings)
    said = [f"{counts[severity]} {severity}" for severity in Severity if counts[severity]]
    if found.unreadable:
        said.append(f"{len(found.unreadable)} not read")
    return ", ".join(said) if said else "nothing is too wide, too weak or missing"


def _finding(finding: Finding) -> Iterator[Line]:
    purpose = f"{finding.purpose}: " if finding.purpose else ""
    yield 0, f"{finding.severity.upper():9}{purpose}{finding.what} [{finding.rule}]", _STYLES[finding.severity]
    yield 9, f"where  {finding.where}", ""
    yield 9, f"why    {finding.why}", ""
    if finding.tried:
        more = f"; and {len(finding.tried) - _SHOWN} more" if len(finding.tried) > _SHOWN else ""
        yield 9, f"tried  {'; '.join(finding.tried[:_SHOWN])}{more}", "dim"
    yield 9, f"fix    {finding.fix}", "cyan"
    yield 0, "", ""


def _untouched(found: Discovery) -> Iterator[Line]:
    yield 0, "to adopt it as it is, registered and verified and never touched, in stacks/Pulumi.<stack>.yaml:", "bold"
    for line in ("config:", *found.lines.text.splitlines()):
        yield 2, line, ""
    for key, what in found.lines.secrets.items():
        yield 2, f"pulumi config set --secret {key}    # {what}", "cyan"
    yield 0, "", ""


def _taken_over(found: Discovery, import_path: str) -> Iterator[Line]:
    title = "to have it replaced by one of least privilege, that is rotated: the same lines with"
    yield (
        0,
        f"{title} `replace_registered: true`, without role_arn, external_id, access_key_id and secret; then",
        "bold",
    )
    for purpose, reason in found.not_imported:
        yield 2, f"# {purpose}: nothing of it is imported, {reason}", "dim"
    if found.import_file is not None:
        path = shlex.quote(import_path or "import.json")
        yield 2, f"pulumi import --file {path} --generate-code=false", "cyan"
        if not import_path:
            yield 2, "# import.json, which --import-file writes:", "dim"
            for line in json.dumps(found.import_file, indent=2).splitlines():
                yield 2, line, "dim"
    yield 2, "pulumi preview --diff", "cyan"
    yield 2, "pulumi up", "cyan"
    yield (
        2,
        "# makes the new one, registers and verifies it, and deletes at its end the old one that was imported",
        "dim",
    )
