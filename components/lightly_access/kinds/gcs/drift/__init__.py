"""What differs in Google Cloud from what we deployed: a service account with its keys, bindings, roles, the bucket."""
