import subprocess
import sys

import lightly_access


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
    ]
    assert all(getattr(lightly_access, name) for name in lightly_access.__all__)


def test_importing_the_package_imports_no_sdk() -> None:
    sdks = {"pulumi", "boto3", "azure", "google", "pydantic"}
    asked = f"import sys, lightly_access; print(sorted({sdks} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
