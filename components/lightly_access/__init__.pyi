"""The public names: one import a line, read by editors and type checkers, and by `__init__.py` to load them late."""

from lightly_core.capability import Capability as Capability
from lightly_core.capability import Light as Light
from lightly_core.capability import Purpose as Purpose
from lightly_core.secret import Secret as Secret

from lightly_access.access import Access as Access
from lightly_access.dataset import LightlyDataset as LightlyDataset
from lightly_access.dataset import LightlyDatasetArgs as LightlyDatasetArgs
from lightly_access.deployment import deploy as deploy
from lightly_access.external_access import AdoptedAccess as AdoptedAccess
from lightly_access.kinds.azure.components import AzureContainer as AzureContainer
from lightly_access.kinds.azure.components import AzureContainerArgs as AzureContainerArgs
from lightly_access.kinds.azure.components import AzureSasAccess as AzureSasAccess
from lightly_access.kinds.azure.components import AzureSasAccessArgs as AzureSasAccessArgs
from lightly_access.kinds.external import AdoptedAccessArgs as AdoptedAccessArgs
from lightly_access.kinds.gcs.components import GcsBucket as GcsBucket
from lightly_access.kinds.gcs.components import GcsBucketArgs as GcsBucketArgs
from lightly_access.kinds.gcs.components import GcsServiceAccountAccess as GcsServiceAccountAccess
from lightly_access.kinds.gcs.components import GcsServiceAccountAccessArgs as GcsServiceAccountAccessArgs
from lightly_access.kinds.local.components import LocalAccess as LocalAccess
from lightly_access.kinds.local.components import LocalAccessArgs as LocalAccessArgs
from lightly_access.kinds.local.components import LocalFolders as LocalFolders
from lightly_access.kinds.obs.components import ObsAccess as ObsAccess
from lightly_access.kinds.obs.components import ObsAccessArgs as ObsAccessArgs
from lightly_access.kinds.obs.components import ObsBucket as ObsBucket
from lightly_access.kinds.s3.components import Network as Network
from lightly_access.kinds.s3.components import S3AccessArgs as S3AccessArgs
from lightly_access.kinds.s3.components import S3Bucket as S3Bucket
from lightly_access.kinds.s3.components import S3BucketArgs as S3BucketArgs
from lightly_access.kinds.s3.components import S3DelegatedAccess as S3DelegatedAccess
from lightly_access.kinds.s3.components import S3UserAccess as S3UserAccess
from lightly_access.kinds.s3.components import S3UserAccessArgs as S3UserAccessArgs
from lightly_access.manifest import Manifest as Manifest
from lightly_access.resources import Dataset as Dataset
from lightly_access.resources import Datasource as Datasource
from lightly_access.resources import ExternalId as ExternalId
from lightly_access.resources import Verification as Verification
from lightly_access.stack import deploy_stack as deploy_stack

__all__: list[str]
