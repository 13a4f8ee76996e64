"""`lightly:index:Datasource`."""

from lightly_core.resource_types.resource_type import FLAG, TEXT, Property, ResourceType

DATASOURCE = ResourceType(
    "lightly:index:Datasource",
    "A store registered with a dataset for one purpose. Lightly has no call that removes one: on destroy it stays.",
    inputs=(
        Property(
            "datasetId",
            TEXT,
            "Lightly's id of the dataset: 24 characters of 0-9 and a-f.",
            required=True,
            replaces=True,
        ),
        Property(
            "purpose",
            TEXT,
            "INPUT (Lightly lists and reads) or LIGHTLY (it also writes its results there).",
            required=True,
            replaces=True,
        ),
        Property(
            "kind",
            TEXT,
            "The kind of store: s3, azure, gcs, obs for any S3-compatible service, or local for folders of the worker.",
            required=True,
        ),
        Property(
            "access",
            TEXT,
            "How Lightly gets in: delegated (a role and an external ID), user (the access key of a "
            "user), sas (a SAS token, of azure), service_account (its key, of gcs), key (an external key, of "
            "obs) or mount (of local).",
            required=True,
        ),
        Property(
            "path",
            TEXT,
            "The directory: s3://bucket/directory/, azure://account/container/directory/, "
            "gs://bucket/directory/, obs://bucket/directory/, local://input_mount/directory/ or "
            "local://lightly_mount/directory/. It must exist.",
            required=True,
        ),
        Property("region", TEXT, "s3: the bucket's region, one of those that Lightly's API lists."),
        Property("roleArn", TEXT, "Delegated access: the ARN of the role that Lightly assumes.", guarded=True),
        Property("externalId", TEXT, "Delegated access: the external ID in the role's trust policy.", secret=True),
        Property("accessKeyId", TEXT, "User access and external keys: the id of the access key.", guarded=True),
        Property("secretAccessKey", TEXT, "User access and external keys: the secret of the access key.", secret=True),
        Property("kmsKeyArn", TEXT, "The KMS key with which Lightly shall encrypt what it writes."),
        Property("endpoint", TEXT, "obs: the URL of the S3-compatible service, without the bucket."),
        Property(
            "webServer",
            TEXT,
            "local: where the mounts are served to Lightly's web application, such as http://localhost:3456.",
        ),
        Property(
            "sasToken",
            TEXT,
            "azure: a service SAS or user delegation SAS of the container or directory, with or without "
            "the `?` at its start.",
            secret=True,
        ),
        Property("projectId", TEXT, "gcs: the id of the bucket's project."),
        Property("credentials", TEXT, "gcs: the key file of the service account, as JSON text.", secret=True),
        Property("given", FLAG, "Whether somebody else made the credential: it then still works after destroy."),
        Property(
            "replaceRegistered",
            FLAG,
            "Register it also where another one is registered that the state does not know: its secret is then lost.",
        ),
    ),
)
