"""A bundle for an organisation where somebody else decides on access: what is asked, why, and how to make it."""
