"""Fidelity: the local engine judged by what Pulumi's own engine did in the same scenarios."""
