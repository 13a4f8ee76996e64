import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import assert_type

import lightly_access
from lightly_access.kinds.s3.components import S3Bucket
from lightly_core.capability import Purpose


def test_the_public_names_are_these_and_each_can_be_had() -> None:
    assert lightly_access.__all__ == [
        "Access",
        "AdoptedAccess",
        "AdoptedAccessArgs",
        "AzureContainer",
        "AzureContainerArgs",
        "AzureSasAccess",
        "AzureSasAccessArgs",
        "Capability",
        "Dataset",
        "Datasource",
        "ExternalId",
        "GcsBucket",
        "GcsBucketArgs",
        "GcsServiceAccountAccess",
        "GcsServiceAccountAccessArgs",
        "Light",
        "LightlyDataset",
        "LightlyDatasetArgs",
        "LocalAccess",
        "LocalAccessArgs",
        "LocalFolders",
        "Manifest",
        "Network",
        "ObsAccess",
        "ObsAccessArgs",
        "ObsBucket",
        "Purpose",
        "S3AccessArgs",
        "S3Bucket",
        "S3BucketArgs",
        "S3DelegatedAccess",
        "S3UserAccess",
        "S3UserAccessArgs",
        "Secret",
        "Verification",
        "deploy",
        "deploy_stack",
    ]
    assert all(getattr(lightly_access, name) for name in lightly_access.__all__)


def test_no_public_name_is_a_modules_which_python_puts_in_its_place_when_that_is_imported() -> None:
    modules = {module.name for module in pkgutil.iter_modules(lightly_access.__path__)}
    assert not modules & {*lightly_access.__all__}


def test_importing_the_package_imports_no_sdk() -> None:
    sdks = {"pulumi", "boto3", "azure", "google", "pydantic"}
    asked = f"import sys, lightly_access; print(sorted({sdks} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_line_of_the_stub_is_one_public_name() -> None:
    lines = (Path(lightly_access.__file__).parent / "__init__.pyi").read_text().splitlines()
    assert len([line for line in lines if line.startswith("from ")]) == len(lightly_access.__all__)


def test_a_type_checker_a_console_and_help_know_the_names() -> None:
    assert_type(lightly_access.S3Bucket, type[S3Bucket])  # mypy: with __getattr__ alone it would be an object
    assert_type(lightly_access.Purpose("INPUT"), Purpose)
    assert set(lightly_access.__all__) <= set(dir(lightly_access))
    assert "args" in inspect.signature(lightly_access.S3Bucket).parameters
