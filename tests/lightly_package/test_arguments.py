"""What is sent is what the classes take; and no cloud's SDK is loaded before a component of that cloud is made."""

import asyncio
import json
import subprocess
import sys
from datetime import date

import lightly_access
import pulumi
import pytest
from lightly_access import Network, S3Bucket, S3UserAccess
from lightly_access.arguments.error import ArgumentsError
from lightly_core.scrub import Scrubber
from lightly_package.arguments import Arguments
from lightly_package.constructing import Components
from pulumi.errors import InputPropertiesError
from pulumi.output import Unknown


def test_names_numbers_dates_and_tables_come_as_python_has_them() -> None:
    sent = {
        "rotateAfter": 30.0,
        "rotateAnchor": "2026-01-01",
        "listPrefixCondition": False,
        "network": {"vpcIds": ["vpc-0a1b2c3d"], "cidrs": None},
        "tags": {"costCenter": "12"},
        "permissionsBoundary": None,
    }
    assert Arguments(S3UserAccess).read("S3UserAccess a", sent) == {
        "rotate_after": 30,
        "rotate_anchor": date(2026, 1, 1),
        "list_prefix_condition": False,
        "network": Network(vpc_ids=("vpc-0a1b2c3d",)),
        "tags": {"costCenter": "12"},
    }


def test_a_wrong_table_in_an_argument_hides_no_other_fault() -> None:
    with pytest.raises(ArgumentsError) as wrong:
        Arguments(S3UserAccess).read("S3UserAccess a", {"network": {"cidrs": 5}, "rotateAfter": 0.0, "path": "a//"})
    paths = {problem.path[0] for problem in wrong.value.problems if not isinstance(problem, str)}
    assert paths == {"network", "rotate_after", "path", "store", "purpose", "dataset"}
    assert len(wrong.value.faults) == len(paths)


def test_what_is_not_known_yet_is_refused_where_documents_are_made_from_it() -> None:
    async def bucket() -> None:
        sent = {"bucket": Unknown(), "region": "eu-central-1"}  # type: ignore[no-untyped-call] # the SDK's
        args = Arguments(S3Bucket).read("S3Bucket a", sent)
        S3Bucket("a", args)  # type: ignore[arg-type] # as it came

    with pytest.raises(ArgumentsError, match="known while the program is read"):
        asyncio.run(bucket())


def test_an_argument_that_is_or_may_be_a_secret_is_named_in_words_alone() -> None:
    """The engine prints the values of the properties that it is told of."""

    async def refused() -> InputPropertiesError:
        sealed = pulumi.Output.secret("Photos")
        with pytest.raises(InputPropertiesError) as wrong:
            Components(Scrubber()).construct(
                "a", "lightly-access:aws:S3Bucket", {"bucket": sealed, "region": "nowhere", "login": "a-key"}
            )
        return wrong.value

    error = asyncio.run(refused())
    assert [each["property_path"] for each in error.errors or ()] == ["region"]
    assert "bucket: got an Output" in error.message
    assert "login: got text (not shown)" in error.message


def test_an_sdk_that_is_not_installed_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_aws", None)
    monkeypatch.delattr(lightly_access, "S3Bucket", raising=False)
    for module in [name for name in sys.modules if name.startswith("lightly_access.kinds.s3.components")]:
        monkeypatch.delitem(sys.modules, module)
    with pytest.raises(pulumi.RunError, match=r"pip install 'lightly-access\[aws\]'"):
        Components(Scrubber()).construct("a", "lightly-access:aws:S3Bucket", {})
    with pytest.raises(pulumi.RunError, match="it has lightly-access:aws:S3Bucket"):
        Components(Scrubber()).construct("a", "lightly-access:aws:Bucket", {})


def test_the_process_starts_without_any_clouds_sdk_and_has_its_schema() -> None:
    look = "import json, sys, lightly_package.server as s; s.schema(); print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", look], check=True, capture_output=True, text=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert not loaded & {"pulumi_aws", "pulumi_gcp", "pulumi_azure_native", "boto3"}
