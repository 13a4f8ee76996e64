"""What differs in Azure from what we deployed: stored policies, who may read without one, roles on what is ours."""
