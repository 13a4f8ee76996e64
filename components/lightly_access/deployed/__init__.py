"""What is deployed, as an exported state has it, and what the manifest of today would take away."""
