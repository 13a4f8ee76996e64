"""What a killed run left: what Pulumi had begun and never heard the end of, found again, taken over, or removed."""
