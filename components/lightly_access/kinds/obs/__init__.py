"""S3-compatible services, such as Huawei's OBS: the keys are given."""
