"""Runs for people: one HTML file that fetches nothing, the same as Markdown, and tables of docs/evals.md."""

from evals.report.writing import breakdowns, figures_table, write_report, write_reports

__all__ = ["breakdowns", "figures_table", "write_report", "write_reports"]
