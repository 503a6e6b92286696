"""Approach that is compared with the adapter: a cross-encoder on the small encoder."""
