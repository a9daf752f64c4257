"""Texts and what stands at which place of them: YAML, front matter, Markdown, edits.

Knows nothing of schemas or of what a page is for.
"""
