"""The toolkit's content model, its checks and its navigation.

Imports neither Sphinx nor docutils nor MyST, so that the command answers at once;
a lint rule and a test keep it so.  Modules import only from lower floors:

====  =================================================
0     diagnostics
1     yaml_source, frontmatter, project, schemas, model
2     validation, files
3     catalogue
4     navigation
5     views
6     page_checks, reference_checks, list_checks
7     checks
8     reporting
====  =================================================
"""
