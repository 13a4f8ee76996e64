"""The version of everything that is made here: the distribution, the provider, its schema and the policy pack."""

from typing import Final

VERSION: Final = "0.1.0"
