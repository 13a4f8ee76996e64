"""What holds the data of a store that we make: a bucket's name and region are for good.

https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/
"""

from lightly_access.kinds.holders import Holder, output

HOLDERS = (Holder("aws:s3/bucket:Bucket", "bucket", {"bucket": output("bucket"), "region": output("region")}),)
