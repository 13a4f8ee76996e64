"""The guardrails: each rule with what keeps it and what breaks it, unknowns, exemptions, and the pack at work."""
