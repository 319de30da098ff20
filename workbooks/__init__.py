"""Spreadsheets in and out: declared columns, hostile files, errors painted into the sheet, nothing ever a formula.

Knows no model and no word of the domain; the apps declare their kinds of workbooks in their `workbooks.py`.
"""
