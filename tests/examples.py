"""How many examples hypothesis tries, as a share of the profile that tests/conftest.py loads."""

from hypothesis import settings


def examples(share: float) -> settings:
    """More where a mistake costs most and an example costs little, fewer where an example is a deployment."""
    return settings(max_examples=max(1, round(settings().max_examples * share)))
