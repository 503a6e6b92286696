"""Measures the product's own retrieval, refusal and grading on sets of cases."""
