"""Keys of S3-compatible services: they are used as S3's are."""

from lightly_access.kinds.s3.probe import S3 as OBS

__all__ = ["OBS"]
