"""The toolkit's content model, its checks, its navigation and its upkeep.

Imports neither Sphinx nor docutils nor MyST, so that the command answers at once;
a lint rule and a test keep it so.  Modules import only from lower floors, and from
those that stand before them on their own:

====  ==================================================================
0     codes, diagnostics
1     dates, yaml_source, body, frontmatter, project, schemas
2     schema_store, model
3     validation, files, git, text_edits
4     catalogue, loading
5     navigation, freshness, redirects
6     views, record_views
7     page_checks, reference_checks, list_checks, date_checks
8     checks
9     differences, comparison, touched, reporting, reviewing, moving
====  ==================================================================
"""
