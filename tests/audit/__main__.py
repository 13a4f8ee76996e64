"""`python -m tests.audit CHECKOV`: deploy locally, convert, let checkov check, and compare with what is explained."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.audit import arm, controls, terraform
from tests.audit.accepted import ACCEPTED, Finding, problems
from tests.audit.deployed import NotDeployedError, deployed


class NoVerdictError(RuntimeError):
    """checkov did not check."""


def checked(checkov: str, framework: str, form: Mapping[str, Any], folder: Path) -> tuple[int, set[Finding]]:
    """How many checks passed, and which failed on resources of which type. Raises NoVerdictError."""
    file = folder / f"{framework}.json"
    file.write_text(json.dumps(form))
    # --skip-download: checkov would ask its makers' service otherwise
    command = [checkov, "-f", str(file), "--framework", framework, "--skip-download", "--quiet", "-o", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    try:
        report = json.loads(done.stdout)
        failed, summary = report["results"]["failed_checks"], report["summary"]
    except (ValueError, KeyError, TypeError) as error:
        raise NoVerdictError(
            f"checkov {framework} ended with {done.returncode}: {done.stderr.strip()[-500:]}"
        ) from error
    if summary["parsing_errors"] or not summary["resource_count"]:
        raise NoVerdictError(f"checkov {framework} read {summary['resource_count']} resources: {summary}")
    return summary["passed"], {Finding(item["check_id"], item["resource"].rpartition(".")[0]) for item in failed}


def main() -> int:
    """The exit code: 0 when every finding is explained and every control is found."""
    checkov, *_ = sys.argv[1:]
    checkov = str(Path(checkov).absolute())
    resources = deployed()
    found: set[Finding] = set()
    told: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        forms: tuple[tuple[str, dict[str, Any], dict[Finding, Callable[[dict[str, Any]], None]]], ...] = (
            ("terraform_plan", terraform.plan(resources), controls.TERRAFORM),
            ("arm", arm.template(resources), controls.ARM),
        )
        for framework, form, defects in forms:
            passed, failed = checked(checkov, framework, form, folder)
            found |= failed
            sys.stdout.write(f"{framework}: {passed} checks passed, {len(failed)} kinds of findings\n")
            _, bad = checked(checkov, framework, controls.spoiled(form, defects.values()), folder)
            told += [
                f"{finding.check} on {finding.type}: put in and not found" for finding in sorted(defects.keys() - bad)
            ]
    told += problems(found)
    for line in told:
        sys.stdout.write(f"problem: {line}\n")
    sys.stdout.write(f"{len(ACCEPTED)} findings are explained in policies/README.md\n" if not told else "")
    return 1 if told else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (NotDeployedError, NoVerdictError) as error:
        sys.exit(f"audit: {error}")
