"""A bundle for an organisation where somebody else decides on access: what is asked, why, and how to make it."""

from lightly_access.handoff.bundle import Bundle, bundle

__all__ = ["Bundle", "bundle"]
