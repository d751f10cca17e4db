"""The web edge: the pages every door shares, and the local app that serves them.

`pages` and `mark` need Jinja alone, so that `takeback site` loads no Django; only the app's own modules do.
"""
