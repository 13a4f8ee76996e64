"""The audit fails for what is not explained, for what is explained and gone, and its defects are real ones."""

import copy
from collections.abc import Iterable

from tests.audit import arm, controls, terraform
from tests.audit.accepted import ACCEPTED, Finding, problems
from tests.audit.deployed import Made

NEW = Finding("CKV_AWS_20", "aws_s3_bucket")


def test_what_is_explained_is_no_problem() -> None:
    assert list(problems(ACCEPTED.keys())) == []


def test_a_new_finding_and_a_stale_explanation_are_problems() -> None:
    (new,) = problems({*ACCEPTED, NEW})
    assert new.startswith("CKV_AWS_20 on aws_s3_bucket: found and not explained")
    (stale,) = problems(ACCEPTED.keys() - {min(ACCEPTED)})
    assert stale.startswith(f"{min(ACCEPTED).check} on")
    assert "not found any more" in stale


def test_every_control_changes_the_form_and_leaves_the_original() -> None:
    plan = terraform.plan(Made(kind, name, {"bucket": "acme"}, {}) for name, kind in enumerate_names(terraform.TYPES))
    template = arm.template(
        Made(kind, name, {"accountName": "a", "blobServicesName": "default", "containerName": "c"}, {})
        for name, kind in enumerate_names(arm.TYPES)
    )
    for form, defects in ((plan, controls.TERRAFORM), (template, controls.ARM)):
        before = copy.deepcopy(form)
        for finding, spoil in defects.items():
            assert finding not in ACCEPTED
            assert controls.spoiled(form, [spoil]) != before, finding
        assert form == before


def enumerate_names(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """A resource name for each type."""
    return [(f"it-{number}", kind) for number, kind in enumerate(kinds)]
