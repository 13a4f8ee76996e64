"""What holds the data of a store that we make: a bucket's name, project and location are for good.

https://www.pulumi.com/registry/packages/gcp/api-docs/storage/bucket/
"""

from lightly_access.kinds.holders import Holder, output

HOLDERS = (
    Holder(
        "gcp:storage/bucket:Bucket",
        "bucket",
        {"bucket": output("name"), "project": output("project"), "location": output("location")},
    ),
)
