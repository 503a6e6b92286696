"""Figures with intervals, from rows of gold and what the product made of them."""
