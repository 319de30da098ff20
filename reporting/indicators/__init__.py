"""The indicators of the closing report: one registry that page, command and document read.

`base` says what an indicator is, `rows` holds the records behind the figures, `registry` lists them all.
"""
