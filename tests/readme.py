"""The parts of the README and of other pages that are rendered from code.

`python -m tests.readme` writes them, a test compares them.
"""

import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from lightly_access.analysis.survey import survey
from lightly_access.analysis.terminal import show
from lightly_access.analysis.view import Placed
from lightly_access.manifest.stack_file import check_path
from lightly_core.capability import Purpose
from lightly_policies.cases_gcs import MEMBER
from lightly_policies.render_aws import aws_grant, aws_trust
from lightly_policies.render_gcs import gcs_binding, gcs_role
from lightly_policies.sas import PERMISSIONS
from rich.console import Console

from tests import audit_readme, deployer_readme, guardrails_readme, policies_readme

README = Path(__file__).parents[1] / "README.md"
_BLOCK = re.compile(r"(<!-- rendered: (?P<name>[a-z0-9-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def grants() -> str:
    """What Lightly is allowed to do, per purpose, with a KMS key, and who may become the role."""
    key = "arn:aws:kms:eu-central-1:123456789012:key/<key>".replace("<key>", "1234abcd")
    rows = ["| purpose | allowed | on | only when |", "|---|---|---|---|"]
    for purpose in ("INPUT", "LIGHTLY"):
        document = aws_grant(purpose, "acme-datalake", "projects/herd/", region="eu-central-1", kms_key_arn=key)
        rows += [_row(purpose, statement) for statement in json.loads(document)["Statement"]]
    (trust,) = json.loads(aws_trust("the-external-id"))["Statement"]
    who = _code(trust["Principal"]["AWS"])
    return "\n".join([*rows, f"| the role | {_code(trust['Action'])} | by {who} | {_conditions(trust)} |"]) + "\n"


def _row(purpose: str, statement: dict[str, object]) -> str:
    return f"| {purpose} | {_code(statement['Action'])} | {_code(statement['Resource'])} | {_conditions(statement)} |"


def _conditions(statement: dict[str, object]) -> str:
    conditions = statement.get("Condition")
    assert conditions is None or isinstance(conditions, dict)
    return "; ".join(
        f"`{key}` is {_code(values, ' or ')}" for block in (conditions or {}).values() for key, values in block.items()
    )


def _code(values: object, joint: str = ", ") -> str:
    listed = values if isinstance(values, list) else [values]
    return joint.join(f"`{value}`" for value in listed)


def clouds() -> str:
    """What a SAS and a service account are allowed to do, per purpose."""
    rows = ["| purpose | allowed | on | only when |", "|---|---|---|---|"]
    for purpose in Purpose:
        letters = ", ".join(f"`{_LETTERS[item]}` ({item})" for item in PERMISSIONS[purpose])
        rows.append(
            f"| {purpose} | {letters} | `datalake/herd/`; without a hierarchical namespace the container `datalake` | "
            "https, until the stored access policy ends or is dropped |"
        )
    for purpose in Purpose:
        role = json.loads(gcs_role(purpose))
        binding = json.loads(gcs_binding("acme-frames", "herd/", role=_ROLE, member=MEMBER))
        condition = " ".join(binding["condition"]["expression"].split()).replace("|", "\\|")
        rows.append(f"| {purpose} | {_code(role['includedPermissions'])} | `{binding['bucket']}` | `{condition}` |")
    return "\n".join(rows) + "\n"


_ROLE = "projects/acme-ml/roles/lightly"
_LETTERS = {"r": "read", "l": "list", "w": "write", "d": "delete"}


def analyze() -> str:
    """What `lightly-access analyze` shows of one datasource."""
    manifest = check_path(README.parent / "stacks" / "Pulumi.datalake.yaml").manifest
    assert manifest
    source, _ = survey(manifest, ["test-drives"])
    screen = io.StringIO()
    show(
        [Placed(source, "datalake")],
        Console(file=screen, force_terminal=True, width=110, color_system=None, legacy_windows=False, _environ={}),
    )
    shown = "\n".join(line.rstrip() for line in screen.getvalue().splitlines())
    return f"```\n{shown}\n```\n"


PARTS = {"grants": grants}
READMES = {
    README: PARTS,
    README.parent / "docs" / "what-lightly-may-do.md": {"clouds": clouds, "analyze": analyze},
    policies_readme.README: {
        **policies_readme.PARTS,
        **guardrails_readme.PARTS,
        **deployer_readme.PARTS,
        **audit_readme.PARTS,
    },
}
"""Each file with rendered parts, and what renders them."""


def rendered(text: str, parts: Mapping[str, Callable[[], str]] = PARTS) -> str:
    """The text with every rendered part made anew."""
    return _BLOCK.sub(lambda match: f"{match[1]}{parts[match['name']]()}{match[3]}", text)


if __name__ == "__main__":
    for file, its_parts in READMES.items():
        file.write_text(rendered(file.read_text(), its_parts))
