"""The toolkit's content model, its checks, its navigation and its upkeep.

Imports neither Sphinx nor docutils nor MyST, so that the command answers at once;
a lint rule and a test keep it so.  Packages import only from those above them:

0     codes, diagnostics
1     dates, markup, yaml_source, body, frontmatter, project, schemas
2     schema_store, model
3     validation, files, git, text_edits
4     catalogue, loading
5     navigation, freshness, redirects
6     views, record_views, track_views, updates
7     page_checks, reference_checks, list_checks, date_checks
8     checks
9     differences, comparison, touched, reporting, reviewing, moving,
      linked_data, export
====  ==================================================================
=======
=========  ==================================================================
(here)     codes, diagnostics, dates, printable, project
text       texts and places in them: YAML, front matter, Markdown, edits
schema     what schemas say, what is wrong by them, what would mend it
content    the catalogue, navigation, deadlines, old addresses, views
rules      every check of the whole toolkit
reports    findings for people and for programs
changes    differences, reviews, moves, mends
writing    new pages and records; what may stand where somebody types
=========  ==================================================================
"""
