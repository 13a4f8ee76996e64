"""S3-compatible services, such as Huawei's OBS: somebody else makes the keys."""
